"""Named hosts: who they are, what they sign, and that nothing of theirs is published without it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import registration
from accounts.models import User
from common.errors import DomainError, Invalid, NotAllowed
from consultations.models import Consultation
from digests import editions, signoff
from digests.models import Edition, Host, SignOff
from notifications.models import Delivery
from summit.models import Summit
from tests.conftest import Make
from tests.digests.conftest import Publish, compiled, drafted


@pytest.fixture
def hosts(consultation: Consultation, summit: Summit, make_user: Make) -> list[User]:
    """Hana signs for a federation, for this consultation; Ines for an academy, for the whole summit."""
    hana, ines = make_user("Hana"), make_user("Ines")
    Host.objects.create(consultation=consultation, user=hana, name_ko="가상총연합회", name_en="Imaginary Federation")
    Host.objects.create(summit=summit, user=ines, name_ko="가상한림원", name_en="Imaginary Academy")
    return [hana, ines]


@pytest.fixture
def draft(consultation: Consultation, publish: Publish) -> Edition:
    publish()
    return drafted(consultation)


@pytest.fixture
def in_review(draft: Edition, hosts: list[User], dan: User) -> Edition:
    return signoff.ask(actor=dan, edition=draft)


def sign(person: User, edition: Edition) -> SignOff:
    return signoff.sign(actor=person, edition=edition, content_sha256=edition.content_sha256)


# --- naming -----------------------------------------------------------------------------------------


def test_who_has_no_account_gets_one(consultation: Consultation, dan: User) -> None:
    host = signoff.name_host(actor=dan, place=consultation, email=" New@Host.test ", name_ko="가", name_en="A")
    assert host.user.email == "new@host.test"
    assert signoff.is_host(host.user, consultation)


def test_an_account_that_was_named_is_not_swept_away(consultation: Consultation, dan: User) -> None:
    host = signoff.name_host(actor=dan, place=consultation, email="new@host.test", name_ko="가", name_en="A")
    User.objects.filter(pk=host.user_id).update(created_at="2020-01-01T00:00:00Z")
    assert registration.remove_unused() == 0


def test_nobody_is_named_twice_in_one_place(consultation: Consultation, dan: User, hosts: list[User]) -> None:
    with pytest.raises(Invalid, match="already"):
        signoff.name_host(actor=dan, place=consultation, email=hosts[0].email, name_ko="가", name_en="A")


@pytest.mark.parametrize("fields", [{"name_ko": " "}, {"name_en": ""}, {"email": "no address"}])
def test_what_is_missing_is_told(consultation: Consultation, dan: User, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        signoff.name_host(
            actor=dan, place=consultation, **({"email": "a@b.test", "name_ko": "가", "name_en": "A"} | fields)
        )


def test_only_organisers_name_and_ask(
    draft: Edition, hosts: list[User], alice: User, bob: User, olga: User, ada: User
) -> None:
    for person in (alice, bob, olga, ada, hosts[0]):
        with pytest.raises(NotAllowed):
            signoff.name_host(actor=person, place=draft.consultation, email="a@b.test", name_ko="가", name_en="A")
        with pytest.raises(NotAllowed):
            signoff.remove_host(actor=person, host=Host.objects.all()[0])
        with pytest.raises(NotAllowed):
            signoff.ask(actor=person, edition=draft)


# --- signing ----------------------------------------------------------------------------------------


def test_publishing_needs_every_sign_off(in_review: Edition, hosts: list[User], dan: User) -> None:
    for person in hosts:
        with pytest.raises(signoff.SignOffMissing, match=person.name):
            editions.publish(edition=in_review, actor=dan)
        sign(person, in_review)
    assert editions.publish(edition=in_review, actor=dan).state == "published"
    signed = SignOff.objects.all()
    assert [(row.name, row.host_en) for row in signed] == [
        ("Hana", "Imaginary Federation"),
        ("Ines", "Imaginary Academy"),
    ]
    assert {row.content_sha256 for row in signed} == {in_review.content_sha256}


def test_a_draft_of_named_hosts_is_not_published_past_them(draft: Edition, hosts: list[User], dan: User) -> None:
    with pytest.raises(signoff.SignOffMissing):
        editions.publish(edition=draft, actor=dan)


def test_without_named_hosts_none_is_needed(draft: Edition, dan: User) -> None:
    with pytest.raises(DomainError, match="No host is named"):
        signoff.ask(actor=dan, edition=draft)
    assert editions.publish(edition=draft, actor=dan).state == "published"


def test_asking_tells_each_host_once(in_review: Edition, hosts: list[User], dan: User) -> None:
    assert signoff.ask(actor=dan, edition=in_review).state == "review"
    told = Delivery.objects.filter(occasion__kind="sign_off_asked")
    assert {d.user for d in told} == set(hosts) and told.count() == 2


def test_signing_twice_is_signing_once(in_review: Edition, hosts: list[User]) -> None:
    assert sign(hosts[0], in_review) == sign(hosts[0], in_review)
    assert SignOff.objects.count() == 1


def test_others_do_not_sign(
    in_review: Edition, alice: User, bob: User, dan: User, olga: User, ada: User, hosts: list[User]
) -> None:
    for person in (alice, bob, dan, olga, ada):
        with pytest.raises(NotAllowed):
            sign(person, in_review)
    Host.objects.filter(user=hosts[0]).delete()
    with pytest.raises(NotAllowed):
        sign(hosts[0], in_review)


def test_what_was_looked_at_is_what_is_signed(in_review: Edition, hosts: list[User]) -> None:
    with pytest.raises(signoff.OtherContent):
        signoff.sign(actor=hosts[0], edition=in_review, content_sha256="0" * 64)
    assert not SignOff.objects.exists()


def test_no_address_stands_on_the_page_in_a_names_place(in_review: Edition, hosts: list[User], as_: Any) -> None:
    User.objects.filter(pk=hosts[0].pk).update(name="")
    with pytest.raises(DomainError, match="name"):
        sign(User.objects.get(pk=hosts[0].pk), in_review)
    assert hosts[0].email not in as_(hosts[1]).get(PAGE).content.decode()


def test_a_draft_that_nobody_asked_about_is_not_signed(draft: Edition, hosts: list[User]) -> None:
    with pytest.raises(signoff.NotInReview):
        sign(hosts[0], draft)


def test_a_new_draft_drops_old_sign_offs_and_keeps_their_record(
    in_review: Edition, hosts: list[User], dan: User
) -> None:
    for person in hosts:
        sign(person, in_review)
    newer = drafted(in_review.consultation)
    assert newer.state == "draft"
    with pytest.raises(signoff.SignOffMissing):
        editions.publish(edition=newer, actor=dan)
    with pytest.raises(signoff.NotInReview):
        sign(hosts[0], in_review)
    assert SignOff.objects.count() == 2
    assert all(row.signed is None for row in signoff.standing(newer))


def test_the_same_bytes_again_are_signed_anew(in_review: Edition, hosts: list[User]) -> None:
    """Even a draft compiled in the same second: a sign-off is of one edition."""
    sign(hosts[0], in_review)
    fields = {
        f.name: getattr(in_review, f.name) for f in Edition._meta.fields if f.name not in ("id", "created_at", "state")
    }
    in_review.delete()
    again = Edition.objects.create(**fields)
    assert again.content_sha256 == in_review.content_sha256
    assert all(row.signed is None for row in signoff.standing(again))


def test_a_host_named_later_signs_too(in_review: Edition, hosts: list[User], dan: User, eve: User) -> None:
    for person in hosts:
        sign(person, in_review)
    late = signoff.name_host(actor=dan, place=in_review.consultation, email=eve.email, name_ko="가", name_en="A")
    with pytest.raises(signoff.SignOffMissing, match="Eve"):
        editions.publish(edition=in_review, actor=dan)
    signoff.remove_host(actor=dan, host=late)
    assert editions.publish(edition=in_review, actor=dan).state == "published"


def test_of_two_places_one_person_signs_once(draft: Edition, summit: Summit, hosts: list[User], dan: User) -> None:
    Host.objects.create(summit=summit, user=hosts[0], name_ko="둘", name_en="Second")
    edition = signoff.ask(actor=dan, edition=draft)
    assert sign(hosts[0], edition).host_en == "Imaginary Federation · Second"
    sign(hosts[1], edition)
    assert editions.publish(edition=edition).state == "published"


@pytest.mark.parametrize("sql", [
    "UPDATE digests_signoff SET name = 'x'", "DELETE FROM digests_signoff", "TRUNCATE digests_signoff",
])  # fmt: skip
def test_a_sign_off_never_changes(in_review: Edition, hosts: list[User], sql: str) -> None:
    sign(hosts[0], in_review)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing waits that would refuse it first
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            cursor.execute(sql)


# --- the command ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_command_ends_with_status_3_until_all_have_signed(
    consultation: Consultation, publish: Publish, hosts: list[User], dan: User, tmp_path: Path
) -> None:
    publish()
    with pytest.raises(CommandError, match="A sign-off is missing") as ended:
        call_command("compile_digest", "talent", "--publish", "--output", str(tmp_path))
    assert ended.value.returncode == 3
    edition = signoff.ask(actor=dan, edition=Edition.objects.get())
    for person in hosts:
        sign(person, edition)
    call_command("compile_digest", "talent", "--publish", "--output", str(tmp_path))
    assert Edition.objects.get().pk == edition.pk, "what was signed is what gets published"
    assert Edition.objects.get().state == "published"


@pytest.mark.django_db(transaction=True)
def test_compiling_again_takes_the_place_of_what_was_in_review(
    consultation: Consultation, publish: Publish, hosts: list[User], dan: User
) -> None:
    publish()
    edition = signoff.ask(actor=dan, edition=compiled(consultation))
    sign(hosts[0], edition)
    assert compiled(consultation).state == "draft"
    assert Edition.objects.count() == 1 and SignOff.objects.count() == 1


# --- pages ------------------------------------------------------------------------------------------

PAGE = "/consultations/talent/digests/1/"


def test_a_host_reads_and_signs_with_one_click(in_review: Edition, hosts: list[User], as_: Any) -> None:
    client = as_(hosts[0])
    assert PAGE in client.get("/consultations/talent/digests/").content.decode()
    page = client.get(PAGE, {"lang": "en"}).content.decode()
    assert f'value="{in_review.content_sha256}"' in page and "Sign this edition off" in page
    assert client.get(f"{PAGE}talent-digest-1.json").status_code == 200
    assert client.post(f"{PAGE}sign/", {"content_sha256": in_review.content_sha256}).url == PAGE
    assert SignOff.objects.get().user == hosts[0]
    assert "Sign this edition off" not in client.get(PAGE).content.decode()


def test_a_host_sees_no_draft_before_review(draft: Edition, hosts: list[User], as_: Any) -> None:
    client = as_(hosts[0])
    assert PAGE not in client.get("/consultations/talent/digests/").content.decode()
    for path in (PAGE, f"{PAGE}talent-digest-1.json"):
        assert client.get(path).status_code == 404
    assert client.post(f"{PAGE}sign/", {"content_sha256": draft.content_sha256}).status_code == 404


def test_signing_needs_a_post(in_review: Edition, hosts: list[User], as_: Any) -> None:
    assert as_(hosts[0]).get(f"{PAGE}sign/").status_code == 405
    assert not SignOff.objects.exists()


def test_who_signed_stands_on_the_published_page(in_review: Edition, hosts: list[User], as_: Any, dan: User) -> None:
    page = as_(dan).get(PAGE, {"lang": "en"}).content.decode()
    assert "It can be published when every named host has signed." in page
    for person in hosts:
        sign(person, in_review)
    editions.publish(edition=in_review)
    for path in (PAGE, "/consultations/talent/digests/"):
        for language, host in (("en", "Imaginary Academy"), ("ko", "가상한림원")):
            shown = as_(None).get(f"{path}?lang={language}").content.decode()
            assert "Ines" in shown and host in shown


def test_hosts_are_named_on_a_page(consultation: Consultation, summit: Summit, as_: Any, dan: User) -> None:
    client = as_(dan)
    fields = {"email": "h@host.test", "name_ko": "가상회", "name_en": "Imaginary"}
    for address in ("/organise/consultations/talent/hosts/", "/organise/summits/talent/hosts/"):
        assert client.post(address, fields).url == address
        assert "h@host.test" in client.get(address).content.decode()
        assert client.post(address, fields).status_code == 422, "named already"
    for host in Host.objects.all():
        client.post(f"/organise/hosts/{host.pk}/remove/")
    assert not Host.objects.exists()


def test_hosts_are_named_in_the_admin(consultation: Consultation, as_: Any, dan: User, alice: User) -> None:
    client = as_(dan)
    fields = {"consultation": consultation.pk, "user": str(alice.pk), "name_ko": "가상회", "name_en": "Imaginary"}
    assert client.post("/admin/digests/host/add/", fields).status_code == 302
    host = Host.objects.get()
    assert (host.user, host.consultation) == (alice, consultation)
    assert client.post(f"/admin/digests/host/{host.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Host.objects.exists()
