"""Whatever is changed in an edition's files is found: by the hashes, and where those are forged too, by recounting."""

import csv
import hashlib
import io
import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from common.cells import harmless
from config.sample.load import load as load_sample
from consultations.importing.load import import_consultation
from consultations.models import Consultation
from digests.opendata import verify
from tests.digests import worlds
from tests.digests.worlds import Made, World
from tests.importing.conftest import NAMES, real_folder

pytestmark = pytest.mark.django_db(transaction=True)
#: Byte changes tried on each consultation, beside the changes of figures with forged hashes.
BYTES = 20


def verdict(folder: Path, seal: str | None = None) -> list[tuple[str, str]]:
    report, _data = verify.check(folder, seal)
    return report.errors


def forge(folder: Path) -> None:
    """Write a manifest that fits whatever lies in the folder now, as a forger would."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    digest = (folder / "digest.json").read_bytes()
    for entry in manifest["files"]:
        path = folder / entry["name"]
        if path.exists():
            data = path.read_bytes()
            entry |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    for entry in manifest["files"]:  # the documents beside the ZIP are forged as well
        inside = {"json": "digest.json", "csv": "opinions.csv"}.get(entry["name"].rsplit(".", 1)[-1])
        if "-digest-" in entry["name"] and inside:
            entry["sha256"] = hashlib.sha256((folder / inside).read_bytes()).hexdigest()
    manifest["edition"]["content_sha256"] = hashlib.sha256(digest).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


class Copies:
    """Fresh copies of the unpacked ZIP, one after the other."""

    def __init__(self, made: Made, folder: Path) -> None:
        self.seal, self.folder, self.good = made.seal, folder / "changed", made.unpack(folder / "good")

    def fresh(self) -> Path:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.good, self.folder)
        return self.folder


def every_byte_counts(copies: Copies, seed: int) -> None:
    """One byte changed anywhere, with the manifest's own hash at hand."""
    draw = random.Random(seed)
    names = sorted(path.relative_to(copies.good).as_posix() for path in copies.good.rglob("*") if path.is_file())
    favourites = ["votes.csv", "digest.json", "manifest.json", "opinions.csv", "participants.csv"]
    for at in range(BYTES):
        folder = copies.fresh()
        name = favourites[at % 5] if at < 15 else draw.choice(names)
        data = bytearray((folder / name).read_bytes())
        place = draw.randrange(len(data))
        data[place] ^= 1 << draw.randrange(7)
        (folder / name).write_bytes(data)
        assert verdict(folder, copies.seal), f"byte {place} of {name}"


