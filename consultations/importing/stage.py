"""Votes on their way: from the file by COPY into a temporary table, where the last vote of each voter is found."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from consultations.importing import read, signs
from consultations.importing.rows import Progress

#: Rows are handed to COPY in pieces of about this many characters.
_PIECE = 200_000

_TABLES = """
DROP TABLE IF EXISTS staged_vote, staged_voter;
CREATE TEMPORARY TABLE staged_vote (comment bigint, voter integer, value smallint, at bigint, line integer) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_voter (voter integer, external_id text) ON COMMIT DROP;
"""

#: The last vote of each voter on each comment: by timestamp, then by line of the file.
_LAST = """
CREATE TEMPORARY TABLE staged_last ON COMMIT DROP AS
SELECT DISTINCT ON (comment, voter) comment, voter, value, at
FROM staged_vote ORDER BY comment, voter, at DESC, line DESC;
DROP TABLE staged_vote;
ANALYZE staged_last, staged_voter;
"""


@contextmanager
def bulk_settings() -> Iterator[None]:
    """Settings of an import, for the rest of the transaction at most: no time-out, memory to sort, no vote log.

    Imported votes stay out of the vote log: the files are their history.
    """
    wanted = {
        "summit.bulk_import": "on",
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
        "work_mem": "128MB",
    }
    with connection.cursor() as cursor:
        before = {}
        for name, value in wanted.items():
            cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [name])
            before[name] = cursor.fetchone()[0]
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    yield
    # Not reached after an error: then the transaction is over, and these settings with it.
    with connection.cursor() as cursor:
        for name, value in before.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


class Staged:
    """What the staged votes come to."""

    def __init__(self, rows: int, first_at: int, last_at: int, counted: signs.Counted) -> None:
        self.rows = rows
        self.first_at = first_at
        self.last_at = last_at
        self.counted = counted


def stage(export: read.Export, progress: Progress | None = None) -> Staged:
    """Read votes.csv into `staged_last` and `staged_voter`, and hold the votes against the comments' columns.

    Call inside a transaction. Raises `BrokenInput` with file and line.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged_last")
        cursor.execute(_TABLES)
    voters: dict[str, int] = {}
    staged = _copy_votes(export, voters, progress)
    signs.check(export.votes_path, export.comments.values(), staged.counted)
    for comment in export.comments.values():
        voters.setdefault(comment.author, len(voters))
    with connection.cursor() as cursor:
        with cursor.copy("COPY staged_voter (voter, external_id) FROM STDIN") as copy:
            copy.write("".join(f"{number}\t{name}\n" for name, number in voters.items()))
        cursor.execute(_LAST)
    return staged


def _copy_votes(export: read.Export, voters: dict[str, int], progress: Progress | None) -> Staged:
    seen: Counter[tuple[int, int]] = Counter()
    stamps = [comment.at for comment in export.comments.values()]
    first, last, rows = min(stamps), max(stamps), 0
    piece: list[str] = []
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY staged_vote (comment, voter, value, at, line) FROM STDIN") as copy,
    ):
        for line, at, comment, voter, value in read.votes(export, progress):
            seen[comment, value] += 1
            rows += 1
            if not first <= at <= last:
                first, last = min(first, at), max(last, at)
            piece.append(f"{comment}\t{voters.setdefault(voter, len(voters))}\t{value}\t{at}\t{line}\n")
            if len(piece) * 30 > _PIECE:
                copy.write("".join(piece))
                piece.clear()
        copy.write("".join(piece))
    counted = {comment: (seen[comment, 1], seen[comment, -1]) for comment in export.comments}
    return Staged(rows, first, last, counted)


def size_of(folder: Path) -> int:
    """How many bytes `stage` will read; for a progress bar."""
    path = folder / "votes.csv"
    return path.stat().st_size if path.exists() else 0
