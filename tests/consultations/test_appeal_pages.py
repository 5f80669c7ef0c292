"""What an author reads of a decision, and the form of an appeal: kept whatever happens, and for nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import formats, timezone, translation

from accounts.models import User
from consultations import (
    appeals,
    arguments,
    deciding,
    holding,
    merging,
    moderation,
    reasons,
    removal,
    telling,
    undoing,
    versions,
)
from consultations.deciding import Subject
from consultations.models import Argument, Case, Decision, Opinion, Participant
from consultations.models.opinions import State
from tests.consultations.stage import TEXT, Stage, vote
from tests.consultations.test_holding import told

As = Callable[[User | None], Client]
WORDS = "이 의견은 규칙에 맞습니다."


def page_of(subject: Subject) -> str:
    if isinstance(subject, Argument):
        return reverse("my-argument", args=[subject.pk])
    return reverse("my-opinion", args=[subject.consultation.slug, subject.number])


def form_of(subject: Subject) -> str:
    if isinstance(subject, Argument):
        return reverse("argument-appeal", args=[subject.pk])
    return reverse("appeal", args=[subject.consultation.slug, subject.number])


def read(client: Client, subject: Subject, language: str = "en") -> str:
    answer = client.get(page_of(subject), {"lang": language})
    assert answer.status_code == 200
    return answer.content.decode()


def owner(client: Client, subject: Subject) -> str:
    return str(client.get(page_of(subject)).context["form"]["owner"].value())


@pytest.fixture(params=["opinion", "argument"])
def rejected(request: pytest.FixtureRequest, stage: Stage) -> Subject:
    return stage.put(State.REJECTED, argument=request.param == "argument")


class TestWhatIsRead:
    @pytest.mark.parametrize("language", ["en", "ko"])
    @pytest.mark.parametrize("state", [State.REJECTED, State.REMOVED, State.MERGED])
    def test_reason_rule_advice_and_until_when(self, as_: As, stage: Stage, state: str, language: str) -> None:
        subject = stage.put(state)
        page = read(as_(stage.author), subject, language)
        decided = appeals.against(subject)
        assert decided is not None
        with translation.override(language):
            words = reasons.of(decided.reason)
            until = formats.date_format(timezone.localtime(decided.created_at + timedelta(hours=72)), "MOMENT_FORMAT")
        assert words is not None
        for expected in (words.title, words.rule, words.advice, until, "Asia/Seoul", form_of(subject)):
            assert expected in page.replace("&#x27;", "'")

    def test_the_moment_is_on_the_readers_clock(self, as_: As, stage: Stage, rejected: Subject) -> None:
        User.objects.filter(pk=stage.author.pk).update(time_zone="Europe/Berlin")
        assert "Europe/Berlin" in read(as_(stage.author), rejected)

    def test_the_words_of_organisers(self, as_: As, dan: User, stage: Stage, rejected: Subject) -> None:
        fields = {f"{name}_{lang}": f"{name} in {lang}" for name in reasons.LENGTHS for lang in reasons.LANGUAGES}
        reasons.edit(actor=dan, code="off_topic", fields=fields)
        for language in reasons.LANGUAGES:
            page = read(as_(stage.author), rejected, language)
            assert all(f"{name} in {language}" in page for name in reasons.LENGTHS)

    def test_a_merged_one_names_what_it_went_into(self, as_: As, stage: Stage) -> None:
        merged = stage.put(State.MERGED)
        assert isinstance(merged, Opinion)
        target = Opinion.objects.get(merges__originals=merged)
        assert f'href="{target.get_absolute_url()}"' in read(as_(stage.author), merged)

    def test_a_hold_has_its_reason_and_no_form(self, as_: As, stage: Stage) -> None:
        page = read(as_(stage.author), stage.put(State.HELD))
        assert "Insulting" in page and "What moderators said" in page and "Send the appeal" not in page

    def test_a_published_one_has_neither(self, as_: As, stage: Stage) -> None:
        for argument in (False, True):
            page = read(as_(stage.author), stage.put(State.PUBLISHED, argument=argument))
            assert "What moderators said" not in page and "appeal" not in page

    def test_what_was_undone_is_not_read_as_the_decision(self, as_: As, stage: Stage) -> None:
        subject = stage.put(State.REJECTED)
        undoing.undo(actor=stage.first, decision=deciding.decisions_on(subject).get(verb="reject"))
        assert "Why it was not published" not in read(as_(stage.author), subject)

    def test_the_mail_leads_there(self, stage: Stage, rejected: Subject) -> None:
        kind = telling.ARGUMENT_DECIDED if isinstance(rejected, Argument) else telling.OPINION_DECIDED
        assert told(kind, stage.author)[-1].link.endswith(f"{page_of(rejected)}#appeal")

    def test_who_moderated_is_not_named(self, as_: As, stage: Stage, rejected: Subject) -> None:
        assert stage.first.name not in read(as_(stage.author), rejected).replace("First meeting", "")


class TestSending:
    def test_it_arrives_with_its_words(self, as_: As, stage: Stage, rejected: Subject) -> None:
        answer = as_(stage.author).post(form_of(rejected), {"note": WORDS})
        assert answer.headers["Location"] == f"{page_of(rejected)}#appeal"
        case = stage.case(rejected, "appeal")
        assert case.opened_by is not None and case.opened_by.note == WORDS
        page = read(as_(stage.author), rejected)
        assert WORDS in page and "waits for somebody who took no part" in page and "Send the appeal" not in page

    @pytest.mark.parametrize(
        ("language", "said"), [("en", "Please write the reason in words."), ("ko", "적어 주십시오")]
    )
    def test_w06_without_words_it_is_said_in_the_readers_language(
        self, as_: As, stage: Stage, rejected: Subject, language: str, said: str
    ) -> None:
        answer = as_(stage.author).post(f"{form_of(rejected)}?lang={language}", {"note": "  "})
        page = answer.content.decode()
        assert answer.status_code == 422 and said in page and 'aria-describedby="id_note_helptext' in page
        assert not Decision.objects.filter(verb="appeal").exists()

    def test_w06_what_is_too_long_comes_back(self, as_: As, stage: Stage, rejected: Subject) -> None:
        answer = as_(stage.author).post(form_of(rejected), {"note": "가" * 2001})
        assert answer.status_code == 422 and "가" * 2001 in answer.content.decode()

    def test_w01_sent_twice_it_is_one(self, as_: As, stage: Stage, rejected: Subject) -> None:
        client = as_(stage.author)
        places = [client.post(form_of(rejected), {"note": f" {WORDS}\r\n"}).status_code for _ in range(3)]
        assert places == [302, 302, 302] and Case.objects.filter(kind="appeal").count() == 1

    def test_another_one_is_refused_and_its_words_come_back(self, as_: As, stage: Stage, rejected: Subject) -> None:
        appeals.appeal(user=stage.author, subject=rejected, words=WORDS)
        answer = as_(stage.author).post(form_of(rejected), {"note": "다른 말"})
        page = answer.content.decode()
        assert answer.status_code == 422 and "다른 말" in page and 'type="submit">Send' not in page

    def test_after_72_hours_the_words_come_back(
        self, as_: As, stage: Stage, rejected: Subject, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        decided = appeals.against(rejected)
        assert decided is not None
        last = decided.created_at + timedelta(hours=72)
        monkeypatch.setattr("common.db.now", lambda: last)
        assert "The time to appeal ended on" in read(as_(stage.author), rejected)
        answer = as_(stage.author).post(f"{form_of(rejected)}?lang=en", {"note": WORDS})
        page = answer.content.decode()
        assert answer.status_code == 422 and WORDS in page and "The 72 hours to appeal are over." in page
        assert "Send the appeal" not in page

    def test_who_was_voided_reads_no_form(self, as_: As, stage: Stage, rejected: Subject) -> None:
        Participant.objects.filter(user=stage.author).update(voided_at="2026-01-01T00:00Z", void_reason="x")
        assert "Send the appeal" not in read(as_(stage.author), rejected)
        answer = as_(stage.author).post(form_of(rejected), {"note": WORDS})
        assert answer.status_code == 422 and WORDS in answer.content.decode()

    def test_markup_is_shown_and_never_run(self, as_: As, stage: Stage, rejected: Subject) -> None:
        nasty = "<script>alert(1)</script>{{ 7 }}\u202e"
        as_(stage.author).post(form_of(rejected), {"note": nasty})
        page = read(as_(stage.author), rejected)
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in page

    def test_opening_its_address_leads_to_the_page(self, as_: As, stage: Stage, rejected: Subject) -> None:
        answer = as_(stage.author).get(f"{form_of(rejected)}?lang=ko")
        assert answer.headers["Location"] == f"{page_of(rejected)}?lang=ko"

    def test_too_many_are_refused(self, as_: As, stage: Stage, rejected: Subject) -> None:
        client = as_(stage.author)
        answers = [client.post(form_of(rejected), {"note": ""}).status_code for _ in range(31)]
        assert set(answers[:30]) == {422} and answers[30] == 429


class TestSignedOutMeanwhile:
    def test_u04_the_text_is_there_after_signing_in(self, as_: As, stage: Stage, rejected: Subject) -> None:
        client = as_(stage.author)
        data = {"note": WORDS, "owner": owner(client, rejected)}
        Session.objects.all().delete()
        answer = client.post(form_of(rejected), data)
        assert answer.headers["Location"] == f"/account/sign-in/?next={page_of(rejected)}"
        client.force_login(stage.author, backend="django.contrib.auth.backends.ModelBackend")
        page = read(client, rejected)
        assert WORDS in page and "You were signed out meanwhile" in page
        assert not Decision.objects.filter(verb="appeal").exists()
        assert WORDS not in read(client, rejected)

    def test_w05_an_old_token_keeps_it_too(self, stage: Stage, rejected: Subject) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(stage.author, backend="django.contrib.auth.backends.ModelBackend")
        data = {"note": WORDS, "owner": owner(client, rejected), "csrfmiddlewaretoken": "old"}
        assert client.post(form_of(rejected), data).headers["Location"] == page_of(rejected)
        assert WORDS in read(client, rejected)

    def test_nobody_else_is_shown_it(self, as_: As, stage: Stage) -> None:
        """Two who wrote a joint text: the other one signs in at the same machine."""
        made = merging.merge(actor=stage.third, opinions=[stage.publish(), stage.another()], fields=TEXT)
        joint = made.target
        removal.confirm(actor=stage.second, first=removal.propose(actor=stage.first, subject=joint, reason="insult"))
        joint.refresh_from_db()
        client = as_(stage.author)
        data = {"note": WORDS, "owner": owner(client, joint)}
        Session.objects.all().delete()
        client.post(form_of(joint), data)
        client.force_login(stage.member, backend="django.contrib.auth.backends.ModelBackend")
        assert WORDS not in read(client, joint)


class TestWhatBecomesOfIt:
    @pytest.fixture
    def case(self, stage: Stage, rejected: Subject) -> Case:
        appeals.appeal(user=stage.author, subject=rejected, words=WORDS)
        return stage.case(rejected, "appeal")

    def test_refused(self, as_: As, stage: Stage, rejected: Subject, case: Case) -> None:
        appeals.refuse(actor=stage.third, case=case, reason="several_points", note="둘로 나누어 주십시오")
        page = read(as_(stage.author), rejected)
        assert "It was refused on" in page and "This decision is the last one." in page
        assert "Several proposals in one" in page and "둘로 나누어 주십시오" in page and "Send the appeal" not in page

    def test_granted(self, as_: As, stage: Stage, rejected: Subject, case: Case) -> None:
        appeals.grant(actor=stage.third, case=case)
        page = read(as_(stage.author), rejected)
        assert "It was granted on" in page and "waits for a moderator anew" in page
        assert "Why it was not published" not in page

    def test_granted_and_taken_back_it_waits_again(self, as_: As, stage: Stage, rejected: Subject, case: Case) -> None:
        undoing.undo(actor=stage.third, decision=appeals.refuse(actor=stage.third, case=case, reason="insult"))
        page = read(as_(stage.author), rejected)
        assert "waits for somebody who took no part" in page and "It was refused" not in page

    def test_rejected_again_it_cannot_be_appealed_again(
        self, as_: As, stage: Stage, rejected: Subject, case: Case
    ) -> None:
        appeals.grant(actor=stage.third, case=case)
        act = moderation if isinstance(rejected, Opinion) else arguments
        act.reject(actor=stage.second, case=stage.case(rejected), reason="unreadable")
        page = read(as_(stage.author), rejected)
        assert "Cannot be understood" in page and "Send the appeal" not in page and "The time to appeal" not in page


class TestWho:
    @pytest.mark.parametrize("who", ["member", "first", "third", "organiser", "stranger"])
    def test_nobody_but_its_author(self, as_: As, stage: Stage, rejected: Subject, who: str) -> None:
        client = as_(stage.people.get(who) or getattr(stage, who))
        assert client.get(page_of(rejected)).status_code == 404
        assert client.post(form_of(rejected), {"note": WORDS}).status_code == 404
        assert not Decision.objects.filter(verb="appeal").exists()

    def test_a_visitor_is_asked_to_sign_in(self, as_: As, rejected: Subject) -> None:
        for answer in (as_(None).get(page_of(rejected)), as_(None).post(form_of(rejected), {"note": WORDS})):
            assert answer.headers["Location"].endswith(f"/account/sign-in/?next={page_of(rejected)}")

    def test_an_opinion_that_is_hidden_is_not_read_through_an_argument(self, as_: As, stage: Stage) -> None:
        argument = stage.put(State.PUBLISHED, argument=True)
        opinion, _argument = deciding.parts(argument)
        assert opinion.version is not None
        assert opinion.version.proposal in read(as_(stage.author), argument)
        holding.hold(actor=stage.first, subject=opinion, reason="insult")
        page = read(as_(stage.author), argument)
        assert opinion.version.proposal not in page and "not shown at the moment" in page

    def test_own_arguments_are_listed_with_own_opinions(self, as_: As, stage: Stage) -> None:
        argument = stage.put(State.REJECTED, argument=True)
        assert page_of(argument) in as_(stage.author).get("/account/opinions/").content.decode()
        assert page_of(argument) not in as_(stage.member).get("/account/opinions/").content.decode()


def test_d06_the_page_costs_the_same_queries_however_long_the_history(as_: As, stage: Stage) -> None:
    subject = stage.put(State.REJECTED)
    client = as_(stage.author)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client, subject)
        return len(queries)

    cost()
    before = cost()
    for _ in range(20):
        stage.any_decision(subject, "reject")
    assert cost() == before <= 20


def test_votes_of_a_merged_one_stay_as_they_were(as_: As, stage: Stage, voters: list[User]) -> None:
    opinion = stage.publish()
    vote(voters, opinion, [1, 1, -1, None])
    merging.merge(actor=stage.third, opinions=[opinion], into=stage.another())
    opinion.refresh_from_db()
    as_(stage.author).post(form_of(opinion), {"note": WORDS})
    appeals.grant(actor=stage.second, case=stage.case(opinion, "appeal"))
    page = read(as_(stage.author), opinion)
    assert "The text is shown again, with its votes as they were." in page


def test_a_withdrawn_one_has_its_history_only(as_: As, stage: Stage) -> None:
    opinion = stage.publish()
    versions.withdraw(user=stage.author, opinion=opinion)
    page = read(as_(stage.author), opinion)
    assert "withdrawn" in page.lower() and "appeal" not in page
