"""The list of cases in the admin: filters, search, order, marks, claims, and one decision on many (A28)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from consultations import moderation, reports, submission, versions, voting
from consultations.models import Bulk, Case, Consultation, Decision, Opinion
from consultations.models.opinions import State
from tests.consultations.stage import TEXT, Stage
from tests.consultations.test_admin_desk import page_of, staffed, words_of

As = Callable[[User | None], Client]
LIST = "/admin/consultations/case/"

__all__ = ["staffed"]


def shown(answer: Any) -> list[str]:
    """The cases of a list, in its order."""
    return list(dict.fromkeys(re.findall(rf"{LIST}([0-9a-f-]{{36}})/change/", answer.content.decode())))


def choose(client: Client, verb: str, cases: list[Case]) -> Any:
    return client.post(LIST, {"action": verb, "_selected_action": [str(case.pk) for case in cases]}, follow=True)


def confirm(client: Client, looked: Any, **words: str) -> Any:
    """Send the form of the page that showed what would become of each."""
    given = re.findall(r'name="case" value="([^"]+)"', looked.content.decode())
    verb = re.findall(r'name="verb" value="([^"]+)"', looked.content.decode())[0]
    return client.post(f"{LIST}many/", {"verb": verb, "case": given, **words}, follow=True)


# --- the list -----------------------------------------------------------------------------------------


def test_what_waits_in_the_order_of_the_workbench(as_: As, staffed: Stage) -> None:
    old, reported, closed = (staffed.case(staffed.submit()) for _ in range(3))
    moderation.reject(actor=staffed.first, case=closed, reason="off_topic")
    Case.objects.filter(pk=reported.pk).update(urgent_since=timezone.now())
    client = as_(staffed.first)
    assert shown(client.get(LIST)) == [str(reported.pk), str(old.pk)]
    assert shown(client.get(LIST)) == [str(case.pk) for case in Case.objects.waiting()]
    assert "reported by several societies" in words_of(client.get(LIST))
    assert shown(client.get(f"{LIST}?cases=closed")) == [str(closed.pk)]
    assert set(shown(client.get(f"{LIST}?cases=all"))) == {str(c.pk) for c in (old, reported, closed)}


def test_filters_and_marks(as_: As, staffed: Stage, bob: User) -> None:
    mine, other, half, late = (staffed.case(staffed.submit()) for _ in range(4))
    moderation.claim(actor=staffed.first, case=mine)
    moderation.claim(actor=staffed.second, case=other)
    now = timezone.now()
    hour = timedelta(hours=1)
    Case.objects.filter(pk=half.pk).update(half_at=now - hour, due_at=now + hour)
    Case.objects.filter(pk=late.pk).update(half_at=now - 2 * hour, due_at=now - hour)
    client = as_(staffed.first)
    wanted = {
        "held=mine": [mine], "held=others": [other], "held=free": [half, late], "due=half": [half, late],
        "due=late": [late], "kind__exact=report": [], "held=free&due=late": [late],
        f"opinion__consultation__id__exact={staffed.consultation.pk}": [mine, other, half, late],
        f"q=No.+{late.opinion.number}": [late], f"q={late.opinion.number}": [late], "q=%EC%A0%9C%EC%95%88+3": [half],
    }  # fmt: skip
    for query, cases in wanted.items():
        assert shown(client.get(f"{LIST}?{query}")) == [str(case.pk) for case in cases], query
    seen = words_of(client.get(LIST))
    assert "● " in seen and "overdue" in seen and "◐ " in seen and "half of the time is over" in seen and "○ " in seen
    assert re.search(r"Second until \d\d:\d\d", seen)


def test_the_list_costs_the_same_queries_at_any_size(as_: As, staffed: Stage) -> None:
    client = as_(staffed.first)
    counted = []
    for more in (1, 2, 22):
        for _ in range(more):
            staffed.submit()
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counted.append(len(queries))
    assert len(set(counted)) == 1 and counted[0] <= 10, counted


@pytest.mark.parametrize("table", ["opinion", "decision", "argument", "participant"])
def test_nor_do_the_other_lists_cost_more(as_: As, staffed: Stage, voters: list[User], table: str) -> None:
    client = as_(staffed.people["organiser"])
    counted = []
    for more in (1, 4):
        for person in voters[:more]:
            voting.cast(user=person, opinion=staffed.publish(), value=1)
            staffed.argue()
        client.get(f"/admin/consultations/{table}/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/admin/consultations/{table}/").status_code == 200
        counted.append(len(queries))
    assert len(set(counted)) == 1 and counted[0] <= 10, counted


@pytest.mark.parametrize("lookup", [
    "opinion__author=1", "opinion__author__user__email=author%40sample.test", "opinion__agree_count__gt=0",
    "opinion__votes__value=1", "argument__author__id__exact=1", "opinion__author__user__name__startswith=A",
    "opinion__entered_by__isnull=0", "opinion__consultation__opinions__author=1", "claimed_by__email__startswith=f",
])  # fmt: skip
def test_an_address_asks_for_nothing_that_no_filter_shows(as_: As, staffed: Stage, lookup: str) -> None:
    staffed.submit()
    assert as_(staffed.first).get(f"{LIST}?{lookup}").status_code == 400


@pytest.mark.parametrize(
    "lookup", ["author=1", "agree_count__gte=0", "rank_agreed__gt=0", "votes__value=1", "agree_count=0"]
)
def test_nor_in_the_other_lists(as_: As, staffed: Stage, lookup: str) -> None:
    staffed.publish()
    client = as_(staffed.first)
    assert client.get(f"/admin/consultations/opinion/?{lookup}").status_code == 400
    assert client.get(f"/admin/consultations/decision/?opinion__{lookup}").status_code == 400
    assert client.get("/admin/consultations/decision/?actor=1").status_code == 400
    assert as_(staffed.people["organiser"]).get("/admin/consultations/participant/?votes__value=1").status_code == 400


def test_no_page_shows_counts(as_: As, staffed: Stage, voters: list[User]) -> None:
    """They may be hidden from moderators; 4,321 votes would be seen."""
    Consultation.objects.update(counts="at_close")
    opinion = staffed.publish()
    voting.cast(user=voters[0], opinion=opinion, value=1)
    Opinion.objects.update(agree_count=4321, disagree_count=4321, rank_votes=4321)
    client = as_(staffed.first)
    for page in (page_of(opinion), "/admin/consultations/opinion/", page_of(Decision.objects.get())):
        assert "4321" not in client.get(page).content.decode().replace(",", "")


# --- on many ------------------------------------------------------------------------------------------


def test_claiming_many(as_: As, staffed: Stage) -> None:
    cases = [staffed.case(staffed.submit()) for _ in range(3)]
    moderation.claim(actor=staffed.second, case=cases[1])
    told = words_of(choose(as_(staffed.first), "claim", cases))
    assert f"No. {cases[1].opinion.number}: Second is working on this until" in told
    holders = [Case.objects.get(pk=case.pk).claimed_by for case in cases]
    assert holders == [staffed.first, staffed.second, staffed.first]
    choose(as_(staffed.first), "give_back", cases)
    assert [Case.objects.get(pk=case.pk).claimed_by for case in cases] == [None, staffed.second, None]


@pytest.fixture
def mixed(staffed: Stage, bob: User) -> list[Case]:
    """Five that wait: a free one, one that a colleague holds, one that is decided, an own one of Bob's, an argument."""
    free, held, decided = (staffed.case(staffed.submit()) for _ in range(3))
    moderation.claim(actor=staffed.second, case=held)
    own = staffed.case(submission.submit(user=bob, consultation=staffed.consultation, fields=TEXT))
    argument = staffed.case(staffed.argue())
    moderation.reject(actor=staffed.second, case=decided, reason="off_topic")
    return [free, held, decided, own, argument]


