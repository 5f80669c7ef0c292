"""What the author of an argument does on its page: other words when changes were asked for, and taking it back."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from consultations import arguments, deciding
from consultations.models import Argument
from consultations.models.opinions import State
from tests.consultations.stage import Stage

pytestmark = pytest.mark.django_db
As = Callable[[User | None], Client]


def page_of(argument: Argument) -> str:
    return f"/consultations/arguments/{argument.pk}/mine/"


@pytest.fixture
def asked(stage: Stage) -> Argument:
    """Changes were asked for, with a note."""
    made = stage.argue()
    return arguments.request_changes(actor=stage.first, case=stage.case(made), note="출처를 적어 주십시오")


def test_w11_asked_for_changes_the_author_answers_and_the_same_moderator_sees_it(
    stage: Stage, as_: As, asked: Argument
) -> None:
    client = as_(stage.author)
    page = client.get(page_of(asked)).content.decode()
    assert "출처를 적어 주십시오" in page and f"{page_of(asked)}text/" in page
    form = client.get(f"{page_of(asked)}text/").content.decode()
    assert asked.text in form
    data = {"side": "for", "text": "출처가 있는 논거", "shown_as": "society"}
    assert client.post(f"{page_of(asked)}text/", data)["Location"] == page_of(asked)
    fresh = Argument.objects.get(pk=asked.pk)
    assert (fresh.text, fresh.state) == ("출처가 있는 논거", State.SUBMITTED)
    assert deciding.cases_of(fresh).get().claimed_by == stage.first


def test_w06_an_error_keeps_what_was_typed(stage: Stage, as_: As, asked: Argument) -> None:
    answer = as_(stage.author).post(f"{page_of(asked)}text/", {"side": "", "text": "길게 쓴 글"})
    assert answer.status_code == 422 and "길게 쓴 글" in answer.content.decode()
    assert Argument.objects.get(pk=asked.pk).text == asked.text


def test_too_late_is_said_and_keeps_the_text(stage: Stage, as_: As) -> None:
    made = stage.argue()
    data = {"side": "for", "text": "고친 글", "shown_as": "society"}
    answer = as_(stage.author).post(f"{page_of(made)}text/", data)
    assert answer.status_code == 422 and "고친 글" in answer.content.decode()


def test_withdrawn_when_the_box_is_ticked(stage: Stage, as_: As) -> None:
    made = stage.argue()
    client = as_(stage.author)
    assert "withdraw/" in client.get(page_of(made)).content.decode()
    client.post(f"{page_of(made)}withdraw/")
    assert Argument.objects.get(pk=made.pk).state == State.SUBMITTED
    client.post(f"{page_of(made)}withdraw/", {"sure": "yes"})
    assert Argument.objects.get(pk=made.pk).state == State.WITHDRAWN
    assert "withdraw/" not in client.get(page_of(made)).content.decode()


def test_a02_other_peoples_are_not_there(stage: Stage, as_: As, asked: Argument) -> None:
    for person in (stage.member, stage.first):
        for path in ("text/", "withdraw/"):
            assert as_(person).post(f"{page_of(asked)}{path}", {"sure": "yes", "text": "x"}).status_code == 404
    assert Argument.objects.get(pk=asked.pk).state == State.CHANGES_REQUESTED
