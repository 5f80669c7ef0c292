"""Compiling: what is counted, what is stored, and what happens when it breaks off."""

import json
import os
import subprocess
import sys
import threading
from datetime import timedelta
from queue import Empty
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Society, User
from common.errors import Invalid, NotAllowed
from config.celery import app as celery_app
from consultations.models import Consultation
from digests import compile as compiling
from digests import content, findings, snapshot, tasks
from digests.models import Compilation, Document, Edition
from summit.models import Meeting, Summit
from tests.digests.conftest import Join, Publish, compiled

pytestmark = pytest.mark.django_db(transaction=True)


def read(edition: Edition) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(bytes(Edition.objects.get(pk=edition.pk).content))
    return data


def test_the_edition_holds_every_document(consultation: Consultation, meeting: Meeting, publish: Publish) -> None:
    publish()
    edition = compiled(consultation, meeting=meeting)
    from digests import documents

    in_languages = [f"{language}.{form}" for form in ("docx", "hwpx", "pdf", "xlsx") for language in ("en", "ko")]
    names = set(edition.documents.values_list("name", flat=True))
    made = {documents.name(read(edition), form, language) for form, language in documents.wanted()}
    assert names == made | {"manifest.json", "talent-digest-1.zip"}
    assert {f"talent-digest-1.{end}" for end in (*in_languages, "csv", "json")} <= made
    assert edition.state == "draft"
    assert edition.meeting == meeting
    stored = edition.documents.get(format="json")
    assert bytes(stored.content) == bytes(edition.content)
    assert stored.sha256 == edition.content_sha256
    assert all((d.pages or 0) >= 2 for d in edition.documents.filter(format="pdf"))


def test_the_same_input_gives_the_same_bytes(
    consultation: Consultation, society: Society, join: Join, publish: Publish
) -> None:
    publish(voters=join(society, 5), votes=[1, 1, 0, 1, -1])
    taken = snapshot.take(consultation)
    found = findings.compute(taken).figures
    first = content.build(taken.facts, number=1, cutoff_at=taken.cutoff_at, found=found)
    again = content.build(json.loads(json.dumps(taken.facts)), number=1, cutoff_at=taken.cutoff_at, found=found)
    assert content.canonical(first) == content.canonical(again)
    from digests import documents

    for form, language in documents.wanted():
        assert form.render(first, language) == form.render(again, language), form.key


