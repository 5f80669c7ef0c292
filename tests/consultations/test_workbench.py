"""The moderators' page: what waits, in order, filtered; the next one claimed; every verb by one door; refusals lose nothing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from common.errors import Invalid
from consultations import (
    appeals,
    deciding,
    holding,
    moderation,
    removal,
    reports,
    review,
    saved_filters,
    saying,
    states,
    vectors,
    versions,
    workbench,
)
from consultations.models import Case, Consultation, Decision, Opinion, SavedFilter
from consultations.models.opinions import State
from consultations.workbench import Filter
from tests.consultations.stage import TEXT, Stage

pytestmark = pytest.mark.django_db
As = Callable[[User | None], Client]


def made(stage: Stage, count: int, **changes: str) -> list[Case]:
    return [stage.case(stage.submit(**changes)) for _ in range(count)]


class TestTheList:
    def test_pages_follow_each_other_without_gap_or_double(self, stage: Stage) -> None:
        """Many opened at one moment, some urgent: the place in the order is the case's own."""
        made(stage, 60)
        now = timezone.now()
        ids = list(Case.objects.order_by("opened_at").values_list("pk", flat=True))
        Case.objects.filter(pk__in=ids[20:40]).update(opened_at=now)
        Case.objects.filter(pk__in=ids[50:55]).update(urgent_since=now)
        Case.objects.filter(pk__in=ids[55:58]).update(urgent_since=now - timedelta(hours=1))
        seen: list[UUID] = []
        after: Case | None = None
        while True:
            page = workbench.page(Filter(), stage.first, after)
            seen += [case.pk for case in page.rows]
            if page.after is None:
                break
            after = Case.objects.get(pk=page.after)
        assert seen == list(Case.objects.waiting().values_list("pk", flat=True))
        assert len(set(seen)) == 60
        assert {*seen[:3]} == {*ids[55:58]} and {*seen[3:8]} == {*ids[50:55]}

    def test_a_closed_case_still_tells_where_to_go_on(self, stage: Stage) -> None:
        _first, second, third = made(stage, 3)
        moderation.reject(actor=stage.first, case=second, reason="off_topic")
        assert workbench.page(Filter(), stage.first, second).rows[0].pk == third.pk

    def test_filters(self, stage: Stage) -> None:
        one, two, three = made(stage, 3)
        moderation.claim(actor=stage.first, case=one)
        moderation.claim(actor=stage.second, case=two)
        Case.objects.filter(pk=three.pk).update(due_at=timezone.now(), half_at=timezone.now())
        stage.argue()
        for wanted, found in {
            Filter(kind="argument"): {"argument"},
            Filter(kind="new", held="mine"): {one.pk},
            Filter(kind="new", held="others"): {two.pk},
            Filter(kind="new", held="free"): {three.pk},
            Filter(due="late"): {three.pk},
            Filter(q=str(two.opinion.number)): {two.pk},
            Filter(q="제안 3"): {three.pk},
            Filter(q="대학원생에게 제안"): {one.pk, two.pk, three.pk},
            Filter(q="없는말"): set(),
            Filter(consultation="nowhere"): set(),
        }.items():
            rows = workbench.page(wanted, stage.first).rows
            assert {row.kind if wanted.kind == "argument" else row.pk for row in rows} == found, wanted

    def test_an_address_with_nonsense_shows_everything(self, stage: Stage) -> None:
        wanted = Filter.parse({"kind": "x", "held": "\x00", "due": "1", "q": "가" * 500})
        assert (wanted.kind, wanted.held, wanted.due, len(wanted.q)) == ("", "", "", workbench.LONGEST_SEARCH)
        assert Filter.parse({}) == Filter() and Filter().query == ""

    def test_counts_by_kind_and_of_what_is_overdue(self, stage: Stage) -> None:
        cases = made(stage, 3)
        stage.argue()
        Case.objects.filter(pk=cases[0].pk).update(due_at=timezone.now())
        found = workbench.counts()
        assert {row.kind: row.count for row in found.kinds} == {"new": 3, "argument": 1}
        assert (found.total, found.late) == (4, 1)

    @pytest.mark.parametrize("count", [5, 60])
    def test_at_most_twelve_queries_however_much_waits(
        self, stage: Stage, as_: As, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        made(stage, count)
        holding.hold(actor=stage.second, subject=stage.publish(), reason="insult")
        saved_filters.save(user=stage.first, name="늦은 것", wanted=Filter(due="late"))
        client = as_(stage.first)
        client.get("/moderation/")
        with django_assert_max_num_queries(12):
            answer = client.get("/moderation/")
        assert answer.status_code == 200
        if count > workbench.PAGE:
            assert "after=" in answer.content.decode()


class TestTheNextOne:
    def test_two_who_ask_get_two(self, stage: Stage) -> None:
        made(stage, 3)
        one = workbench.claim_next(actor=stage.first, wanted=Filter())
        two = workbench.claim_next(actor=stage.second, wanted=Filter())
        assert one is not None and two is not None and one.pk != two.pk
        assert (one.claimed_by, two.claimed_by) == (stage.first, stage.second)

    def test_it_goes_on_behind_the_last_and_then_from_the_start(self, stage: Stage) -> None:
        one, two, three = made(stage, 3)
        moderation.reject(actor=stage.first, case=two, reason="off_topic")
        assert workbench.claim_next(actor=stage.first, wanted=Filter(), after=two) == three
        moderation.reject(actor=stage.first, case=three, reason="off_topic")
        assert workbench.claim_next(actor=stage.first, wanted=Filter(), after=three) == one

    def test_own_texts_and_appeals_of_others_to_decide_are_passed_over(
        self, stage: Stage, consultation: Consultation
    ) -> None:
        stage.author.role_grants.create(role=Role.MODERATOR)
        rejected = stage.submit()
        moderation.reject(actor=stage.first, case=stage.case(rejected), reason="off_topic")
        appeals.appeal(user=stage.author, subject=rejected, words="다시 봐 주십시오")
        made(stage, 1)
        author = User.objects.get(pk=stage.author.pk)
        assert workbench.claim_next(actor=author, wanted=Filter()) is None
        found = workbench.claim_next(actor=stage.first, wanted=Filter())
        assert found is not None and found.kind == "new"
        assert workbench.claim_next(actor=stage.first, wanted=Filter(kind="appeal")) is None
        assert workbench.claim_next(actor=stage.third, wanted=Filter(kind="appeal")) is not None


class TestSavedFilters:
    def test_kept_under_a_name_changed_and_dropped(self, stage: Stage, as_: As) -> None:
        client = as_(stage.first)
        query = Filter(kind="new", due="late").query
        client.post("/moderation/filters/", {"name": "  늦은 것 ", "query": query})
        client.post("/moderation/filters/", {"name": "늦은 것", "query": Filter(kind="report").query})
        (kept,) = saved_filters.of(stage.first)
        assert (kept.name, kept.query) == ("늦은 것", "kind=report")
        assert saved_filters.of(stage.second) == []
        as_(stage.second).post(f"/moderation/filters/{kept.pk}/drop/")
        assert SavedFilter.objects.count() == 1
        as_(stage.first).post(f"/moderation/filters/{kept.pk}/drop/")
        assert SavedFilter.objects.count() == 0

    def test_what_cannot_be_kept(self, stage: Stage) -> None:
        for name, wanted in (("", Filter(kind="new")), ("a" * 61, Filter(kind="new")), ("alles", Filter())):
            with pytest.raises(Invalid):
                saved_filters.save(user=stage.first, name=name, wanted=wanted)
        for number in range(saved_filters.MOST):
            saved_filters.save(user=stage.first, name=str(number), wanted=Filter(kind="new"))
        with pytest.raises(Invalid):
            saved_filters.save(user=stage.first, name="one more", wanted=Filter(kind="new"))


class TestDeciding:
    def test_the_next_one_comes_by_itself_within_the_filter(self, stage: Stage, as_: As) -> None:
        one, _two, three = made(stage, 3)
        moderation.claim(actor=stage.second, case=_two)
        client, query = as_(stage.first), Filter(kind="new").query
        answer = client.post(f"/moderation/{one.pk}/decide/", {"verb": "publish", "query": query})
        assert answer["Location"] == f"/moderation/{three.pk}/?kind=new"
        assert Case.objects.get(pk=three.pk).claimed_by == stage.first
        answer = client.post(f"/moderation/{three.pk}/decide/", {"verb": "publish", "query": query})
        assert answer["Location"] == "/moderation/?kind=new"

    def test_who_comes_second_is_told_and_keeps_what_was_typed(self, stage: Stage, as_: As) -> None:
        (case,) = made(stage, 1)
        moderation.publish(actor=stage.second, case=case)
        data = {"verb": "reject", "reason": "off_topic", "note": "길게 쓴 까닭"}
        answer = as_(stage.first).post(f"/moderation/{case.pk}/decide/", data)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert stage.second.name in page and "길게 쓴 까닭" in page
        assert Decision.objects.filter(actor=stage.first).count() == 0

    def test_a_text_that_changed_meanwhile_is_not_decided_on(self, stage: Stage, as_: As) -> None:
        opinion = stage.publish()
        versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"proposal": "둘째 글"})
        case = stage.case(opinion, "version")
        seen = case.version_id
        versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"proposal": "셋째 글"})
        data = {"verb": "approve_version", "keeps_votes": "no", "version": seen, "note": "좋습니다"}
        answer = as_(stage.first).post(f"/moderation/{case.pk}/decide/", data)
        assert answer.status_code == 409
        assert "셋째 글" in answer.content.decode() and "좋습니다" in answer.content.decode()
        assert Opinion.objects.get().version == opinion.version

    def test_a_claim_of_a_colleague_stops_it(self, stage: Stage, as_: As) -> None:
        (case,) = made(stage, 1)
        moderation.claim(actor=stage.second, case=case)
        client = as_(stage.first)
        assert stage.second.name in client.get(f"/moderation/{case.pk}/").content.decode()
        assert client.post(f"/moderation/{case.pk}/decide/", {"verb": "publish"}).status_code == 409
        fetch = client.post(f"/moderation/{case.pk}/claim/", headers={"X-Requested-With": "fetch"})
        assert fetch.status_code == 409
        as_(stage.second).post(f"/moderation/{case.pk}/give-back/")
        client = as_(stage.first)
        assert client.post(f"/moderation/{case.pk}/claim/", headers={"X-Requested-With": "fetch"}).status_code == 204
        assert client.post(f"/moderation/{case.pk}/decide/", {"verb": "publish"}).status_code == 302

    def test_two_people_on_the_page(self, stage: Stage, as_: As) -> None:
        opinion = stage.publish()
        address = f"{desk_of(opinion)}decide/"
        assert as_(stage.first).post(address, {"verb": "hold", "reason": ""}).status_code == 422
        assert as_(stage.first).post(address, {"verb": "hold", "reason": "insult"}).status_code == 302
        hold = holding.pending_hold(fresh(opinion))
        assert hold is not None
        assert as_(stage.first).post(address, {"verb": "confirm_hold", "first": hold.pk}).status_code == 409
        assert as_(stage.second).post(address, {"verb": "confirm_hold", "first": hold.pk}).status_code == 302
        assert as_(stage.second).post(address, {"verb": "remove", "reason": "insult"}).status_code == 302
        proposal = removal.pending(fresh(opinion))
        assert proposal is not None
        assert "disabled" in as_(stage.second).get(desk_of(opinion)).content.decode()
        assert as_(stage.first).post(address, {"verb": "confirm_removal", "first": proposal.pk}).status_code == 302
        assert fresh(opinion).state == State.REMOVED

    def test_an_answer_to_another_opinions_decision_is_refused(self, stage: Stage, as_: As) -> None:
        one, two = stage.publish(), stage.publish()
        hold = holding.hold(actor=stage.first, subject=one, reason="insult")
        answer = as_(stage.second).post(f"{desk_of(two)}decide/", {"verb": "confirm_hold", "first": hold.pk})
        assert answer.status_code == 409
        assert not Decision.objects.filter(verb="confirm_hold").exists()

    def test_undone_from_the_page(self, stage: Stage, as_: As) -> None:
        (case,) = made(stage, 1)
        client = as_(stage.first)
        client.post(f"/moderation/{case.pk}/decide/", {"verb": "publish"})
        decision = Decision.objects.get(verb="publish")
        assert f"/moderation/undo/{decision.pk}/" in client.get("/moderation/").content.decode()
        as_(stage.second).post(f"/moderation/undo/{decision.pk}/")
        assert fresh(case.opinion).state == State.PUBLISHED
        answer = as_(stage.first).post(f"/moderation/undo/{decision.pk}/", {"next": "https://elsewhere.example/"})
        assert answer["Location"] == f"/moderation/{case.pk}/"
        assert fresh(case.opinion).state == State.SUBMITTED

    def test_a_verb_that_is_none_is_refused_in_words(self, stage: Stage, as_: As) -> None:
        (case,) = made(stage, 1)
        for verb in ("", "submit", "lapse_hold", "merge", "x" * 300):
            assert as_(stage.first).post(f"/moderation/{case.pk}/decide/", {"verb": verb}).status_code == 422

    def test_only_moderators_and_nobody_on_an_own_text(self, stage: Stage, as_: As) -> None:
        case = stage.case(stage.submit())
        opinion = stage.another()
        for address in (f"/moderation/{case.pk}/", desk_of(opinion)):
            assert as_(stage.member).get(address).status_code == 403
            assert as_(stage.member).post(f"{address}decide/", {"verb": "publish"}).status_code == 403
        stage.author.role_grants.create(role=Role.MODERATOR)
        client = as_(stage.author)
        assert "button-main" not in client.get(f"/moderation/{case.pk}/").content.decode().split("<article")[1]
        assert client.post(f"/moderation/{case.pk}/decide/", {"verb": "publish"}).status_code == 409
        assert fresh(case.opinion).state == State.SUBMITTED