def in_digest(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        digest = json.loads((folder / "digest.json").read_bytes())
        change(digest)
        (folder / "digest.json").write_text(
            json.dumps(digest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        )
        _follow(folder, digest)

    return apply


def _follow(folder: Path, digest: dict[str, Any]) -> None:
    """The forger changes the tables along with the digest."""
    for name in verify.TABLES:
        columns, cells = verify.table(digest, name)
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows([columns, *cells])
        (folder / "tables" / f"{name}.csv").write_text(out.getvalue(), newline="")


def line(name: str, change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        lines = (folder / name).read_text().splitlines(keepends=True)
        (folder / name).write_text("".join([lines[0], *change(lines[1:])]), newline="")

    return apply


def voted(digest: dict[str, Any]) -> dict[str, Any]:
    """An opinion with votes."""
    return next(row for row in digest["opinions"] if row["votes"]["total"] > 10)


def add(path: str, by: Any) -> Callable[[dict[str, Any]], None]:
    """Add to a number: "headline.votes", "opinion.votes.agree"."""

    def change(digest: dict[str, Any]) -> None:
        *steps, last = path.split(".")
        node: Any = digest
        for step in steps:
            node = voted(digest) if step == "opinion" else node[int(step)] if step.lstrip("-").isdigit() else node[step]
        key: Any = int(last) if last.isdigit() else last
        node[key] = round(node[key] + by, 4)

    return change


def _swap(digest: dict[str, Any], name: str) -> None:
    digest[name][0], digest[name][1] = digest[name][1], digest[name][0]


def _flipped(rows: list[str]) -> list[str]:
    person, number, version, value = rows[3].strip().split(",")
    rows[3] = f"{person},{number},{version},{-1 if value != '-1' else 1}\n"
    return rows


def _moved(rows: list[str]) -> list[str]:
    cells = rows[2].rstrip("\n").split(",")
    cells[2] = str(round(float(cells[2] or 0) + 0.001, 3))
    cells[3] = cells[3] or "0.0"
    rows[2] = ",".join(cells) + "\n"
    return rows


#: Changes of figures and rows whose hashes are forged too: only recounting finds them.
ALWAYS: dict[str, Callable[[Path], None]] = {
    "an agreement more": in_digest(add("opinion.votes.agree", 1)),
    "a pass less": in_digest(add("opinion.votes.pass", -1)),
    "a disagreement more": in_digest(add("opinion.votes.disagree", 1)),
    "another total": in_digest(add("opinion.votes.total", 1)),
    "a share a little higher": in_digest(add("opinion.share", 0.0001)),
    "a lower bound a little higher": in_digest(add("opinion.low", 0.0001)),
    "an upper bound a little lower": in_digest(add("opinion.high", -0.0001)),
    "a little more divided": in_digest(add("opinion.divided", 0.0002)),
    "another rank": in_digest(add("opinion.rank", 1)),
    "more votes": in_digest(add("headline.votes", 1)),
    "more voters": in_digest(add("headline.voters", 1)),
    "more opinions": in_digest(add("headline.opinions", 1)),
    "more voters took part": in_digest(add("participation.voters", 1)),
    "another theme's votes": in_digest(add("themes.0.votes", 1)),
    "another order in the theme": in_digest(lambda d: d["themes"][-1]["numbers"].reverse()),
    "another order of agreement": in_digest(lambda d: _swap(d, "agreed")),
    "a new opinion less": in_digest(lambda d: d["new"].pop()),
    "a place on the map": in_digest(add("groups.map.0.x", 0.01)),
    "more people on the map": in_digest(add("groups.eligible", 1)),
    "a stability on the other side": in_digest(lambda d: d["groups"].update(stability=0.1 if d["groups"]["stable"] else 0.9)),
    "more opinions published": in_digest(add("moderation.published", 1)),
    "another edition": in_digest(add("edition.number", 1)),
    "a vote turned": line("votes.csv", _flipped),
    "a vote less": line("votes.csv", lambda rows: rows[1:]),
    "a vote twice": line("votes.csv", lambda rows: [rows[0], *rows]),
    "a vote of nobody": line("votes.csv", lambda rows: [*rows, f"{'f' * 16},1,1,1\n"]),
    "a vote on a text to come": line("votes.csv", lambda rows: [rows[0].replace(",1,", ",9,", 1), *rows[1:]]),
    "a vote of two": line("votes.csv", lambda rows: [rows[0][: rows[0].rindex(",")] + ",2\n", *rows[1:]]),
    "votes in another order": line("votes.csv", lambda rows: rows[::-1]),
    "a person less": line("participants.csv", lambda rows: rows[1:]),
    "a person twice": line("participants.csv", lambda rows: [rows[0], *rows]),
    "a person moved": line("participants.csv", _moved),
    "an opinion's row less": line("opinions.csv", lambda rows: rows[:-1]),
}  # fmt: skip


def _other_group(rows: list[str]) -> list[str]:
    at = next(at for at, row in enumerate(rows) if row.split(",")[1])
    cells = rows[at].split(",")
    cells[1] = "2" if cells[1] == "1" else "1"
    return [*rows[:at], ",".join(cells), *rows[at + 1 :]]


#: Where groups repeat.
WITH_GROUPS: dict[str, Callable[[Path], None]] = {
    "a person in another group": line("participants.csv", _other_group),
    "another size": in_digest(add("groups.sizes.0.people", 1)),
    "another count by group": in_digest(add("opinion.groups.0.0", 1)),
    "another number of groups": in_digest(add("groups.k", 1)),
    "another share in a group": in_digest(add("groups.representative.0.opinions.0.share", -0.001)),
    "another share in the rest": in_digest(add("groups.representative.0.opinions.0.rest", -0.001)),
    "another q": in_digest(add("groups.representative.0.opinions.0.q", 0.001)),
    "another representative opinion": in_digest(lambda d: d["groups"]["representative"][0]["opinions"].pop(0)),
    "another score across": in_digest(add("across.0.score", 0.0002)),
    "an opinion less across": in_digest(lambda d: d["across"].pop()),
    "a minority position less": in_digest(lambda d: d["minority"].pop(0)),
    "another minority": in_digest(add("minority.0.share", -0.001)),
}
#: Where there is a roll.
GIVEN: dict[str, Callable[[Path], None]] = {
    "another turn-out": in_digest(add("participation.turnout", 0.01)),
    "more people": in_digest(add("participation.people", 1)),
    "more people of a society": in_digest(add("participation.societies.0.people", 1)),
    "more votes of a day": in_digest(add("participation.days.0.votes", 1)),
    "more people of a sector": in_digest(add("participation.sectors.0.people", 1)),
    "more priorities than people": in_digest(lambda d: d["priorities"]["opinions"][0].update(count=99)),
    "a society's share that no people make": in_digest(add("minority.-1.share", 0.01)),
}


def every_figure_counts(copies: Copies, changes: dict[str, Callable[[Path], None]]) -> None:
    for name, change in changes.items():
        folder = copies.fresh()
        change(folder)
        forge(folder)
        assert verdict(folder), name


def test_t_everything_that_is_changed_is_found(world: World, tmp_path: Path) -> None:
    copies = Copies(worlds.digest(world.consultation), tmp_path)
    assert verdict(copies.good, copies.seal) == []
    forge(copies.fresh())
    assert verdict(copies.folder) == [], "a forged manifest of good files fits"
    assert verdict(copies.folder, copies.seal), "but it is not the published one"
    every_byte_counts(copies, 1)
    every_figure_counts(copies, ALWAYS | WITH_GROUPS | GIVEN)


def test_the_sample(tmp_path: Path, db: None) -> None:
    load_sample()
    copies = Copies(worlds.digest(Consultation.objects.get(slug="talent")), tmp_path)
    assert verdict(copies.good, copies.seal) == []
    every_byte_counts(copies, 2)
    every_figure_counts(copies, ALWAYS)


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.long] if n in ("uberx", "canadian-electoral-reform") else []) for n in NAMES],
)
def test_real_consultations(name: str, tmp_path: Path) -> None:
    import_consultation(folder=real_folder(name), slug=name)
    made = worlds.digest(Consultation.objects.get(slug=name))
    copies = Copies(made, tmp_path)
    assert verdict(copies.good, copies.seal) == []
    every_byte_counts(copies, 3)
    every_figure_counts(copies, ALWAYS | (WITH_GROUPS if made.content["groups"]["stable"] else {}))


