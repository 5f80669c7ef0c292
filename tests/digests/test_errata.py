"""A published edition is corrected by a numbered erratum in the next one, and by nothing else."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from common.errors import DomainError, Invalid, NotAllowed
from consultations.models import Consultation
from digests import editions, errata
from digests.models import Edition, Erratum
from tests.digests.conftest import Publish, drafted, published

TEXT = {"text_ko": "3쪽의 숫자는 41입니다.", "text_en": "The number on page 3 is 41."}


@pytest.fixture
def edition(consultation: Consultation, publish: Publish) -> Edition:
    publish()
    return published(consultation)


def carried(edition: Edition) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bytes(edition.content))["errata"]
    return found


def test_the_next_edition_carries_it_with_a_number(edition: Edition, dan: User) -> None:
    errata.write(actor=dan, edition=edition, **TEXT)
    second = published(edition.consultation)
    assert carried(second) == [{"of_edition": 1, "text": {"ko": TEXT["text_ko"], "en": TEXT["text_en"]}}]
    row = Erratum.objects.get()
    assert (row.edition, row.number, row.carried_in, row.written_by) == (edition, 1, second, dan)
    assert carried(published(edition.consultation)) == [], "once"


def test_numbers_go_on_for_each_edition(edition: Edition, dan: User) -> None:
    errata.write(actor=dan, edition=edition, **TEXT)
    second = published(edition.consultation)
    for of in (edition, second, edition):
        errata.write(actor=dan, edition=of, **TEXT)
    third = published(edition.consultation)
    assert [e["of_edition"] for e in carried(third)] == [1, 1, 2]
    numbers = {(e.edition.number, e.number) for e in Erratum.objects.select_related("edition")}
    assert numbers == {(1, 1), (1, 2), (1, 3), (2, 1)}


def test_it_can_be_changed_and_taken_back_until_then(edition: Edition, dan: User) -> None:
    first, second = (errata.write(actor=dan, edition=edition, **TEXT) for _ in range(2))
    errata.change(actor=dan, erratum=first, text_ko="다른 글", text_en="Another text")
    errata.delete(actor=dan, erratum=second)
    published(edition.consultation)
    assert [e.text_en for e in Erratum.objects.all()] == ["Another text"]
    first.refresh_from_db()
    with pytest.raises(errata.Carried):
        errata.change(actor=dan, erratum=first, **TEXT)
    with pytest.raises(errata.Carried):
        errata.delete(actor=dan, erratum=first)


def test_one_written_after_compiling_must_be_compiled_in(edition: Edition, dan: User) -> None:
    draft = drafted(edition.consultation)
    errata.write(actor=dan, edition=edition, **TEXT)
    with pytest.raises(editions.Stale):
        editions.publish(edition=draft, actor=dan)


@pytest.mark.parametrize("fields", [{"text_ko": " "}, {"text_en": ""}, {"text_ko": "…"}, {"text_en": "x" * 2_001}])
def test_both_languages_are_needed(edition: Edition, dan: User, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as told:
        errata.write(actor=dan, edition=edition, **(TEXT | fields))
    assert set(told.value.fields) == set(fields)


def test_a_draft_has_no_erratum(edition: Edition, dan: User) -> None:
    with pytest.raises(DomainError, match="published"):
        errata.write(actor=dan, edition=drafted(edition.consultation), **TEXT)


def test_only_organisers_correct(edition: Edition, alice: User, bob: User, olga: User, ada: User, dan: User) -> None:
    found = errata.write(actor=dan, edition=edition, **TEXT)
    for person in (alice, bob, olga, ada):
        with pytest.raises(NotAllowed):
            errata.write(actor=person, edition=edition, **TEXT)
        with pytest.raises(NotAllowed):
            errata.change(actor=person, erratum=found, **TEXT)
        with pytest.raises(NotAllowed):
            errata.delete(actor=person, erratum=found)


@pytest.mark.parametrize("sql", [
    "UPDATE digests_erratum SET text_en = 'x'", "UPDATE digests_erratum SET carried_in_id = NULL, number = NULL",
    "DELETE FROM digests_erratum",
])  # fmt: skip
def test_a_published_one_never_changes(edition: Edition, dan: User, sql: str) -> None:
    errata.write(actor=dan, edition=edition, **TEXT)
    published(edition.consultation)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing waits that would refuse it first
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            cursor.execute(sql)


# --- pages ------------------------------------------------------------------------------------------


def test_the_old_page_links_to_the_new_one(edition: Edition, as_: Any, dan: User) -> None:
    errata.write(actor=dan, edition=edition, **TEXT)
    for path in ("/consultations/talent/digests/1/", "/consultations/talent/digests/"):
        assert TEXT["text_en"] not in as_(None).get(f"{path}?lang=en").content.decode(), "not before it is published"
    published(edition.consultation)
    for language, text, number in (("en", TEXT["text_en"], "Erratum 1"), ("ko", TEXT["text_ko"], "1")):
        old = as_(None).get(f"/consultations/talent/digests/1/?lang={language}").content.decode()
        assert text in old and number in old and "/consultations/talent/digests/2/" in old
        new = as_(None).get(f"/consultations/talent/digests/2/?lang={language}").content.decode()
        assert text in new and "/consultations/talent/digests/1/" in new
        assert text in as_(None).get(f"/consultations/talent/digests/?lang={language}").content.decode()


def test_an_organiser_writes_changes_and_takes_back(edition: Edition, as_: Any, dan: User) -> None:
    client = as_(dan)
    address = f"/organise/editions/{edition.pk}/errata/"
    assert client.post(address, TEXT).url == address
    assert client.post(address, {**TEXT, "text_ko": ""}).status_code == 422
    (found,) = Erratum.objects.all()
    assert TEXT["text_en"] in client.get(address).content.decode()
    assert client.post(f"/organise/errata/{found.pk}/", {**TEXT, "text_en": "Better"}).url == address
    found.refresh_from_db()
    assert found.text_en == "Better"
    client.post(f"/organise/errata/{found.pk}/delete/")
    assert not Erratum.objects.exists()


def test_a_published_erratum_has_no_form(edition: Edition, as_: Any, dan: User) -> None:
    found = errata.write(actor=dan, edition=edition, **TEXT)
    published(edition.consultation)
    assert as_(dan).get(f"/organise/errata/{found.pk}/").status_code == 404
    assert as_(dan).post(f"/organise/errata/{found.pk}/delete/").status_code == 404


def test_a_draft_has_no_page_of_corrections(edition: Edition, as_: Any, dan: User) -> None:
    draft = drafted(edition.consultation)
    assert as_(dan).get(f"/organise/editions/{draft.pk}/errata/").status_code == 404
    assert as_(dan).get(f"/organise/editions/{draft.pk}/withdraw/").status_code == 404
