"""Whether 1 means "agree" in this export: some exports write it the other way round.

The comments' own columns count agreeing and disagreeing votes, so the votes can be held against them. A
flipped import would publish the opposite of what people said, so whatever is not clear is refused.
"""

from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from consultations.importing.read import Comment
from consultations.importing.rows import broken

#: Columns and rows may differ a little (a vote that came between two files being written).
TOLERANCE = 0.1

#: Of one comment id: rows with 1 and rows with -1, revotes included.
Counted = dict[int, tuple[int, int]]


def check(path: Path, comments: Iterable[Comment], counted: Counted) -> None:
    """Raise `BrokenInput` when the votes are flipped, when that cannot be told, or when rows are missing."""
    straight = flipped = stated = 0
    for comment in comments:
        plus, minus = counted.get(comment.id, (0, 0))
        straight += abs(comment.agrees - plus) + abs(comment.disagrees - minus)
        flipped += abs(comment.agrees - minus) + abs(comment.disagrees - plus)
        stated += comment.agrees + comment.disagrees
    if straight == 0 and stated == 0:
        return  # nobody agreed or disagreed with anything
    if flipped < straight and flipped <= TOLERANCE * stated:
        broken(path, 0, _("1 means “disagree” here: the votes are the reverse of the columns agrees and disagrees"))
    if straight > TOLERANCE * stated:
        broken(path, 0, _("the votes do not add up to the columns agrees and disagrees of comments.csv"))
    if straight * 2 >= flipped:
        broken(path, 0, _("it cannot be told whether 1 means “agree”: agrees and disagrees are too alike"))
