"""Where an opinion is used; upper floors say so when they start."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from consultations.models import Opinion


class Use(NamedTuple):
    """A place that uses an opinion, for example a digest, and its address."""

    title: str
    address: str


Finder = Callable[[Opinion], Iterable[Use]]
_FINDERS: list[Finder] = []


def register(finder: Finder) -> None:
    """Let a room above say where an opinion is used; call it in `AppConfig.ready`. Once a function."""
    if finder not in _FINDERS:
        _FINDERS.append(finder)


def of(opinion: Opinion) -> list[Use]:
    """Every place that uses an opinion, by the rooms in the order of registering. Published opinions only."""
    if opinion.state != "published":
        return []
    return [use for finder in _FINDERS for use in finder(opinion)]
