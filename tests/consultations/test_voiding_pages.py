"""The organiser's page on which somebody's part is ended and restored."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from consultations import counts, voiding, voting
from consultations.models import Consultation, Opinion, Participant, Voiding
from tests.conftest import Make
from tests.consultations.stage import Stage

As = Callable[[User | None], Client]
PAGE = "/organise/consultations/talent/voiding/"
VOID, RESTORE = f"{PAGE}void/", f"{PAGE}restore/"
REASON = "계정이 둘입니다"


@pytest.fixture
def voted(stage: Stage) -> Opinion:
    opinion = stage.publish()
    voting.cast(user=stage.member, opinion=opinion, value=1)
    voting.retally([opinion.pk])
    return opinion


@pytest.fixture
def participant(stage: Stage, voted: Opinion) -> Participant:
    return Participant.objects.get(user=stage.member)


def test_found_ended_and_restored(as_: As, dan: User, stage: Stage, voted: Opinion, participant: Participant) -> None:
    client = as_(dan)
    page = client.post(f"{PAGE}?lang=en", {"email": " Member@Sample.Test "}).content.decode()
    assert "Member" in page and "1 vote<" in page and "Imaginary Materials Society" in page and VOID in page
    assert client.post(VOID, {"participant": participant.pk, "reason": REASON}).headers["Location"] == PAGE
    assert counts.stored(Opinion.objects.get(pk=voted.pk)).total == 0
    page = client.post(f"{PAGE}?lang=en", {"email": "member@sample.test"}).content.decode()
    assert REASON in page and "Restore this part" in page and RESTORE in page
    assert client.post(RESTORE, {"participant": participant.pk, "reason": "한 사람이 맞습니다"}).status_code == 302
    assert counts.stored(Opinion.objects.get(pk=voted.pk)).agree == 1
    page = client.get(f"{PAGE}?lang=en").content.decode()
    assert REASON in page and "한 사람이 맞습니다" in page and "ended" in page and "restored" in page and "Dan" in page


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("nobody@sample.test", "Nobody with this address takes part here."),
        ("nonsense", "This is not an e-mail address."),
        ("", "This is not an e-mail address."),
    ],
)
def test_nobody_is_found(as_: As, dan: User, participant: Participant, email: str, said: str) -> None:
    answer = as_(dan).post(f"{PAGE}?lang=en", {"email": email})
    assert answer.status_code == 422 and said in answer.content.decode() and email in answer.content.decode()


@pytest.mark.parametrize(("language", "said"), [("en", "Please write the reason"), ("ko", "사유")])
@pytest.mark.parametrize("reason", ["", "  ", "가" * 301])
def test_w06_without_a_reason_it_is_said_and_the_person_stays(
    as_: As, dan: User, participant: Participant, reason: str, language: str, said: str
) -> None:
    answer = as_(dan).post(f"{VOID}?lang={language}", {"participant": participant.pk, "reason": reason})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and f'value="{participant.pk}"' in page and reason in page
    assert not Voiding.objects.exists()


def test_sent_twice_it_is_said_and_done_once(as_: As, dan: User, participant: Participant) -> None:
    answers = [as_(dan).post(VOID, {"participant": participant.pk, "reason": REASON}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 422] and Voiding.objects.count() == 1
    assert REASON in answers[1].content.decode() and RESTORE in answers[1].content.decode()


@pytest.mark.parametrize("who", ["alice", "bob", "carol", "eve"])
def test_only_organisers(as_: As, request: pytest.FixtureRequest, participant: Participant, who: str) -> None:
    client = as_(request.getfixturevalue(who))
    sent = {"participant": participant.pk, "reason": REASON, "email": "member@sample.test"}
    assert client.get(PAGE).status_code == 403
    assert {client.post(address, sent).status_code for address in (PAGE, VOID, RESTORE)} == {403}
    assert not Voiding.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OFFICIAL])
def test_no_other_role(as_: As, consultation: Consultation, make_user: Make, role: Role) -> None:
    assert as_(make_user("Other", role=role)).get(PAGE).status_code == 403


def test_a_visitor_signs_in(as_: As, consultation: Consultation) -> None:
    for answer in (as_(None).get(PAGE), as_(None).post(VOID), as_(None).post(RESTORE)):
        assert answer.headers["Location"] == f"/account/sign-in/?next={PAGE}"


def test_an_organiser_does_not_end_their_own_part(as_: As, dan: User, consultation: Consultation) -> None:
    own = Participant.objects.create(consultation=consultation, user=dan)
    answer = as_(dan).post(f"{VOID}?lang=en", {"participant": own.pk, "reason": REASON})
    assert answer.status_code == 422 and "Nobody decides on their own part." in answer.content.decode()


@pytest.mark.parametrize("given", ["", "x", "-1", "1" * 30, "０"])
def test_a_made_up_participant(as_: As, dan: User, consultation: Consultation, given: str) -> None:
    assert as_(dan).post(VOID, {"participant": given, "reason": REASON}).status_code == 404


def test_a_participant_of_another_consultation(as_: As, dan: User, participant: Participant) -> None:
    other = Consultation.objects.get()
    other.pk, other.slug = None, "other"
    other._state.adding = True
    other.save()
    address = VOID.replace("talent", "other")
    assert as_(dan).post(address, {"participant": participant.pk, "reason": REASON}).status_code == 404
    assert as_(dan).post(PAGE.replace("talent", "other"), {"email": "member@sample.test"}).status_code == 422


def test_no_address_holds_who_is_looked_for(as_: As, dan: User, participant: Participant) -> None:
    assert "Member" not in as_(dan).get(PAGE, {"email": "member@sample.test"}).content.decode()


def test_d06_it_costs_the_same_queries(as_: As, dan: User, participant: Participant) -> None:
    client = as_(dan)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    voiding.void(actor=dan, participant=participant, reason=REASON)
    cost()
    before = cost()
    for act in (voiding.restore, voiding.void) * 3:
        act(actor=dan, participant=participant, reason=REASON)
    assert cost() == before
