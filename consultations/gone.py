"""Text that may be shown no longer: upper floors say what they keep of it, and let go of it in the same transaction."""

from collections.abc import Callable

from consultations.models import Opinion

Keeper = Callable[[Opinion], object]
_KEEPERS: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """Let a room above forget its copies; called when its app starts. Once a function."""
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)


def tell(opinion: Opinion) -> None:
    """Have everybody forget what they keep of an opinion's or its arguments' text and have not published."""
    for keeper in _KEEPERS:
        keeper(opinion)
