"""A text in one plain form for rules to read, and the way back to the places of the original.

Nothing here changes what is stored or shown.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

_DASHES = "‐‑‒–—―⁃−─━ー﹘﹣－ｰ⸺⸻᠆֊"
_DOTS = "．。｡·‧・･․"
#: What people put over digits that they hide.
_MASKS = "＊●○•◦■□◆◇×✕✖∗⁎Ｘ"
_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


def _one_to_one() -> dict[int, str]:
    """Each character to one character, so that no place moves: digits of every script, full width, lower case."""
    table = {code: str(digit) for code in _BASIC_PLANE if (digit := unicodedata.decimal(chr(code), None)) is not None}
    table |= {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}  # the block of full-width ASCII
    table |= {0x1D7CE + i: str(i % 10) for i in range(50)}  # digits in bold, double-struck, … of mathematics
    table |= {0x2460 + i: str(i + 1) for i in range(9)} | {0x24EA: "0"}  # digits in circles
    table |= {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
    for signs, plain in ((_DASHES, "-"), (_DOTS, "."), (_MASKS, "*"), (_SPACES, " "), ("﹫", "@"), ("〜∼", "~")):
        table |= {ord(sign): plain for sign in signs}
    return table


_BASIC_PLANE = range(0x80, 0x10000)
_TABLE = _one_to_one()
#: Marks of direction, joiners, fillers of Hangul, variants: nobody sees them.
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
_SYLLABLE = "[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
_CHARACTERS = re.compile(f"{_SYLLABLE}|[ -~]")
#: Where places move: what is not seen goes; letters of Hangul that were taken apart become syllables. Some syllables
#: with what stands between them are one piece, so that pieces are few, and short enough to walk through.
_MOVES = re.compile(f"[{_INVISIBLE}]+|{_SYLLABLE}(?:{_SYLLABLE}|[ -~]){{0,40}}")


class Moved(NamedTuple):
    """A piece of the original that became shorter: `plain:plain_end` of the plain text was `start:end`."""

    plain: int
    plain_end: int
    start: int
    end: int


@dataclass(frozen=True)
class Folded:
    """The plain text. `origin` gives the places of a part of it, counted in characters of the original."""

    text: str
    _same_places: str  # the original, each character folded but none moved
    _moved: list[Moved]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Start and length in the original of the plain text's `start:end`, which must not be empty."""
        begin = self._place(start)[0]
        return begin, self._place(end - 1)[1] - begin

    def _place(self, at: int) -> tuple[int, int]:
        """Where the original of one character begins and ends."""
        before = bisect_right(self._moved, at, key=attrgetter("plain")) - 1
        if before < 0:
            return at, at + 1
        moved = self._moved[before]
        if at < moved.plain_end:
            within = _CHARACTERS.finditer(self._same_places, moved.start, moved.end)
            return next(islice(within, at - moved.plain, None)).span()
        place = moved.end + at - moved.plain_end
        return place, place + 1


def fold(text: str) -> Folded:
    """Lower-case ASCII, digits 0–9, one dash, one dot, one space, whole syllables, nothing invisible. Line ends stay."""
    same_places = text.translate(_TABLE)
    moved: list[Moved] = []
    lost = 0

    def shorten(move: re.Match[str]) -> str:
        nonlocal lost
        start, end = move.span()
        short = unicodedata.normalize("NFC", move[0]) if "\u1100" <= move[0][0] <= "\u1112" else ""
        moved.append(Moved(start - lost, start - lost + len(short), start, end))
        lost += end - start - len(short)
        return short

    return Folded(_MOVES.sub(shorten, same_places), same_places, moved)
