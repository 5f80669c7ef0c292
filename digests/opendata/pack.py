"""The two files of an edition that hold all others: the ZIP of open data and the manifest.

Same content, votes, groups and secret: same bytes. Workers only: this brings numpy.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis.groups import Groups
from digests.ballots import Ballots
from digests.content import canonical
from digests.documents import csv
from digests.opendata import archive, manifest, rows, tables

_HERE = Path(__file__).parent
#: Files that travel with every edition as they are.
_ALWAYS = ("README.md", "verify.py", "digest.schema.json")


class Packed(NamedTuple):
    """A file of the edition: the format's key, its name, media type and bytes."""

    key: str
    name: str
    media_type: str
    data: bytes


def pack(
    *,
    content: dict[str, Any],
    ballots: Ballots,
    found: Groups | None,
    secret: bytes,
    documents: Mapping[str, bytes],
    before: dict[str, Any] | None,
) -> list[Packed]:
    """The manifest and the ZIP.

    `found`: groups and map of the ballots' people; `documents`: the other files of the edition by name; `before`:
    facts of the edition before. The manifest is the last file of the ZIP, so that publishing can write it anew.
    """
    names = rows.pseudonyms(len(ballots.people), secret)
    inside = {
        "digest.json": canonical(content),
        "opinions.csv": csv.render(content, None),
        **rows.render(ballots, found, names),
        **dict(tables.render(content)),
        **{name: (_HERE / name).read_bytes() for name in _ALWAYS},
    }
    listed = manifest.render(manifest.build(content, {**documents, **inside}, before))
    packed = archive.write({**inside, manifest.NAME: listed})
    stem = f"{content['consultation']['slug']}-digest-{content['edition']['number']}"
    return [
        Packed("manifest", manifest.NAME, "application/json", listed),
        Packed("zip", f"{stem}.zip", archive.MEDIA_TYPE, packed),
    ]