def test_a28_looked_at_confirmed_kept_and_undone(as_: As, bob: User, staffed: Stage, mixed: list[Case]) -> None:
    client = as_(bob)
    before = Decision.objects.count()
    answer = client.post(
        f"{LIST}?cases=all", {"action": "publish", "_selected_action": [str(case.pk) for case in mixed]}
    )
    assert answer.status_code == 200 and Decision.objects.count() == before
    seen = words_of(answer)
    assert "Of 5 chosen, 2 can be decided on." in seen and seen.count("✓") == 2 and seen.count("✗") == 3
    for refusal in ("Second is working on this", "Second decided on this", "Nobody decides on an own opinion."):
        assert refusal in seen
    outcome = confirm(client, answer, note="고맙습니다")
    made = Bulk.objects.get()
    assert outcome.redirect_chain[-1][0] == page_of(made)
    kept = words_of(outcome)
    assert "2 of 5 done" in kept and kept.count("✓") == 2 and "Second decided on this" in kept and "Undo" in kept
    wanted = {"done", "held_by_another", "already_decided", "own_opinion"}
    assert {row.outcome for row in made.rows.all()} == wanted and not wanted - {"done"} & set(kept.split())
    assert Opinion.objects.get(pk=mixed[0].opinion_id).state == State.PUBLISHED
    refused = as_(staffed.second).post(page_of(made, "undo"), follow=True)
    assert "Only who decided can undo it." in words_of(refused)
    undone = as_(bob).post(page_of(made, "undo"), follow=True)
    assert "2 of 2 done" in words_of(undone) and "What this undid" in words_of(undone)
    assert Opinion.objects.get(pk=mixed[0].opinion_id).state == State.SUBMITTED
    assert "This was undone." in words_of(as_(bob).get(page_of(made)))
    assert "This was undone already." in words_of(as_(bob).post(page_of(made, "undo"), follow=True))


