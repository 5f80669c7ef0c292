"""The states of an opinion and who may move it where: one table that code, tests and documentation read."""

from typing import NamedTuple

from consultations.models.opinions import State


class Move(NamedTuple):
    """One verb: from which states it starts, where it leads, whether it needs a reason, what letter calls it."""

    verb: str
    sources: frozenset[State]
    target: State
    needs_reason: bool = False


MOVES = {
    move.verb: move
    for move in (
        Move("submit", frozenset({State.DRAFT, State.CHANGES_REQUESTED}), State.SUBMITTED),
        Move("publish", frozenset({State.SUBMITTED}), State.PUBLISHED),
        Move("reject", frozenset({State.SUBMITTED}), State.REJECTED, needs_reason=True),
    )
}


def allowed(verb: str, state: str) -> bool:
    """Whether a verb may start from a state."""
    return state in MOVES[verb].sources
