"""The fonts of documents, from wheels, and which characters they hold.

The packages are located, never imported (one of them would import matplotlib).
"""

import re
import struct
from bisect import bisect_right
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from common.cells import MISSING

FAMILY = "NanumGothic"
#: Holds every Han character; for texts in Chinese it leads, so that one sentence is not set in two designs.
HAN_FAMILY = "Noto Sans CJK JP"

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
#: Joiners, variation selectors, soft hyphens: they shape their neighbours and print nothing themselves.
_SHAPING = re.compile(
    r"[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)


def folders() -> list[Path]:
    """The folders of both font packages."""
    return [_package("koreanize_matplotlib") / "fonts", _package("noto_cjk_sans_jp_regular")]


def is_chinese(text: str) -> bool:
    """Han characters and no Hangul: set in the font that holds them all."""
    return bool(_HAN.search(text)) and not _HANGUL.search(text)


def printable(text: str) -> str:
    """The text with what cannot be printed replaced by a visible mark, never silently missing."""
    starts, ends = _coverage()

    def known(character: str) -> bool:
        place = bisect_right(starts, ord(character)) - 1
        return character in "\n\t" or (place >= 0 and ord(character) <= ends[place])

    return "".join(c if known(c) else MISSING for c in _SHAPING.sub("", text))


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"The package {name} with the fonts of documents is not installed.")
    return Path(spec.origin).parent


@cache
def _coverage() -> tuple[list[int], list[int]]:
    """Ranges of characters that the regular weights hold between them: their first and last code points."""
    files = [folders()[0] / "NanumGothic.ttf", *folders()[1].glob("*.otf")]
    ranges = sorted(span for file in files for span in _character_map(file.read_bytes()))
    starts: list[int] = []
    ends: list[int] = []
    for first, last in ranges:
        if ends and first <= ends[-1] + 1:
            ends[-1] = max(ends[-1], last)
        else:
            starts.append(first)
            ends.append(last)
    return starts, ends


def _character_map(font: bytes) -> list[tuple[int, int]]:
    """Ranges of code points in the best `cmap` subtable (OpenType specification, formats 4 and 12)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4sIII", font, 12 + 16 * i) for i in range(tables))
    base = next(offset for tag, _sum, offset, _length in entries if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, base + 2)
    offsets = [base + struct.unpack_from(">HHI", font, base + 4 + 8 * i)[2] for i in range(count)]
    by_format = {struct.unpack_from(">H", font, offset)[0]: offset for offset in offsets}
    if 12 in by_format:
        return _groups(font, by_format[12])
    return _segments(font, by_format[4])


def _groups(font: bytes, offset: int) -> list[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", font, offset + 12)
    return [struct.unpack_from(">II", font, offset + 16 + 12 * i) for i in range(count)]


def _segments(font: bytes, offset: int) -> list[tuple[int, int]]:
    (double,) = struct.unpack_from(">H", font, offset + 6)
    ends = struct.unpack_from(f">{double // 2}H", font, offset + 14)
    starts = struct.unpack_from(f">{double // 2}H", font, offset + 16 + double)
    deltas = struct.unpack_from(f">{double // 2}H", font, offset + 16 + 2 * double)
    at = offset + 16 + 3 * double
    jumps = struct.unpack_from(f">{double // 2}H", font, at)
    found = []
    for i, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            if jumps[i]:
                (glyph,) = struct.unpack_from(">H", font, at + 2 * i + jumps[i] + 2 * (code - first))
            else:
                glyph = (code + deltas[i]) & 0xFFFF
            if glyph:
                found.append((code, code))
    return found