class TestBeside:
    def test_every_verb_with_a_button_is_said_here_or_has_a_page(self) -> None:
        said = {
            v for v, rule in states.VERBS.items() if rule.act and rule.who not in ("author", "member", "staff", "clock")
        }
        elsewhere = {"undo", "confirm_redaction", "decline_redaction"}
        assert said - elsewhere == set(review.KEYS)
        assert {verb for verb in review.KEYS if not saying.can_say(verb)} == {"merge", "redact"}

    def test_no_key_stands_for_two_verbs_of_one_page(self, stage: Stage) -> None:
        for state in ("submitted", "published", "held", "rejected", "removed"):
            subject = stage.put(state)
            for case in (None, *deciding.cases_of(subject)):
                found = review.actions(stage.third, subject, case, review.first_of_two(subject), timezone.now())
                keys = [action.key for action in found]
                assert len(keys) == len(set(keys)), (state, keys)

    def test_personal_data_is_marked_and_nothing_is_run(self, stage: Stage, as_: As) -> None:
        case = stage.case(stage.submit(problem="<script>alert(1)</script> 연락처 010-1234-5678"))
        client = as_(stage.first)
        page = client.get(f"/moderation/{case.pk}/").content.decode()
        assert "010-1234-5678</mark>" in page and "<script>alert" not in page
        assert client.get("/moderation/").content.decode().count("개인정보") + 1

    def test_counts_of_earlier_decisions(self, stage: Stage) -> None:
        stage.publish()
        moderation.reject(actor=stage.first, case=stage.case(stage.submit()), reason="off_topic")
        found = review.earlier(stage.submit())
        assert found is not None
        assert (found.published, found.returned, found.rejected) == (1, 0, 1)

    def test_similar_ones_are_shown_without_itself(self, stage: Stage) -> None:
        first = stage.publish(stage.submit(proposal="박사후연구원에게 독립 연구비를 주자"))
        vectors.write_due()
        near = stage.submit(proposal="박사후연구원에게 독립 연구비를 주자!")
        assert near.version is not None
        assert [s.number for s in review.similar(near, near.version)] == [first.number]
        vectors.write_due()
        assert [s.number for s in review.similar(near, near.version)] == [first.number]

    def test_the_author_is_hidden_until_the_decision(self, stage: Stage, as_: As, consultation: Consultation) -> None:
        opinion = stage.submit(shown_as="name")
        Opinion.objects.filter(pk=opinion.pk).update(shown_as="name")
        case = stage.case(opinion)
        client = as_(stage.first)
        pages = [
            f"/moderation/{case.pk}/", "/moderation/", opinion.get_absolute_url(), desk_of(opinion),
            f"/moderation/merge/talent/?with={opinion.number}", f"/api/v1/opinions/{opinion.pk}/",
        ]  # fmt: skip
        named = [page for page in pages if stage.author.name in client.get(page).content.decode()]
        assert {*pages} - {*named} <= {"/moderation/"}
        Consultation.objects.update(hides_authors=True)
        for page in pages:
            assert stage.author.name not in client.get(page).content.decode(), page
        moderation.publish(actor=stage.first, case=case)
        assert stage.author.name in client.get(opinion.get_absolute_url()).content.decode()

    def test_reports_and_what_an_appeal_says_are_shown(self, stage: Stage, as_: As) -> None:
        reported = stage.publish()
        reports.report(user=stage.member, opinion=reported, reason="insult", note="이 부분")
        rejected = stage.submit()
        moderation.reject(actor=stage.first, case=stage.case(rejected), reason="off_topic", note="거절의 말")
        appeals.appeal(user=stage.author, subject=rejected, words="다시 봐 주십시오")
        client = as_(stage.third)
        assert "이 부분" in client.get(f"/moderation/{stage.case(reported, 'report').pk}/").content.decode()
        page = client.get(f"/moderation/{stage.case(rejected, 'appeal').pk}/").content.decode()
        assert "다시 봐 주십시오" in page and "거절의 말" in page


def fresh(opinion: Opinion) -> Opinion:
    return Opinion.objects.select_related("consultation").get(pk=opinion.pk)


def desk_of(opinion: Opinion) -> str:
    return f"/moderation/opinion/{opinion.consultation.slug}/{opinion.number}/"
