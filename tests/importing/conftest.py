"""Folders with exports: the real ones beside the checkout, and small hand-written ones."""

import csv
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "polis"
NAMES = ("affordable-housing", "brexit-consensus", "canadian-electoral-reform", "uberx")

COMMENTS = """\
timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1700000000000,,0,0,2,1,1,Pay people for what they do
1700000001000,,1,1,1,0,1,"In two
lines, with a comma"
1700000002000,,2,1,1,0,0,Nobody has looked at this yet
1700000003000,,4,2,0,1,-1,Buy my book
"""
VOTES = """\
timestamp,datetime,comment-id,voter-id,vote
1700000005000,,0,1,-1
1700000004000,,0,1,1
1700000006000,,0,2,1
1700000006000,,1,2,0
1700000006000,,1,2,1
1700000007000,,2,0,1
1700000008000,,4,0,-1
"""
SUMMARY = 'topic,What should change?\nurl,https://pol.is/abc\nconversation-description,"Two\nlines"\n'

Write = Callable[..., Path]


def real_folder(name: str) -> Path:
    """The folder of a real consultation; the test is skipped, and says so, where it is not there."""
    folder = REAL / name
    if not folder.is_dir():
        warnings.warn(f"NOT TESTED ON REAL INPUT: {folder} is missing", UserWarning, stacklevel=1)
        pytest.skip(f"real consultation {name} is not beside the checkout ({REAL})")
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a small export; a file's text may be given, None leaves the file out."""

    def make(
        comments: str | bytes | None = COMMENTS, votes: str | bytes | None = VOTES, summary: str | None = SUMMARY
    ) -> Path:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        for name, text in (("comments.csv", comments), ("votes.csv", votes), ("summary.csv", summary)):
            if text is not None:
                (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return folder

    return make


def recount(folder: Path) -> dict[int, tuple[int, int, int]]:
    """Agree, pass and disagree of each comment, counted the plain way: the reference of the tests."""
    with (folder / "votes.csv").open(newline="", encoding="utf-8") as file:
        rows = list(enumerate(csv.DictReader(file)))
    last: dict[tuple[int, str], int] = {}
    for _line, row in sorted(rows, key=lambda pair: (int(pair[1]["timestamp"]), pair[0])):
        last[int(row["comment-id"]), row["voter-id"]] = int(row["vote"])
    with (folder / "comments.csv").open(newline="", encoding="utf-8") as file:
        comments = list(csv.DictReader(file))
    found = {}
    for comment in comments:
        key = int(comment["comment-id"])
        values = [value for (about, _voter), value in last.items() if about == key]
        found[key] = (values.count(1), values.count(0), values.count(-1))
    return found