def test_rejecting_many_needs_a_reason_and_keeps_the_words(as_: As, staffed: Stage) -> None:
    cases = [staffed.case(staffed.submit()) for _ in range(2)]
    client = as_(staffed.first)
    looked = choose(client, "reject", cases)
    refused = confirm(client, looked, note="typed before")
    assert refused.status_code == 422
    assert "Please choose a reason." in words_of(refused) and "typed before" in refused.content.decode()
    assert Bulk.objects.count() == 0
    assert "2 of 2 done" in words_of(confirm(client, refused, reason="off_topic", note="typed before"))
    assert set(Opinion.objects.values_list("state", flat=True)) == {State.REJECTED}


def test_a_text_that_changed_since_it_was_looked_at_is_refused(as_: As, staffed: Stage) -> None:
    opinion = staffed.publish()
    versions.propose_version(user=staffed.author, opinion=opinion, fields=TEXT | {"reason": "다른 까닭"})
    client = as_(staffed.second)
    looked = choose(client, "reject_version", [staffed.case(opinion, "version")])
    versions.propose_version(user=staffed.author, opinion=opinion, fields=TEXT | {"reason": "셋째 까닭"})
    outcome = words_of(confirm(client, looked, reason="off_topic"))
    assert "0 of 1 done" in outcome and "The author changed the text meanwhile" in outcome


def test_what_is_not_for_many_is_refused(as_: As, staffed: Stage) -> None:
    opinion = staffed.publish()
    reports.report(user=staffed.member, opinion=opinion, reason="insult")
    case = staffed.case(opinion, "report")
    client = as_(staffed.second)
    for verb in ("hold", "remove", "grant_appeal", "no_such", ""):
        data = {"verb": verb, "case": f"{case.pk}:{case.version_id}", "reason": "insult"}
        answer = client.post(f"{LIST}many/", data, follow=True)
        assert "This is not done for many at once." in words_of(answer), verb
    for given in ([], ["x"], ["x:y"], [f"{case.pk}:-"], [f"{case.pk}"]):
        answer = client.post(f"{LIST}many/", {"verb": "dismiss_report", "case": given}, follow=True)
        assert "Please choose at least one." in words_of(answer), given
    assert not Decision.objects.exclude(verb="publish").exists() and not Bulk.objects.exists()


def test_looking_at_many_costs_few_queries(as_: As, staffed: Stage) -> None:
    client = as_(staffed.first)
    counted = []
    for size in (2, 20):
        cases = [staffed.case(staffed.submit()) for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert "can be decided on" in words_of(choose(client, "publish", cases))
        counted.append(len(queries))
    assert counted[1] - counted[0] <= 2, counted
