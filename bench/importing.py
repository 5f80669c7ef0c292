"""The import of a whole consultation, beside a bare COPY of its votes into a table without keys.

The limit stores the same columns of the same rows on the same server and checks nothing: no index, no foreign
key, no last vote, no tally.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.database import own_database, sql
from bench.registry import Figure, benchmark
from consultations.importing.generate import Size, generate

#: The size of the largest real set, and a million votes.
SIZES = {"uberx": Size(1_921, 197, 49_997, 2), "million": Size(20_000, 1_000, 1_000_000, 3)}

# A process of its own, so that its peak memory is the import's alone.
_IMPORT = """
import sys, time
import django
django.setup()
from pathlib import Path
from django.db import connection
from consultations.importing import load
from bench.memory import peak
connection.settings_dict["NAME"] = sys.argv[2]
connection.ensure_connection()
began = time.perf_counter()
outcome = load.import_consultation(folder=Path(sys.argv[1]))
print(time.perf_counter() - began, peak())
"""


@benchmark("importing")
def importing() -> Iterator[Figure]:
    """Import generated consultations; then the same again, which must change nothing."""
    with own_database(), tempfile.TemporaryDirectory() as scratch:
        for name, size in SIZES.items():
            folder = Path(scratch) / name
            generate(folder=folder, size=size, seed=1)
            limit = _bare_copy(folder)
            for what in ("import", "again"):
                seconds, memory = _import(folder)
                yield Figure(f"{what} {name}, {size.votes:,} votes", seconds, "COPY, bare table", limit, memory)


def _import(folder: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one import in a process of its own."""
    connection.close()
    name = str(settings.DATABASES["default"]["NAME"])
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, str(folder), name], check=True, capture_output=True, text=True
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def _bare_copy(folder: Path) -> float:
    """Seconds of copying votes.csv as it stands."""
    sql("DROP TABLE IF EXISTS bare")
    sql("CREATE TABLE bare (at bigint, datetime text, comment integer, voter integer, value smallint)")
    began = time.perf_counter()
    with (
        (folder / "votes.csv").open("rb") as file,
        connection.cursor() as cursor,
        cursor.copy("COPY bare FROM STDIN WITH (FORMAT csv, HEADER)") as copy,
    ):
        while piece := file.read(1 << 20):
            copy.write(piece)
    seconds = time.perf_counter() - began
    sql("DROP TABLE bare")
    return seconds
