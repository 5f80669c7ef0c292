"""The pages of a redaction: find words, mark places, a second person confirms; nothing typed is lost, no word in an address."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from consultations import arguments, redaction, redaction_places, submission, versions
from consultations.models import Decision, Opinion, OpinionVersion
from tests.consultations.stage import TEXT, Stage

As = Callable[[User | None], Client]
NAME = "홍길동과장"


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def values(page: str) -> list[tuple[str, bool]]:
    """The places that a page offers, and whether each is ticked."""
    return [(m[1], "checked" in m[0]) for m in re.finditer(r'<input[^>]*name="place"\s+value="([^"]+)"[^>]*>', page)]


@pytest.fixture
def opinion(stage: Stage) -> Opinion:
    made = stage.publish(stage.submit(proposal=f"{NAME} 대신 위원회가 정하자", problem=f"첫 줄\n{NAME} 혼자 정한다"))
    versions.propose_version(user=stage.author, opinion=made, fields=TEXT | {"reason": f"{NAME}에게 물었다"})
    return made


@pytest.fixture
def page(opinion: Opinion) -> str:
    return f"/moderation/redact/opinion/talent/{opinion.number}/"


@pytest.fixture
def english(as_: As) -> Callable[[User], Client]:
    def sign_in(person: User) -> Client:
        client = as_(person)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


English = Callable[[User], Client]


def texts(opinion: Opinion) -> str:
    rows = OpinionVersion.objects.filter(opinion=opinion)
    return "\n".join(f"{v.proposal}\n{v.problem}\n{v.reason}" for v in rows)


def propose(client: Client, page: str, **changes: str) -> str:
    found = values(words(client.post(page, {"act": "find", "words": NAME})))
    form = {"act": "propose", "found": NAME, "place": [v for v, _is in found], "reason": "personal_data"} | changes
    return words(client.post(page, form, follow=True))


def test_finding_shows_every_place_of_every_version_ticked(english: English, stage: Stage, page: str) -> None:
    client = english(stage.first)
    assert values(words(client.get(page))) == []
    shown = words(client.post(page, {"act": "find", "words": NAME}))
    assert [ticked for _value, ticked in values(shown)] == [True] * 3
    assert "3 places" in shown and "Version 1" in shown and "Version 2" in shown
    assert shown.count(f"<mark>{NAME}</mark>") == 6  # in the texts and in the list
    assert not Decision.objects.filter(verb="redact").exists()


def test_what_was_unticked_stays_so_and_more_words_come_to_it(english: English, stage: Stage, page: str) -> None:
    client = english(stage.first)
    first = values(words(client.post(page, {"act": "find", "words": NAME})))
    form = {"act": "find", "found": NAME, "words": "위원회", "place": [first[0][0]]}
    shown = dict(values(words(client.post(page, form))))
    assert [shown[value] for value, _is in first] == [True, False, False] and sum(shown.values()) == 2
    assert "does not stand in these texts" in words(client.post(page, {"act": "find", "words": "없는 이름"}))


def test_two_people_and_the_text_is_gone(english: English, stage: Stage, page: str, opinion: Opinion) -> None:
    assert "You proposed this" in propose(english(stage.first), page, note="이름이 있습니다")
    assert NAME in texts(opinion)
    second = english(stage.second)
    shown = words(second.get(page))
    assert "3 places are proposed" in shown and "이름이 있습니다" in shown and f"<mark>{NAME}</mark>" in shown
    first = Decision.objects.get(verb="redact")
    shown = words(second.post(page, {"act": "confirm", "first": first.pk}, follow=True))
    assert "The words are gone for good" in shown and "█████ 대신 위원회가" in shown
    assert NAME not in texts(opinion) and NAME not in shown


def test_the_second_may_decline(english: English, stage: Stage, page: str, opinion: Opinion) -> None:
    propose(english(stage.first), page)
    first = Decision.objects.get(verb="redact")
    shown = words(english(stage.second).post(page, {"act": "decline", "first": first.pk}, follow=True))
    assert "Declined" in shown and NAME in texts(opinion)
    shown = words(english(stage.third).post(page, {"act": "confirm", "first": first.pk}, follow=True))
    assert "Second decided on this at" in shown and NAME in texts(opinion)


def test_the_first_neither_confirms_nor_declines_but_takes_it_back(
    english: English, stage: Stage, page: str, opinion: Opinion
) -> None:
    client = english(stage.first)
    shown = propose(client, page)
    assert 'value="confirm"' not in shown and 'value="undo"' in shown
    first = Decision.objects.get(verb="redact")
    for act in ("confirm", "decline"):
        shown = words(client.post(page, {"act": act, "first": first.pk}, follow=True))
        assert "This wants a second person." in shown
    assert "Taken back" in words(client.post(page, {"act": "undo", "first": first.pk}, follow=True))
    assert redaction.pending(opinion) is None and NAME in texts(opinion)


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"reason": "other"}, {"place": ""}, {"place": "1:proposal:0:99999:x"}]
)
def test_what_is_missing_comes_back_with_everything(
    english: English, stage: Stage, page: str, wrong: dict[str, str]
) -> None:
    client = english(stage.first)
    found = values(words(client.post(page, {"act": "find", "words": NAME})))
    form = {"act": "propose", "found": NAME, "place": [v for v, _is in found[:2]], "reason": "insult", "note": " "}
    answer = client.post(page, form | {"note": "" if "reason" in wrong else "두 곳입니다"} | wrong)
    shown = words(answer)
    assert answer.status_code == 422 and len(values(shown)) == 3
    assert "place" in wrong or [is_ticked for _value, is_ticked in values(shown)] == [True, True, False]
    assert "reason" in wrong or "두 곳입니다" in shown
    assert not Decision.objects.filter(verb="redact").exists()


def test_an_argument_that_its_author_changed_meanwhile_is_not_marked_blind(english: English, stage: Stage) -> None:
    argument = arguments.submit(
        user=stage.author, opinion=stage.another(), fields={"text": f"{NAME} 혼자 정한다", "side": "for"}
    )
    page, client = f"/moderation/redact/argument/{argument.pk}/", english(stage.first)
    found = values(words(client.post(page, {"act": "find", "words": NAME})))
    arguments.request_changes(actor=stage.second, case=stage.case(argument), note="고쳐 주십시오")
    arguments.resubmit(user=stage.author, argument=argument, fields={"text": "다른 글이다, 길이가 같은", "side": "for"})
    form = {"act": "propose", "found": NAME, "place": [v for v, _is in found], "reason": "personal_data"}
    answer = client.post(page, form)
    assert answer.status_code == 409 and "The author changed the text meanwhile" in words(answer)
    assert "The argument" in words(client.get(page))


def test_who_may_and_ids_of_nothing(as_: As, stage: Stage, page: str, opinion: Opinion, bob: User) -> None:
    assert as_(stage.member).get(page).status_code == 403
    assert as_(None).post(page, {"act": "find", "words": NAME}).status_code == 302
    other = stage.publish()
    foreign = redaction.propose(
        actor=stage.first, subject=other, places=redaction.find(other, TEXT["problem"]), reason="personal_data"
    )
    client = as_(stage.second)
    assert client.post(page, {"act": "confirm", "first": foreign.pk}).status_code == 404
    assert client.post(page, {"act": "confirm", "first": "x"}).status_code == 404
    assert client.get("/moderation/redact/opinion/talent/999/").status_code == 404
    own = submission.submit(user=bob, consultation=stage.consultation, fields=TEXT)
    shown = words(as_(bob).get(f"/moderation/redact/opinion/talent/{own.number}/"))
    assert 'name="words"' not in shown


# --- what is found by itself ------------------------------------------------------------------------------


def test_what_looks_like_personal_data_is_offered_ticked(english: English, stage: Stage) -> None:
    made = stage.publish(stage.submit(problem="문의는 010-1234-5678 로, 또는 010-8765-4321 로"))
    page, client = f"/moderation/redact/opinion/talent/{made.number}/", english(stage.first)
    shown = words(client.get(page))
    assert [ticked for _value, ticked in values(shown)] == [True, True] and "looks like personal data" in shown
    assert 'value="personal_data" selected' in shown
    kept = values(shown)[0][0]
    shown = words(client.post(page, {"act": "find", "words": "문의", "place": [kept]}))
    assert [ticked for _value, ticked in values(shown)] == [True, True, False]  # 문의, and the first number alone


def test_places_that_overlap_or_touch_are_one(opinion: Opinion) -> None:
    found = redaction_places.of_words(opinion, ["홍길동", "동과장", NAME])
    assert [place.length for place in found] == [5, 5, 5]
