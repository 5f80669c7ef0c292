"""The page on which opinions are entered for others: who may, for whom, what is shown of members, and what is kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Role, Society, User
from common.errors import Invalid
from consultations import candidates, floor, voiding
from consultations.models import Consultation, Opinion, Participant
from consultations.models.opinions import Source
from notifications.models import Delivery
from summit.models import Meeting
from tests.conftest import Make
from tests.consultations.stage import TEXT

As = Callable[[User | None], Client]
PAGE = "/moderation/enter/talent/"
FIND = f"{PAGE}find/"


def posted(member: User | None = None, **more: Any) -> dict[str, Any]:
    return {**TEXT, "shown_as": "society", "quote": "on", "member": str(member.pk) if member else "", **more}


@pytest.fixture(autouse=True)
def here(consultation: Consultation) -> Consultation:
    return consultation


class TestEntering:
    def test_for_a_member_who_gets_the_receipt(self, as_: As, bob: User, alice: User) -> None:
        answer = as_(bob).post(PAGE, posted(alice, key="k"))
        made = Opinion.objects.get()
        assert answer.headers["Location"] == PAGE
        assert (made.source, made.entered_by, made.author and made.author.user) == (Source.ENTERED, bob, alice)
        assert Delivery.objects.filter(user=alice, occasion__kind="opinion_received").count() == 1
        page = as_(bob).get(f"{PAGE}?lang=en").content.decode()
        assert "What you have entered" in page and TEXT["proposal"] in page
        own = as_(alice).get(f"{made.get_absolute_url()}mine/?lang=en").content.decode()
        assert "entered for you by Bob" in own

    def test_from_the_floor_of_a_meeting(self, as_: As, bob: User, meeting: Meeting) -> None:
        as_(bob).post(PAGE, posted(meeting=str(meeting.pk)))
        made = Opinion.objects.get()
        assert (made.source, made.author, made.meeting) == (Source.FLOOR, None, meeting)
        page = as_(bob).get(f"{made.get_absolute_url()}?lang=en").content.decode()
        assert "First meeting" in page and "entered by Bob" in page

    def test_a_meeting_is_chosen_by_the_address(self, as_: As, bob: User, meeting: Meeting) -> None:
        page = as_(bob).get(PAGE, {"meeting": str(meeting.pk)}).content.decode()
        assert f'<option value="{meeting.pk}" selected>' in page

    def test_w01_sent_twice_it_is_one(self, as_: As, bob: User, alice: User) -> None:
        for _ in range(3):
            assert as_(bob).post(PAGE, posted(alice, key="same")).status_code == 302
        assert Opinion.objects.count() == 1

    def test_the_same_form_for_somebody_else_is_refused_and_then_sent(
        self, as_: As, bob: User, alice: User, frank: User
    ) -> None:
        as_(bob).post(PAGE, posted(alice, key="same"))
        answer = as_(bob).post(PAGE, posted(frank, key="same"))
        assert answer.status_code == 422 and Opinion.objects.count() == 1
        fresh = str(answer.context["form"]["key"].value())
        assert fresh != "same" and as_(bob).post(PAGE, posted(frank, key=fresh)).status_code == 302

    @pytest.mark.parametrize(("language", "said"), [("en", "Write at least one sentence."), ("ko", "한 문장")])
    def test_w06_an_error_keeps_the_text_and_the_person(
        self, as_: As, bob: User, alice: User, language: str, said: str
    ) -> None:
        answer = as_(bob).post(f"{PAGE}?lang={language}", posted(alice, reason="", addressee="교육부"))
        page = answer.content.decode()
        assert answer.status_code == 422 and said in page and not Opinion.objects.exists()
        assert TEXT["problem"] in page and "교육부" in page and f'value="{alice.pk}" checked' in page

    def test_neither_person_nor_meeting(self, as_: As, bob: User) -> None:
        answer = as_(bob).post(f"{PAGE}?lang=en", posted())
        assert answer.status_code == 422 and "Say for which member" in answer.content.decode()

    def test_not_after_submissions_closed_and_the_text_stays(self, as_: As, bob: User, alice: User) -> None:
        Consultation.objects.update(submissions_close_at=timezone.now() - timedelta(days=1))
        answer = as_(bob).post(PAGE, posted(alice))
        assert answer.status_code == 422 and TEXT["proposal"] in answer.content.decode()

    def test_u04_signed_out_meanwhile(self, as_: As, bob: User, alice: User) -> None:
        for address in (PAGE, FIND):
            client = as_(bob)
            owner = str(client.get(PAGE).context["form"]["owner"].value())
            Session.objects.all().delete()
            answer = client.post(address, posted(alice, owner=owner))
            assert answer.headers["Location"] == f"/account/sign-in/?next={PAGE}"
            client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
            page = client.get(PAGE).content.decode()
            assert TEXT["reason"] in page and f'value="{alice.pk}" checked' in page
        assert not Opinion.objects.exists()

    def test_markup_is_shown_and_never_run(self, as_: As, bob: User, alice: User) -> None:
        User.objects.filter(pk=alice.pk).update(name="<script>alert(1)</script>")
        page = as_(bob).post(FIND, posted(find="script")).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;" in page


class TestWho:
    @pytest.mark.parametrize(
        ("who", "status"), [("bob", 200), ("carol", 200), ("alice", 403), ("eve", 403), ("dan", 403)]
    )
    def test_who_opens_it(self, as_: As, request: pytest.FixtureRequest, who: str, status: int) -> None:
        client = as_(request.getfixturevalue(who))
        assert client.get(PAGE).status_code == status
        assert client.get("/moderation/enter/").status_code == (302 if status == 200 else 403)
        if status == 403:
            assert client.post(PAGE, posted()).status_code == client.post(FIND, posted(find="Al")).status_code == 403

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.OFFICIAL])
    def test_no_other_role(self, as_: As, make_user: Make, role: Role) -> None:
        assert as_(make_user("Other", role=role)).get(PAGE).status_code == 403

    def test_a_visitor_signs_in(self, as_: As) -> None:
        for answer in (as_(None).get(PAGE), as_(None).post(PAGE, posted()), as_(None).post(FIND, posted())):
            assert answer.headers["Location"] == f"/account/sign-in/?next={PAGE}"

    def test_a_secretary_for_the_own_society_only(
        self, as_: As, carol: User, alice: User, frank: User, meeting: Meeting
    ) -> None:
        client = as_(carol)
        for more in ({"member": str(frank.pk)}, {"member": "", "meeting": str(meeting.pk)}):
            assert client.post(PAGE, posted(key="k") | more).status_code == 422
        assert not Opinion.objects.exists()
        assert client.post(PAGE, posted(alice)).status_code == 302 and Opinion.objects.get().entered_by == carol

    @pytest.mark.parametrize("given", ["nonsense", "00000000-0000-4000-8000-000000000000", "eve", "bob"])
    def test_a_person_who_could_not_be_found_is_refused_alike(
        self, as_: As, request: pytest.FixtureRequest, bob: User, eve: User, given: str
    ) -> None:
        pk = str(request.getfixturevalue(given).pk) if given in ("eve", "bob") else given
        answer = as_(bob).post(f"{PAGE}?lang=en", posted() | {"member": pk})
        page = answer.content.decode()
        assert answer.status_code == 422 and "Please choose one of the people who were found." in page
        assert "ev…@" not in page and not Opinion.objects.exists()

    def test_a_meeting_of_another_summit_is_no_choice(self, as_: As, bob: User, meeting: Meeting) -> None:
        other = type(meeting.summit).objects.create(slug="other", title_ko="다른", title_en="Other")
        Meeting.objects.filter(pk=meeting.pk).update(summit=other)
        assert as_(bob).post(PAGE, posted(meeting=str(meeting.pk))).status_code == 422

    def test_a_consultation_that_does_not_exist(self, as_: As, bob: User) -> None:
        assert as_(bob).get("/moderation/enter/nowhere/").status_code == 404


class TestFinding:
    def names(self, client: Client, words: str) -> list[str]:
        answer = client.post(FIND, posted(find=words))
        assert answer.status_code == 200
        return [one.name for one in answer.context["people"]]

    def test_by_a_part_of_the_name_or_the_whole_address(self, as_: As, bob: User, alice: User, frank: User) -> None:
        for words in ("lic", "ALI", " alice@sample.test ", "Alice@Sample.Test"):
            assert self.names(as_(bob), words) == ["Alice"]
        for words in ("alice@", "@sample.test", "al%", "__", "lice@sample.test"):
            assert self.names(as_(bob), words) == []

    def test_what_was_typed_stays_and_nothing_is_stored(self, as_: As, bob: User, alice: User) -> None:
        page = as_(bob).post(FIND, posted(find="Ali")).content.decode()
        assert all(part in page for part in TEXT.values()) and f'value="{alice.pk}"' in page
        assert not Opinion.objects.exists()

    def test_an_address_is_told_in_part(self, as_: As, bob: User, alice: User) -> None:
        page = as_(bob).post(FIND, posted(find="Ali")).content.decode()
        assert alice.email not in page and "al…@sample.test" in page

    def test_only_who_may_take_part(
        self, as_: As, bob: User, eve: User, dan: User, make_user: Make, society: Society, consultation: Consultation
    ) -> None:
        gone, left, ended = (make_user(f"Person{n}", society) for n in ("A", "B", "C"))
        User.objects.filter(pk=gone.pk).update(is_active=False)
        Membership.objects.filter(user=left).update(ends_on=timezone.localdate() - timedelta(days=1))
        participant = Participant.objects.create(consultation=consultation, user=ended)
        voiding.void(actor=dan, participant=participant, reason="x")
        assert self.names(as_(bob), "Person") == [] and self.names(as_(bob), "Eve") == []
        assert self.names(as_(bob), "Bob") == []

    def test_a_secretary_finds_the_own_society_only(self, as_: As, carol: User, alice: User, frank: User) -> None:
        assert self.names(as_(carol), "alice@sample.test") == ["Alice"]
        assert self.names(as_(carol), "frank@sample.test") == self.names(as_(carol), "Frank") == []

    def test_a_secretary_finds_nobody_who_counts_for_another(
        self, as_: As, carol: User, frank: User, society: Society
    ) -> None:
        Membership.objects.create(user=frank, society=society, starts_on=timezone.localdate())
        assert self.names(as_(carol), "Frank") == []
        assert not floor.may_enter(carol, frank)

    @pytest.mark.parametrize(("language", "said"), [("en", "at least two letters"), ("ko", "두 글자")])
    def test_too_little_to_look_for(self, as_: As, bob: User, language: str, said: str) -> None:
        answer = as_(bob).post(f"{FIND}?lang={language}", posted(find=" a "))
        assert answer.status_code == 422 and TEXT["reason"] in answer.content.decode()
        if language == "en":
            assert said in answer.content.decode()

    def test_ten_at_most(self, as_: As, bob: User, make_user: Make, society: Society) -> None:
        for number in range(12):
            make_user(f"Many{number:02}", society)
        answer = as_(bob).post(f"{FIND}?lang=en", posted(find="Many"))
        assert len(answer.context["people"]) == candidates.MOST and "There are more" in answer.content.decode()

    def test_no_address_holds_who_is_looked_for(self, as_: As, bob: User, alice: User) -> None:
        answer = as_(bob).get(FIND, {"find": "Alice"})
        assert answer.status_code == 302 and "people" not in (answer.context or {})
        page = as_(bob).get(PAGE, {"find": "Alice", "member": str(alice.pk)}).content.decode()
        assert "al…@" not in page and 'name="member"' not in page

    def test_too_many_are_refused(self, as_: As, bob: User) -> None:
        client = as_(bob)
        answers = [client.post(FIND, posted(find="zz")).status_code for _ in range(121)]
        assert answers[-1] == 429 and set(answers[:-1]) == {200}

    def test_d06_it_costs_the_same_queries(self, as_: As, bob: User, make_user: Make, society: Society) -> None:
        client = as_(bob)

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.post(FIND, posted(find="Many"))
            return len(queries)

        make_user("Many00", society)
        cost()
        before = cost()
        for number in range(1, 9):
            make_user(f"Many{number:02}", society)
        assert cost() == before


def test_several_consultations_are_listed(as_: As, bob: User, consultation: Consultation) -> None:
    assert as_(bob).get("/moderation/enter/").headers["Location"] == PAGE
    other = Consultation.objects.get()
    other.pk, other.slug = None, "other"
    other._state.adding = True
    other.save()
    page = as_(bob).get("/moderation/enter/").content.decode()
    assert PAGE in page and "/moderation/enter/other/" in page


def test_the_same_checks_as_the_form_of_members(as_: As, bob: User, alice: User, consultation: Consultation) -> None:
    wrong = {"evidence": "no link", "proposal": "가" * 141, "theme": "999999"}
    entered = as_(bob).post(f"{PAGE}?lang=en", posted(alice, **wrong)).context["form"].errors
    own = as_(alice).post("/consultations/talent/submit/?lang=en", {**TEXT, "shown_as": "society", **wrong})
    assert dict(entered) == dict(own.context["form"].errors)
    with pytest.raises(Invalid):
        floor.enter(actor=bob, consultation=consultation, fields={**TEXT, **wrong}, member=alice)
