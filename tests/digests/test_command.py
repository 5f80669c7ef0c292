"""`manage.py compile_digest`."""

import hashlib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consultations.models import Consultation
from digests.models import Edition
from tests.digests.conftest import Publish, compiled

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_compiles_publishes_and_writes(consultation: Consultation, publish: Publish, tmp_path: Path) -> None:
    publish()
    call_command("compile_digest", "talent", "--publish", "--output", str(tmp_path / "out"))
    edition = Edition.objects.get()
    assert edition.state == "published"
    written = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (tmp_path / "out").iterdir()}
    assert written == dict(edition.documents.values_list("name", "sha256"))
    assert {"manifest.json", "talent-digest-1.zip", "talent-digest-1.json", "talent-digest-1.csv"} <= set(written)
    assert {name.rsplit(".", 1)[-1] for name in written} >= {"pdf", "docx", "hwpx", "xlsx", "csv", "json"}


def test_without_publish_it_leaves_a_draft(consultation: Consultation, publish: Publish) -> None:
    publish()
    call_command("compile_digest", "talent")
    assert Edition.objects.get().state == "draft"


def test_it_publishes_the_draft_of_the_same_input(consultation: Consultation, publish: Publish) -> None:
    publish()
    draft = compiled(consultation)
    call_command("compile_digest", "talent", "--publish")
    assert Edition.objects.get().pk == draft.pk


def test_it_compiles_anew_when_something_changed(consultation: Consultation, publish: Publish) -> None:
    publish()
    draft = compiled(consultation)
    publish()
    call_command("compile_digest", "talent", "--publish")
    assert Edition.objects.get().pk != draft.pk


def test_it_says_what_is_wrong(consultation: Consultation) -> None:
    with pytest.raises(CommandError, match="no consultation"):
        call_command("compile_digest", "nothing")
    Consultation.objects.update(counts="at_close")
    with pytest.raises(CommandError, match="hidden"):
        call_command("compile_digest", "talent", "--publish")
