"""Two texts of an opinion, side by side: which words went and which came."""

import difflib
import re
from dataclasses import dataclass

from consultations.models import OpinionVersion

#: Longer texts are compared line by line, so that a page never computes for seconds.
_WORDS_AT_MOST = 3_000
_WORD = re.compile(r"\s+|\w+|[^\w\s]")

FIELDS = ("proposal", "problem", "reason", "addressee", "evidence", "interests")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: `same`, `gone` or `new`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Changed:
    """One field that differs, with the pieces of each side."""

    label: str
    before: list[Piece]
    after: list[Piece]


def compare(before: OpinionVersion, after: OpinionVersion) -> list[Changed]:
    """The fields in which two versions differ, in the order of the form."""
    found = []
    for name in FIELDS:
        left, right = _text(before, name), _text(after, name)
        if left != right:
            label = str(OpinionVersion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append(Changed(label, *pieces(left, right)))
    return found


def pieces(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut where they differ; joined again, the pieces of each side are that side's text."""
    a, b = _WORD.findall(left), _WORD.findall(right)
    if len(a) + len(b) > _WORDS_AT_MOST:
        a, b = left.splitlines(keepends=True), right.splitlines(keepends=True)
    before, after = [], []
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if a2 > a1:
            before.append(Piece("same" if kind == "equal" else "gone", "".join(a[a1:a2])))
        if b2 > b1:
            after.append(Piece("same" if kind == "equal" else "new", "".join(b[b1:b2])))
    return before, after


def _text(version: OpinionVersion, name: str) -> str:
    value = getattr(version, name)
    return "\n".join(value) if isinstance(value, list) else str(value)
