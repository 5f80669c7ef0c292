"""Files of a published edition go once, for good, with a reason; their hashes stay."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import User
from common.errors import DomainError, Invalid, NotAllowed
from consultations.models import Consultation
from digests import editions, withdrawal
from digests.models import Document, Edition
from tests.api.conftest import Api
from tests.digests.conftest import Publish, drafted, published

REASON = {"reason_ko": "개인정보가 들어 있었습니다.", "reason_en": "It held personal data."}
PAGE = "/consultations/talent/digests/1/"
PDF = "talent-digest-1.ko.pdf"


@pytest.fixture
def edition(consultation: Consultation, publish: Publish) -> Edition:
    publish("가상의 비밀")
    return published(consultation)


def withdraw(actor: User, edition: Edition, *names: str) -> list[str]:
    gone = withdrawal.withdraw(actor=actor, edition=edition, names=[f"talent-digest-1.{n}" for n in names], **REASON)
    return sorted(document.name.removeprefix("talent-digest-1.") for document in gone)


def test_bytes_go_and_hashes_stay(edition: Edition, dan: User) -> None:
    before = Document.objects.get(name=PDF)
    assert withdraw(dan, edition, "ko.pdf") == ["ko.pdf"]
    after = Document.objects.get(name=PDF)
    assert bytes(after.content) == b""
    assert (after.sha256, after.size, after.name) == (before.sha256, before.size, before.name)
    assert (after.withdrawn_by, after.withdrawn_en) == (dan, REASON["reason_en"])
    assert bytes(Edition.objects.get().content), "the page stays"
    assert Document.objects.filter(withdrawn_at=None).count() == 4


@pytest.mark.parametrize(("names", "gone"), [
    (["json"], ["json", "zip"]), (["csv"], ["csv", "zip"]), (["ko.pdf"], ["ko.pdf"]), (["zip"], ["zip"]),
    (["json", "csv", "ko.pdf", "en.pdf"], ["csv", "en.pdf", "json", "ko.pdf", "zip"]),
])  # fmt: skip
def test_the_archive_goes_with_what_it_holds(edition: Edition, dan: User, names: list[str], gone: list[str]) -> None:
    assert withdraw(dan, edition, *names) == gone
    assert (bytes(Edition.objects.get().content) == b"") is ("json" in gone)


def test_again_changes_nothing(edition: Edition, dan: User) -> None:
    withdraw(dan, edition, "ko.pdf")
    first = Document.objects.get(name=PDF).withdrawn_at
    other = {"reason_ko": "다른 이유", "reason_en": "Another reason"}
    assert withdrawal.withdraw(actor=dan, edition=edition, names=[PDF], **other) == []
    found = Document.objects.get(name=PDF)
    assert (found.withdrawn_at, found.withdrawn_en) == (first, REASON["reason_en"])


@pytest.mark.parametrize(("names", "reason"), [
    ([], {}), (["talent-digest-2.json"], {}), ([PDF, "../etc/passwd"], {}), ([PDF], {"reason_ko": ""}), ([PDF], {"reason_en": "!"}),
    ([PDF], {"reason_en": "x" * 1_001}),
])  # fmt: skip
def test_what_is_missing_is_told(edition: Edition, dan: User, names: list[str], reason: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        withdrawal.withdraw(actor=dan, edition=edition, names=names, **(REASON | reason))
    assert not Document.objects.exclude(withdrawn_at=None).exists()


def test_only_organisers_withdraw(edition: Edition, alice: User, bob: User, olga: User, ada: User) -> None:
    for person in (alice, bob, olga, ada):
        with pytest.raises(NotAllowed):
            withdraw(person, edition, "json")


def test_a_draft_is_compiled_again_instead(edition: Edition, dan: User) -> None:
    draft = drafted(edition.consultation)
    with pytest.raises(DomainError, match="compile a draft again"):
        withdrawal.withdraw(actor=dan, edition=draft, names=["talent-digest-2.json"], **REASON)


# --- what the database allows, and nothing else -----------------------------------------------------

SET = "withdrawn_at = now(), withdrawn_ko = '가', withdrawn_en = 'a'"


@pytest.mark.parametrize("table", ["digests_document", "digests_edition"])
@pytest.mark.parametrize("changes", [
    "content = ''", f"content = 'x', {SET}", f"content = '', {SET}, {{hash}} = repeat('0', 64)", f"{SET}",
    "content = '', withdrawn_at = now()", "content = '', withdrawn_at = now(), withdrawn_ko = '가'",
    "withdrawn_ko = '가', withdrawn_en = 'a'", f"content = '', {SET}, created_at = now() - interval '1 day'",
])  # fmt: skip
def test_raw_sql_cannot_do_more(edition: Edition, table: str, changes: str) -> None:
    sql = f"UPDATE {table} SET {changes}".format(hash="content_sha256" if table == "digests_edition" else "sha256")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("table", ["digests_document", "digests_edition"])
@pytest.mark.parametrize("changes", [
    "withdrawn_en = 'other'", "withdrawn_at = withdrawn_at + interval '1 day'", "content = 'back'",
    "withdrawn_at = NULL, withdrawn_ko = '', withdrawn_en = ''", f"content = '', {SET}",
])  # fmt: skip
def test_a_withdrawal_is_never_changed_or_undone(edition: Edition, dan: User, table: str, changes: str) -> None:
    withdraw(dan, edition, "json", "ko.pdf", "en.pdf", "csv")
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {changes}")


def test_who_withdrew_may_leave(edition: Edition, make_user: Any) -> None:
    someone = make_user("Gone", role="organiser")
    withdraw(someone, edition, "json")
    User.objects.get(pk=someone.pk).delete()
    assert Edition.objects.get().withdrawn_by is None


# --- what readers get -------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "reason"), [("ko", REASON["reason_ko"]), ("en", REASON["reason_en"])])
def test_a_download_says_gone_and_why(edition: Edition, dan: User, client: Client, language: str, reason: str) -> None:
    document = Document.objects.get(name=PDF)
    withdraw(dan, edition, "ko.pdf")
    for headers in ({}, {"If-None-Match": f'"{document.sha256}"'}, {"Range": "bytes=0-1"}):
        response = client.get(f"{PAGE}{PDF}?lang={language}", headers=headers)
        assert response.status_code == 410
        text = response.content.decode()
        assert reason in text and document.sha256 in text and "%PDF" not in text
    assert client.get(f"{PAGE}talent-digest-1.en.pdf").status_code == 200


@pytest.mark.parametrize(("language", "reason"), [("ko", REASON["reason_ko"]), ("en", REASON["reason_en"])])
def test_the_page_shows_the_notice(edition: Edition, dan: User, client: Client, language: str, reason: str) -> None:
    withdraw(dan, edition, "json")
    response = client.get(f"{PAGE}?lang={language}")
    text = response.content.decode()
    assert response.status_code == 200
    assert reason in text and edition.content_sha256 in text and "가상의 비밀" not in text
    assert client.get(f"{PAGE}talent-digest-1.json").status_code == 410


def test_the_list_shows_it(edition: Edition, dan: User, client: Client) -> None:
    withdraw(dan, edition, "ko.pdf")
    text = client.get("/consultations/talent/digests/?lang=en").content.decode()
    assert REASON["reason_en"] in text and Document.objects.get(name=PDF).sha256 in text


def test_the_api_shows_it(edition: Edition, dan: User) -> None:
    withdraw(dan, edition, "ko.pdf")
    (found,) = Api().get("/consultations/talent/digests/").json()["results"]
    files = {file["name"]: file for file in found["documents"]}
    assert files[PDF]["withdrawn_at"] and files[PDF]["withdrawn"]["en"] == REASON["reason_en"]
    assert files["talent-digest-1.csv"]["withdrawn_at"] is None


def test_an_organiser_withdraws_on_a_page(edition: Edition, as_: Any, dan: User) -> None:
    client = as_(dan)
    address = f"/organise/editions/{edition.pk}/withdraw/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"names": [PDF], "reason_ko": "", "reason_en": ""}).status_code == 422
    assert client.post(address, {"names": ["other.pdf"], **REASON}).status_code == 422
    assert not Document.objects.exclude(withdrawn_at=None).exists()
    assert client.post(address, {"names": [PDF], **REASON}).url == f"/organise/editions/{edition.pk}/errata/"
    assert Document.objects.get(name=PDF).withdrawn_at
    assert f'value="{PDF}"' not in client.get(address).content.decode()


def test_the_next_edition_compiles_beside_a_withdrawn_one(edition: Edition, dan: User) -> None:
    withdraw(dan, edition, "json", "csv", "ko.pdf", "en.pdf")
    second = published(edition.consultation)
    assert second.number == 2
    assert editions.content_of(Edition.objects.get(number=1)) == {}
