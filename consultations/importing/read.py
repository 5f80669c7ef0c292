"""What an exported consultation holds: comments.csv, votes.csv and summary.csv, checked while they are read.

`datetime` columns are not read (they are in the zone of whoever exported), nor is participants-votes.csv:
groups are computed here.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, NoReturn

from django.utils.translation import gettext as _

from common.text import clean, clean_line, guess_language
from consultations.importing.rows import Progress, broken, columns, read
from consultations.models.opinions import IMPORTED_PROPOSAL_LENGTH, State

#: The `moderated` column.
STATES = {"1": State.PUBLISHED, "0": State.SUBMITTED, "-1": State.REJECTED}
VOTES = {"1": 1, "0": 0, "-1": -1}
#: Ids go into COPY as they stand, so nothing that would need an escape.
_ID = re.compile(r"[0-9A-Za-z_.:@-]{1,60}")
#: 2000-01-01 in milliseconds; what lies before is in seconds, or no time at all.
_EARLIEST = 946_684_800_000
#: The largest comment id: a number of an opinion is one more, in an `integer`.
_LARGEST = 2_147_483_646


@dataclass(slots=True)
class Comment:
    """One row of comments.csv. `agrees` and `disagrees` count revotes too."""

    line: int
    id: int
    at: int
    author: str
    state: State
    text: str
    agrees: int
    disagrees: int

    @property
    def number(self) -> int:
        return self.id + 1


class VoteRow(NamedTuple):
    """One row of votes.csv; `at` in milliseconds. A later row of the same voter replaces an earlier one."""

    line: int
    at: int
    comment: int
    voter: str
    value: int


@dataclass
class Export:
    """A folder with an exported consultation: comments and summary in memory, votes row by row."""

    folder: Path
    comments: dict[int, Comment]
    summary: dict[str, str] = field(default_factory=dict)

    @property
    def votes_path(self) -> Path:
        return self.folder / "votes.csv"


def open_export(folder: Path) -> Export:
    """Read comments and summary. Raises `BrokenInput` with file and line."""
    if not folder.is_dir():
        broken(folder, 0, _("there is no such folder"))
    return Export(folder, _comments(folder / "comments.csv"), _summary(folder / "summary.csv"))


def votes(export: Export, progress: Progress | None = None) -> Iterator[VoteRow]:
    """Every row of votes.csv in the order of the file. Raises `BrokenInput` with file and line."""
    path = export.votes_path
    rows = read(path, progress)
    _start, header = next(rows, (1, []))
    at, comment, voter, vote = columns(path, header, "timestamp", "comment-id", "voter-id", "vote")
    width, latest = len(header), _now()
    # Few comments and voters, many votes: each id is checked once.
    comments = {str(number): number for number in export.comments}
    voters: set[str] = set()
    for line, row in rows:
        try:
            stamp = int(row[at])
            found = VoteRow(line, stamp, comments[row[comment]], row[voter], VOTES[row[vote]])
        except (KeyError, IndexError, ValueError):
            _explain(path, line, row, width, comments, (at, comment, vote))
        if len(row) != width:
            broken(path, line, _("%(found)s columns, expected %(width)s") % {"found": len(row), "width": width})
        if not _EARLIEST <= stamp <= latest or len(row[at]) > 13:  # int() takes more than digits
            _stamp(path, line, row[at], latest)
        if found.voter not in voters:
            voters.add(_identifier(path, line, "voter-id", found.voter))
        yield found


def _explain(
    path: Path, line: int, row: list[str], width: int, comments: dict[str, int], places: tuple[int, int, int]
) -> NoReturn:
    """Say what is wrong with a row of votes.csv that could not be read."""
    if len(row) != width:
        broken(path, line, _("%(found)s columns, expected %(width)s") % {"found": len(row), "width": width})
    at, comment, vote = (row[place] for place in places)
    _stamp(path, line, at, _now())
    if comment not in comments:
        broken(path, line, _("comment-id “%(value)s” is not in comments.csv") % {"value": comment})
    broken(path, line, _("vote “%(value)s” is not 1, 0 or -1") % {"value": vote})


def _comments(path: Path) -> dict[int, Comment]:
    rows = read(path)
    _start, header = next(rows, (1, []))
    names = ("timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")
    places = columns(path, header, *names)
    latest = _now()
    found: dict[int, Comment] = {}
    for line, row in rows:
        if len(row) != len(header):
            broken(path, line, _("%(found)s columns, expected %(width)s") % {"found": len(row), "width": len(header)})
        comment = _comment(path, line, dict(zip(names, (row[place] for place in places), strict=True)), latest)
        if comment.id in found:
            first = found[comment.id].line
            broken(path, line, _("comment-id %(id)s was given on line %(first)s") % {"id": comment.id, "first": first})
        found[comment.id] = comment
    if not found:
        broken(path, 0, _("there is no comment"))
    return found


def _comment(path: Path, line: int, row: dict[str, str], latest: int) -> Comment:
    if row["moderated"] not in STATES:
        broken(path, line, _("moderated “%(value)s” is not 1, 0 or -1") % {"value": row["moderated"]})
    text = clean_line(row["comment-body"])
    if not text:
        broken(path, line, _("the comment has no text"))
    if len(text) > IMPORTED_PROPOSAL_LENGTH:
        broken(path, line, _("the comment is longer than %(most)s characters") % {"most": IMPORTED_PROPOSAL_LENGTH})
    return Comment(
        line=line,
        id=_count(path, line, "comment-id", row["comment-id"]),
        at=_stamp(path, line, row["timestamp"], latest),
        author=_identifier(path, line, "author-id", row["author-id"]),
        state=STATES[row["moderated"]],
        text=text,
        agrees=_count(path, line, "agrees", row["agrees"]),
        disagrees=_count(path, line, "disagrees", row["disagrees"]),
    )


def _summary(path: Path) -> dict[str, str]:
    """Keys and values; an export without summary.csv has none."""
    if not path.exists():
        return {}
    found = {}
    for line, row in read(path):
        if len(row) != 2:
            broken(path, line, _("%(found)s columns, expected %(width)s") % {"found": len(row), "width": 2})
        found[row[0].strip()] = clean(row[1])
    return found


def _now() -> int:
    return int(time.time() * 1000)


def _stamp(path: Path, line: int, text: str, latest: int) -> int:
    stamp = int(text) if re.fullmatch(r"[0-9]{1,15}", text) else 0
    if stamp < _EARLIEST:
        broken(path, line, _("timestamp “%(value)s” is not a time in milliseconds since 1970") % {"value": text})
    if stamp > latest:
        broken(path, line, _("timestamp “%(value)s” lies in the future") % {"value": text})
    return stamp


def _count(path: Path, line: int, name: str, text: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,9}", text) or int(text) > _LARGEST:
        broken(path, line, _("%(name)s “%(value)s” is not a whole number from 0") % {"name": name, "value": text})
    return int(text)


def _identifier(path: Path, line: int, name: str, text: str) -> str:
    if not _ID.fullmatch(text):
        broken(path, line, _("%(name)s “%(value)s” is not an id") % {"name": name, "value": text[:80]})
    return text


def language_of(text: str) -> str:
    """`ko` or `en` as everywhere, and by script also `zh` and `ja`, which only imported texts are written in."""
    guessed = guess_language(text)
    if guessed == "ko":
        return guessed
    letters = [c for c in text if c.isalpha()]
    han = sum("\u3400" <= c <= "\u9fff" or "\U00020000" <= c <= "\U0003ffff" for c in letters)
    kana = sum("\u3040" <= c <= "\u30ff" for c in letters)
    if (han + kana) * 5 < max(len(letters), 1):
        return guessed
    return "ja" if kana * 10 >= len(letters) else "zh"
