"""A published edition: one winner, then never a change."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError, NotAllowed
from consultations.models import Consultation
from digests import compile as compiling
from digests import editions
from digests.models import Document, Edition
from tests.digests.conftest import Publish, close, compiled


@pytest.fixture
def draft(consultation: Consultation) -> Edition:
    edition = Edition.objects.create(
        consultation=consultation, number=1, cutoff_at=timezone.now(), publish_sequence=0, content=b"{}",
        content_sha256="0" * 64, input_sha256="0" * 64,
    )  # fmt: skip
    Document.objects.create(
        edition=edition, format="json", name="talent-digest-1.json", media_type="application/json", size=2,
        sha256="0" * 64, content=b"{}",
    )  # fmt: skip
    return edition


def test_publishing_twice_changes_nothing(draft: Edition, dan: User) -> None:
    first = editions.publish(edition=draft, actor=dan)
    again = editions.publish(edition=draft, actor=dan)
    assert first.published_at == again.published_at
    assert again.published_by == dan


def test_only_organisers_publish(draft: Edition, bob: User) -> None:
    with pytest.raises(NotAllowed):
        editions.publish(edition=draft, actor=bob)


@pytest.mark.parametrize(("counts", "closed", "goes"), [
    ("live", False, True), ("after_voting", False, False), ("at_close", False, False),
    ("after_voting", True, True), ("at_close", True, True),
])  # fmt: skip
def test_hidden_counts_are_not_published_before_voting_closes(
    draft: Edition, counts: str, closed: bool, goes: bool
) -> None:
    consultation = draft.consultation
    Consultation.objects.update(counts=counts)
    if closed:
        close(consultation)
    if goes:
        assert editions.publish(edition=draft).state == "published"
        return
    with pytest.raises(editions.CountsHidden):
        editions.publish(edition=draft)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_publish_one_wins(draft: Edition) -> None:
    found: list[object] = []

    def press() -> None:
        found.append(editions.publish(edition=draft).published_at)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


@pytest.mark.parametrize("sql", [
    "UPDATE digests_edition SET content = 'x'",
    "UPDATE digests_edition SET state = 'draft'",
    "UPDATE digests_edition SET published_at = now() + interval '1 day'",
    "DELETE FROM digests_edition",
    "UPDATE digests_document SET content = 'x'",
    "UPDATE digests_document SET name = 'other.pdf'",
    "DELETE FROM digests_document",
    "INSERT INTO digests_document (edition_id, format, language, name, media_type, size, sha256, content)"
    " SELECT edition_id, format, language, 'more.json', media_type, size, sha256, content FROM digests_document",
])  # fmt: skip
def test_a_published_edition_refuses_raw_sql(draft: Edition, sql: str) -> None:
    editions.publish(edition=draft)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_who_published_may_leave(draft: Edition, make_user: object) -> None:
    someone = User.objects.create_user("organiser@sample.test")
    from accounts.models import RoleGrant

    RoleGrant.objects.create(user=someone, role="organiser")
    editions.publish(edition=draft, actor=User.objects.get(pk=someone.pk))
    someone.delete()
    assert Edition.objects.get().published_by is None


@pytest.mark.django_db(transaction=True)
def test_a_new_draft_takes_the_place_of_the_old(consultation: Consultation, publish: Publish) -> None:
    old = compiled(consultation)
    publish()
    new = compiled(consultation)
    assert new.number == old.number == 1
    assert list(Edition.objects.all()) == [new]
    with pytest.raises(DomainError, match="newer draft"):
        editions.publish(edition=old)


@pytest.mark.django_db(transaction=True)
def test_an_edition_published_meanwhile_is_taken_into_account(
    consultation: Consultation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    draft = compiled(consultation)
    render = compiling._documents
    calls = []

    def publish_meanwhile(*args: object) -> object:
        calls.append(1)
        editions.publish(edition=draft)
        return render(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(compiling, "_documents", publish_meanwhile)
    second = compiled(consultation)
    assert len(calls) == 2
    assert second.number == 2
    assert second.created_at - draft.created_at < timedelta(minutes=1)
