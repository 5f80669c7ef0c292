"""The states of an opinion and who may move it where: one table that code, tests and documentation read."""

from typing import NamedTuple

from consultations.models.opinions import State


class Move(NamedTuple):
    """One verb: from which states it starts and where it leads; what it needs.

    `case` is the kind of case that a moderator decides on with it; a verb without one is the author's or the clock's.
    """

    verb: str
    sources: frozenset[State]
    target: State
    case: str = ""
    needs_reason: bool = False
    needs_note: bool = False


_WITHDRAWABLE = frozenset({State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED, State.PUBLISHED})

MOVES = {
    move.verb: move
    for move in (
        Move("submit", frozenset({State.DRAFT, State.CHANGES_REQUESTED}), State.SUBMITTED),
        Move("publish", frozenset({State.SUBMITTED}), State.PUBLISHED, case="new"),
        Move("request_changes", frozenset({State.SUBMITTED}), State.CHANGES_REQUESTED, case="new", needs_note=True),
        Move("return", frozenset({State.CHANGES_REQUESTED}), State.SUBMITTED),
        Move("reject", frozenset({State.SUBMITTED}), State.REJECTED, case="new", needs_reason=True),
        Move("propose_version", frozenset({State.PUBLISHED}), State.PUBLISHED),
        Move("approve_version", frozenset({State.PUBLISHED}), State.PUBLISHED, case="version"),
        Move("reject_version", frozenset({State.PUBLISHED}), State.PUBLISHED, case="version", needs_reason=True),
        Move("lapse_version", frozenset({State.PUBLISHED}), State.PUBLISHED),
        Move("withdraw", _WITHDRAWABLE, State.WITHDRAWN),
    )
}


def allowed(verb: str, state: str) -> bool:
    """Whether a verb may start from a state."""
    return state in MOVES[verb].sources