def test_a_folder_of_files_is_checked_through_its_zip(world: World, tmp_path: Path) -> None:
    made = worlds.digest(world.consultation)
    folder = made.write(tmp_path)
    assert verdict(folder, made.seal) == []
    (folder / "talent-digest-1.csv").write_bytes(b"")
    assert [check for check, _what in verdict(folder, made.seal)] == ["files"]
    made.write(tmp_path)
    (folder / "talent-digest-1.json").unlink()
    report, _data = verify.check(folder, made.seal)
    assert (report.errors, report.absent) == ([], ["talent-digest-1.json"])
    (folder / "other-digest-2.zip").write_bytes(b"")
    assert "several editions" in verdict(folder)[0][1]


@pytest.mark.parametrize("name", ["manifest.json", "digest.json", "votes.csv", "tables/days.csv", "verify.py"])
def test_a_missing_file_is_an_error(world: World, tmp_path: Path, name: str) -> None:
    made = worlds.digest(world.consultation)
    folder = made.unpack(tmp_path)
    (folder / name).unlink()
    assert name in str(verdict(folder, made.seal))


@pytest.mark.parametrize(
    "junk", [b"", b"[]", b"{}", b'{"files": 3}', b"\xff\xfe", b'{"format": "summit-digest", "format_version": 2}']
)
def test_junk_is_an_error_and_never_a_traceback(world: World, tmp_path: Path, junk: bytes) -> None:
    folder = worlds.digest(world.consultation).unpack(tmp_path)
    for name in ("manifest.json", "digest.json", "votes.csv", "participants.csv"):
        good = (folder / name).read_bytes()
        (folder / name).write_bytes(junk)
        assert verdict(folder), name
        (folder / name).write_bytes(good)


def test_a_name_that_leads_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "in").mkdir()
    files = verify.Files(tmp_path / "in")
    assert files.read("../secret") is None and files.read(str(tmp_path / "secret")) is None


def test_the_formulas_are_those_of_the_numeric_package() -> None:
    """Written twice, so that the check is not the thing that it checks."""
    from analysis import agreement, representative

    draw = random.Random(5)
    for _ in range(300):
        n, m = draw.randint(1, 500), draw.randint(1, 500)
        a, b = draw.randint(0, n), draw.randint(0, m)
        assert verify.wilson(a, n) == pytest.approx(agreement.wilson(a, n), abs=1e-12)
        assert verify.two_proportions(a, n, b, m) == pytest.approx(
            representative.two_proportions(a, n, b, m), abs=1e-12
        )
    p = [draw.random() ** 3 for _ in range(200)]
    assert verify.benjamini_hochberg(p) == pytest.approx(representative.benjamini_hochberg(p).tolist(), abs=1e-12)


def texts() -> Iterator[str]:
    yield from ("=1+1", "'=1", "a;=1", "a; +1|=2", "줄\n-3", "\t=1", "plain", "", "−1", "a;''=1")


@pytest.mark.parametrize("value", list(texts()))
def test_cells_are_made_harmless_alike(value: str) -> None:
    assert verify.text(value) == harmless(value)
