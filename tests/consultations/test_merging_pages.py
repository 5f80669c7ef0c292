"""The page of a merge: choosing, what will happen in words, what was typed stays, the result and its undo."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from consultations import holding, merging, moderation, versions, voting
from consultations.models import Consultation, Decision, Merge, Opinion
from consultations.models.opinions import State
from tests.consultations.stage import TEXT, Stage

As = Callable[[User | None], Client]
PAGE = "/moderation/merge/talent/"


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


@pytest.fixture
def third(as_: As, stage: Stage) -> Client:
    """A moderator who takes no part in anything else, reading English."""
    client = as_(stage.third)
    client.cookies["django_language"] = "en"
    return client


def joint(*opinions: Opinion, **changes: str) -> dict[str, object]:
    """The form as the page sends it."""
    text = {f"text-{name}": value for name, value in (TEXT | {"proposal": "함께 쓴 글"}).items()}
    seen = [f"{o.number}:{o.version_id}" for o in opinions]
    return {**text, "reason": "duplicate", "note": "", "seen": seen, **changes}


def address(*opinions: Opinion, into: Opinion | None = None) -> str:
    query = "&".join(f"with={o.number}" for o in opinions)
    return f"{PAGE}?{query}" + (f"&into={into.number}" if into else "")


Two = tuple[Opinion, Opinion]


def test_a_joint_text(third: Client, stage: Stage, pair: Two, voters: list[User]) -> None:
    voting.cast(user=voters[0], opinion=pair[0], value=1)
    voting.cast(user=voters[0], opinion=pair[1], value=1)
    voting.cast(user=voters[1], opinion=pair[1], value=1)
    voting.cast(user=voters[2], opinion=pair[1], value=-1)
    page = words(third.get(address(*pair)))
    assert "2 people who agreed" in page and "is moved" in page
    assert pair[0].version is not None and f"{pair[0].version.proposal}</textarea>" in page
    answer = third.post(address(*pair), joint(*pair), follow=True)
    made = Merge.objects.get()
    assert answer.redirect_chain[-1][0] == f"/moderation/merged/{made.pk}/"
    assert f"Merged into No. {made.target.number}" in words(answer) and "함께 쓴 글" in words(answer)
    assert {o.state for o in Opinion.objects.filter(pk__in=[o.pk for o in pair])} == {State.MERGED}


def test_into_one_that_stays_and_its_undo(third: Client, pair: Two) -> None:
    page = words(third.get(address(pair[0], into=pair[1])))
    assert f"The text of No. {pair[1].number} stays as it is" in page and "text-proposal" not in page
    third.post(address(pair[0], into=pair[1]), joint(pair[0]))
    made = Merge.objects.get()
    assert (made.is_joint, made.target) == (False, pair[1])
    page = words(third.post(f"/moderation/merged/{made.pk}/undo/", follow=True))
    assert "The merge is undone" in page and "Undo the merge" not in page
    pair[0].refresh_from_db()
    assert pair[0].state == State.PUBLISHED
    third.post(f"/moderation/merged/{made.pk}/undo/")
    assert Decision.objects.filter(verb="undo").count() == 1


def test_only_who_merged_undoes_it(third: Client, as_: As, stage: Stage, pair: Two) -> None:
    made = merging.merge(actor=stage.third, opinions=[pair[0]], into=pair[1])
    other = as_(stage.second)
    other.cookies["django_language"] = "en"
    assert "Undo the merge" not in words(other.get(f"/moderation/merged/{made.pk}/"))
    page = words(other.post(f"/moderation/merged/{made.pk}/undo/", follow=True))
    assert "Only who decided can undo it." in page and Opinion.objects.get(pk=pair[0].pk).state == State.MERGED
    assert as_(stage.member).get(f"/moderation/merged/{made.pk}/").status_code == 403
    assert as_(stage.member).post(address(*pair), joint(*pair)).status_code == 403


@pytest.mark.parametrize("wrong", [{"text-proposal": ""}, {"reason": "bogus"}, {"reason": "other"}])
def test_what_is_missing_is_said_and_everything_typed_stays(third: Client, pair: Two, wrong: dict[str, str]) -> None:
    answer = third.post(address(*pair), joint(*pair, **({"text-problem": "여러 줄로 쓴 문제"} | wrong)))
    assert answer.status_code == 422 and "여러 줄로 쓴 문제" in words(answer) and 'class="error"' in words(answer)
    assert not Merge.objects.exists()


def test_what_stands_against_it_is_said_before_and_after(third: Client, stage: Stage, pair: Two) -> None:
    waiting = stage.submit()
    moderation.claim(actor=stage.second, case=stage.case(waiting))
    page = words(third.get(address(pair[0], waiting)))
    assert "Second is working on this until" in page
    answer = third.post(address(pair[0], waiting), joint(pair[0], waiting))
    assert answer.status_code == 409 and "Second is working on this until" in words(answer)
    assert "함께 쓴 글" in words(answer) and not Merge.objects.exists()


def test_a_text_that_changed_meanwhile_is_not_merged_blind(third: Client, stage: Stage, pair: Two) -> None:
    form = joint(*pair)
    versions.propose_version(user=stage.author, opinion=pair[0], fields=TEXT | {"proposal": "새 글"})
    versions.approve_version(actor=stage.first, case=stage.case(pair[0], "version"), keeps_votes=True)
    answer = third.post(address(*pair), form)
    assert answer.status_code == 409 and "The author changed the text meanwhile" in words(answer)
    assert not Merge.objects.exists()


def test_own_opinions_and_numbers_of_nothing(as_: As, stage: Stage, pair: Two, third: Client) -> None:
    held = stage.publish()
    holding.hold(actor=stage.first, subject=held, reason="insult")
    page = words(third.get(f"{address(*pair)}&with=999&with={held.number}&with=x&into=998"))
    assert "No. 999 does not exist here" in page and f"No. {held.number} does not exist here, or cannot" in page
    assert as_(stage.third).get("/moderation/merge/nowhere/").status_code == 404


def test_one_alone_is_not_merged(third: Client, pair: Two) -> None:
    assert "Add at least two opinions" in words(third.get(address(pair[0])))
    answer = third.post(address(pair[0]), joint(pair[0]))
    assert answer.status_code == 422 and not Merge.objects.exists()


def test_search_by_number_and_by_words_and_what_is_similar(third: Client, stage: Stage, pair: Two) -> None:
    waiting = stage.submit(proposal="기다리는 제안 하나")
    for query in (str(pair[1].number), "다른 사람의"):
        page = words(third.get(f"{address(pair[0])}&q={query}"))
        assert f"with={pair[0].number}&amp;with={pair[1].number}" in page
    page = words(third.get(f"{address(pair[0])}&q=기다리는"))
    assert f"with={waiting.number}" in page
    assert "Nothing else that could be merged" in words(third.get(PAGE, {"q": "없는 말"}))


def test_how_many_are_asked_shows_no_hidden_count(
    third: Client, stage: Stage, pair: Two, voters: list[User], consultation: Consultation
) -> None:
    voting.cast(user=voters[0], opinion=pair[0], value=1)
    Consultation.objects.update(counts="after_voting")
    page = words(third.get(address(*pair)))
    assert "shows when you may see the counts" in page and "1 person" not in page


def test_the_latest_time(third: Client, pair: Two) -> None:
    soon = timezone.now() + timedelta(hours=23)
    Consultation.objects.update(voting_close_at=soon, submissions_close_at=timezone.now() - timedelta(hours=2))
    page = words(third.get(address(*pair)))
    assert "Voting closes in less than a day" in page
    assert third.post(address(*pair), joint(*pair)).status_code == 409
