"""A text in one plain form for rules to read, and the way back to the places of the original.

Nothing here changes what is stored or shown.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

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
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
_LEADS, _VOWELS, _TAILS = "\u1100-\u1112", "\u1161-\u1175", "\u11a8-\u11c2"
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")
_LETTERS = re.compile(f"[{_LEADS}{_VOWELS}{_TAILS}]{{2,}}")
#: Where places move: what is not seen goes; letters of Hangul that were taken apart become a syllable.
_MOVES = re.compile(f"[{_INVISIBLE}]+|[{_LEADS}][{_VOWELS}][{_TAILS}]?")


@dataclass(frozen=True)
class Folded:
    """The plain text. `origin` gives the places of a part of it, counted in characters of the original."""

    text: str
    _same_places: str  # the original, each character folded but none moved

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Start and length in the original of the plain text's `start:end`, which must not be empty."""
        if len(self.text) == len(self._same_places):
            return start, end - start
        last = end - 1
        begin = self._place(start)
        return begin, self._place(last) + self._moved[2].get(last, 1) - begin

    def _place(self, at: int) -> int:
        begins, shifts, _widths = self._moved
        return at + shifts[bisect_right(begins, at) - 1]

    @cached_property
    def _moved(self) -> tuple[list[int], list[int], dict[int, int]]:
        """Places of the plain text, from each of which a shift holds; and how wide those are that stand for several."""
        begins, shifts, widths = [0], [0], {}
        length = done = 0
        for move in _MOVES.finditer(self._same_places):
            start, end = move.span()
            length += start - done
            if not _UNSEEN.match(move[0]):
                widths[length] = end - start
                length += 1
            begins.append(length)
            shifts.append(end - length)
            done = end
        return begins, shifts, widths


def fold(text: str) -> Folded:
    """Lower-case ASCII, digits 0–9, one dash, one dot, one space, whole syllables, nothing invisible. Line ends stay."""
    same_places = text.translate(_TABLE)
    whole = _LETTERS.sub(lambda letters: unicodedata.normalize("NFC", letters[0]), same_places)
    return Folded(_UNSEEN.sub("", whole), same_places)
