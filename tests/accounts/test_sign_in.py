"""Signing in: one address, one code."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import access, membership, registration
from accounts.models import Consent, MembershipRequest, Society, User
from common.errors import Invalid
from notifications.models import Delivery, Occasion

As = Callable[[User | None], Client]
SIGN_IN = "/account/sign-in/"


def code_for(email: str) -> str:
    occasion = Occasion.objects.filter(kind="sign_in_code", deliveries__user__email=email).latest("created_at")
    return str(occasion.facts["code"])


@pytest.mark.django_db
class TestCode:
    def test_a_known_address_signs_in(self, client: Client, alice: User) -> None:
        answer = client.post(SIGN_IN, {"email": "ALICE@sample.test"})
        assert answer.headers["Location"] == f"{SIGN_IN}code/"
        client.post(f"{SIGN_IN}code/", {"code": code_for(alice.email), "action": "verify"})
        assert client.get("/account/").status_code == 200

    def test_an_unknown_address_gets_an_account_without_membership(self, client: Client) -> None:
        client.post(SIGN_IN, {"email": "new@sample.test"})
        client.post(f"{SIGN_IN}code/", {"code": code_for("new@sample.test"), "action": "verify"})
        person = User.objects.get(email="new@sample.test")
        assert not person.memberships.exists()
        assert client.get("/").headers["Location"].startswith("/account/consent/")
        answer = client.post("/account/consent/", {"next": "/"})
        assert answer.headers["Location"] == "/account/society/"
        assert Consent.objects.get(user=person).version == settings.PRIVACY_NOTICE_VERSION

    def test_a18_known_and_unknown_get_the_same_answer(self, alice: User) -> None:
        def shape(email: str) -> tuple[int, str, set[str]]:
            client = Client()
            answer = client.post(SIGN_IN, {"email": email})
            page = client.get(answer.headers["Location"]).content.decode().replace(email, "")
            return answer.status_code, re.sub(r'value="[\w-]{20,}"|nonce="[^"]*"', "", page), set(answer.cookies)

        assert shape("alice@sample.test") == shape("stranger@sample.test")

    def test_a_wrong_code_is_refused_and_five_end_the_try(self, client: Client, alice: User) -> None:
        client.post(SIGN_IN, {"email": alice.email})
        right = code_for(alice.email)
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        for _ in range(settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS):
            client.post(f"{SIGN_IN}code/", {"code": wrong, "action": "verify"})
        client.post(f"{SIGN_IN}code/", {"code": right, "action": "verify"})
        assert client.get("/account/").status_code == 302

    def test_a_code_serves_once(self, client: Client, alice: User) -> None:
        client.post(SIGN_IN, {"email": alice.email})
        code = code_for(alice.email)
        client.post(f"{SIGN_IN}code/", {"code": code, "action": "verify"})
        other = Client()
        other.post(f"{SIGN_IN}code/", {"code": code, "action": "verify"})
        assert other.get("/account/").status_code == 302

    def test_m18_asking_again_and_again_is_limited(self, client: Client, alice: User) -> None:
        for _ in range(12):
            client.post(SIGN_IN, {"email": alice.email})
        assert Delivery.objects.filter(user=alice).count() <= 5

    def test_a_form_error_keeps_the_address(self, client: Client) -> None:
        answer = client.post(SIGN_IN, {"email": "not an address"})
        assert "not an address" in answer.content.decode()

    def test_an_endless_address_is_refused_in_words(self, client: Client) -> None:
        assert (
            client.post(SIGN_IN, {"email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.test"}).status_code
            == 200
        )
        assert not User.objects.exists()

    def test_signing_out_needs_a_post(self, as_: As, alice: User) -> None:
        client = as_(alice)
        client.get("/account/sign-out/")
        assert client.get("/account/").status_code == 200
        client.post("/account/sign-out/")
        assert client.get("/account/").status_code == 302


class TestAsking:
    def test_a_request_reaches_the_secretary_who_accepts(
        self, as_: As, eve: User, carol: User, society: Society
    ) -> None:
        as_(eve).post("/account/society/", {"society": society.pk, "note": "No. 77"})
        asked = MembershipRequest.objects.get(user=eve)
        assert Delivery.objects.filter(user=carol, occasion__kind="membership_requested").count() == 1
        client = as_(carol)
        assert "No. 77" in client.get(f"/societies/{society.slug}/").content.decode()
        client.post(f"/societies/{society.slug}/requests/{asked.pk}/accept/")
        assert eve.memberships.get().society == society
        assert Delivery.objects.filter(user=eve, occasion__kind="membership_accepted").count() == 1

    def test_without_a_secretary_it_reaches_the_organisers(self, as_: As, eve: User, dan: User) -> None:
        as_(eve).post("/account/society/", {"society": "", "note": ""})
        assert Delivery.objects.filter(user=dan, occasion__kind="membership_requested").count() == 1

    def test_asking_twice_is_one_request(self, as_: As, eve: User, carol: User, society: Society) -> None:
        for _ in range(2):
            as_(eve).post("/account/society/", {"society": society.pk})
        assert MembershipRequest.objects.count() == 1

    def test_a_secretary_decides_for_the_own_society_only(
        self, as_: As, eve: User, carol: User, other_society: Society, society: Society
    ) -> None:
        as_(eve).post("/account/society/", {"society": other_society.pk})
        asked = MembershipRequest.objects.get()
        client = as_(carol)
        assert client.get(f"/societies/{other_society.slug}/").status_code == 404
        for slug in (other_society.slug, society.slug):
            assert client.post(f"/societies/{slug}/requests/{asked.pk}/accept/").status_code == 404
        assert not eve.memberships.exists()

    def test_a_decided_request_is_not_decided_again(self, as_: As, eve: User, carol: User, society: Society) -> None:
        as_(eve).post("/account/society/", {"society": society.pk})
        asked = MembershipRequest.objects.get()
        client = as_(carol)
        client.post(f"/societies/{society.slug}/requests/{asked.pk}/refuse/")
        client.post(f"/societies/{society.slug}/requests/{asked.pk}/accept/")
        assert not eve.memberships.exists()


class TestRoster:
    def send(self, client: Client, society: Society, data: bytes) -> int:
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("members.csv", data, content_type="text/csv")
        return int(client.post(f"/societies/{society.slug}/roster/", {"file": file}).status_code)

    def test_it_adds_members_once(self, as_: As, carol: User, society: Society) -> None:
        data = "\ufeffemail,name,starts_on\none@sample.test,하나,2020-01-01\nTWO@sample.test,,\n".encode()
        client = as_(carol)
        assert self.send(client, society, data) == self.send(client, society, data) == 302
        assert society.memberships.filter(user__email__in=["one@sample.test", "two@sample.test"]).count() == 2

    @pytest.mark.parametrize(
        "data",
        [
            b"name\nx\n",
            b"email\nnot-an-address\n",
            b"email,starts_on\na@sample.test,soon\n",
            "email\n가".encode("euc-kr"),
            b"email\na\x00@b.c\n",
        ],
        ids=["no column", "no address", "no date", "encoding", "nul"],
    )
    def test_a_broken_file_adds_nobody_and_says_why(self, as_: As, carol: User, society: Society, data: bytes) -> None:
        before = User.objects.count()
        assert self.send(as_(carol), society, b"" + data) == 422
        assert User.objects.count() == before


class TestMembership:
    def test_a_later_membership_does_not_stand_in_for_one_from_today(self, eve: User, society: Society) -> None:
        today = timezone.localdate()
        membership.add(user=eve, society=society, starts_on=today + timedelta(days=30))
        membership.add(user=eve, society=society)
        assert access.is_member(eve)
        membership.add(user=eve, society=society)
        assert eve.memberships.count() == 2

    def test_who_left_may_come_back(self, eve: User, society: Society) -> None:
        today = timezone.localdate()
        membership.add(
            user=eve, society=society, starts_on=today - timedelta(days=99), ends_on=today - timedelta(days=9)
        )
        membership.add(user=eve, society=society)
        assert access.is_member(eve)

    def test_nobody_vouches_for_themselves_by_file(self, carol: User, society: Society) -> None:
        with pytest.raises(Invalid):
            membership.import_roster(actor=carol, society=society, data=f"email\n{carol.email}\n".encode())


def test_accounts_that_nobody_used_go_after_a_week(alice: User, eve: User) -> None:
    old = timezone.now() - timedelta(days=8)
    registration.ensure_account("typo@sample.test")
    User.objects.update(created_at=old)
    registration.ensure_account("fresh@sample.test")
    assert registration.remove_unused() == 1
    assert set(User.objects.values_list("email", flat=True)) == {alice.email, eve.email, "fresh@sample.test"}