def test_nothing_is_stored_when_the_last_document_breaks(
    consultation: Consultation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()

    def lose(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(compiling.Work, "finish", lose)  # after edition and documents are written
    compilation = compiling.request(consultation=consultation, wake=False)
    with pytest.raises(RuntimeError):
        compiling.run(compilation)
    assert not Edition.objects.exists()
    assert not Document.objects.exists()
    compilation.refresh_from_db()
    assert compilation.state == "failed"
    assert "the disk is full" in compilation.error


def test_progress_is_visible_to_others(
    consultation: Consultation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    seen: list[tuple[str, int]] = []
    write = compiling.Work._write

    def look(work: compiling.Work, **changes: Any) -> None:
        write(work, **changes)

        def from_another_connection() -> None:
            seen.append(Compilation.objects.values_list("step", "percent").get())
            connection.close()

        thread = threading.Thread(target=from_another_connection)
        thread.start()
        thread.join()

    monkeypatch.setattr(compiling.Work, "_write", look)
    compiled(consultation)
    assert seen[0][0] == "snapshot"
    assert {step for step, _percent in seen} == {"snapshot", "figures", "documents", "open_data", "storing"}
    assert [percent for _step, percent in seen] == sorted(percent for _step, percent in seen)


def test_a_killed_run_is_taken_up_when_its_lease_lapses(consultation: Consultation, publish: Publish) -> None:
    publish()
    compilation = compiling.request(consultation=consultation, wake=False)
    dead = compiling.claim(compilation)
    tasks.resume_compilations()
    compilation.refresh_from_db()
    assert compilation.state == "running", "the lease still holds"

    Compilation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.resume_compilations()
    compilation.refresh_from_db()
    assert compilation.state == "done"
    assert compilation.attempts == 2
    assert Edition.objects.count() == 1
    with pytest.raises(compiling.LeaseLost):  # the dead one wakes up
        dead.step(Compilation.Step.STORING, 95)


def test_a_worker_that_lost_its_lease_stores_nothing(
    consultation: Consultation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    compilation = compiling.request(consultation=consultation, wake=False)
    build = content.build

    def slow(*args: Any, **kwargs: Any) -> dict[str, Any]:
        Compilation.objects.update(attempts=2)  # another worker has it
        return build(*args, **kwargs)

    monkeypatch.setattr(content, "build", slow)
    with pytest.raises(compiling.LeaseLost):
        compiling.run(compilation)
    assert not Edition.objects.exists()
    compilation.refresh_from_db()
    assert compilation.state == "running"


def test_a_request_that_kills_three_workers_fails(consultation: Consultation) -> None:
    compilation = compiling.request(consultation=consultation, wake=False)
    for _ in range(3):
        compiling.claim(compilation)
        Compilation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.resume_compilations()
    compilation.refresh_from_db()
    assert compilation.state == "failed"
    assert compilation.error


def test_a_second_request_joins_the_first(consultation: Consultation) -> None:
    first = compiling.request(consultation=consultation, wake=False)
    assert compiling.request(consultation=consultation, wake=False) == first


def test_requests_of_many_at_once_are_one(consultation: Consultation) -> None:
    made: list[Any] = []

    def ask() -> None:
        made.append(compiling.request(consultation=consultation, wake=False).pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1


def test_who_may_ask(consultation: Consultation, alice: User, dan: User) -> None:
    with pytest.raises(NotAllowed):
        compiling.request(consultation=consultation, requested_by=alice, wake=False)
    assert compiling.request(consultation=consultation, requested_by=dan, wake=False).requested_by == dan


def test_a_meeting_of_another_summit_is_refused(consultation: Consultation, meeting: Meeting) -> None:
    meeting.summit = Summit.objects.create(slug="other", title_ko="다른 서밋", title_en="Another")
    with pytest.raises(Invalid):
        compiling.request(consultation=consultation, meeting=meeting, wake=False)


def test_a_text_in_one_language_stops_compiling_and_says_where(consultation: Consultation, publish: Publish) -> None:
    publish()
    Consultation.objects.update(about_ko="한국어로만 쓴 안내")
    compilation = compiling.request(consultation=consultation, wake=False)
    with pytest.raises(content.TextMissing, match=r"consultation\.about \(en\)"):
        compiling.run(compilation)
    compilation.refresh_from_db()
    assert "consultation.about (en)" in compilation.error


def test_without_opinions_there_is_still_a_digest(consultation: Consultation) -> None:
    found = read(compiled(consultation))
    assert found["opinions"] == found["agreed"] == found["divided"] == []


def test_a_request_wakes_a_worker_when_it_is_stored(consultation: Consultation) -> None:
    with celery_app.connection_for_read() as broker:
        queue = broker.SimpleQueue("documents")
        queue.clear()
        with transaction.atomic():
            compilation = compiling.request(consultation=consultation)
            with pytest.raises(Empty):
                queue.get(block=False)
        message = queue.get(timeout=5)
        message.ack()
        queue.close()
    assert message.headers["task"] == "digests.tasks.compile_edition"
    assert str(compilation.pk) in message.headers["argsrepr"]


def test_a_broker_that_is_away_costs_delay_only(consultation: Consultation, publish: Publish) -> None:
    publish()
    database = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    away = {
        "DATABASE_URL": database,
        "REDIS_URL": "unix:///nowhere/valkey.sock",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    code = (
        "import django; django.setup()\n"
        "from consultations.models import Consultation\n"
        "from digests import compile\n"
        "print(compile.request(consultation=Consultation.objects.get()).state)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | away, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "queued", done.stderr
    tasks.resume_compilations()
    assert Compilation.objects.get().state == "done"
