"""What the pages of the admin show of a text, and what they never show: its author where that is hidden, keys of the code."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from consultations import arguments, moderation, removal, states, versions
from consultations.models import Case, Consultation, Decision
from consultations.models.cases import Reason
from consultations.models.opinions import State
from tests.conftest import Make
from tests.consultations.nasty import NASTY, inert
from tests.consultations.stage import TEXT, Stage
from tests.consultations.test_admin_desk import ADMIN, page_of, staffed, words_of

As = Callable[[User | None], Client]

__all__ = ["staffed"]


def test_the_author_stays_hidden_where_the_organiser_wants_it_so(as_: As, make_user: Make, staffed: Stage) -> None:
    Consultation.objects.update(hides_authors=True)
    staffed.author.name = "Zacharias Unverwechselbar"
    staffed.author.save()
    opinion = staffed.submit(shown_as="name")
    versions.request_changes(actor=staffed.first, case=staffed.case(opinion), note="고쳐 주십시오")
    versions.resubmit(user=staffed.author, opinion=opinion, fields=TEXT | {"shown_as": "name"})
    case = staffed.case(opinion)
    client = as_(staffed.third)
    submitted = Decision.objects.get(verb="submit", opinion=opinion)
    for page in (page_of(case), page_of(opinion), page_of(submitted), f"{ADMIN}/decision/", f"{ADMIN}/case/"):
        assert "Zacharias" not in client.get(page).content.decode(), page
    assert "The author is shown when it is decided" in words_of(client.get(page_of(case)))
    for table in ("case", "opinion", "decision"):
        found = words_of(client.get(f"{ADMIN}/{table}/?q=Zacharias"))
        assert "0 " in found and TEXT["proposal"][:6] not in found
    moderation.publish(actor=staffed.first, case=case)
    assert "Zacharias" in client.get(page_of(opinion)).content.decode()


def test_personal_data_is_marked_and_what_people_wrote_stays_text(as_: As, staffed: Stage) -> None:
    for evil in NASTY:
        opinion = staffed.submit(problem=f"전화 010-1234-5678 {evil}", reason=evil)
        page = as_(staffed.first).get(page_of(staffed.case(opinion))).content.decode()
        assert inert(page), evil
        assert "<mark" in page and "Possible personal data." in page
    assert "possible personal data" in words_of(as_(staffed.first).get(f"{ADMIN}/case/"))


CODES = sorted(
    {code for code in (*states.VERBS, *State.values, *Reason.values) if "_" in code}
    | {"held_by_another", "already_decided", "own_opinion", "in_time"}
)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_page_shows_a_key(as_: As, staffed: Stage, language: str) -> None:
    opinion = staffed.put(State.CHANGES_REQUESTED)
    held = staffed.put(State.HELD)
    argument = staffed.argue()
    arguments.reject(actor=staffed.first, case=staffed.case(argument), reason="off_topic")
    first = removal.propose(actor=staffed.second, subject=held, reason="not_a_member")
    rows = [opinion, held, argument, first, *Case.objects.all(), *Decision.objects.all()]
    client = as_(staffed.third)
    pages = [page_of(row) for row in rows] + [f"{ADMIN}/{t}/" for t in ("case", "opinion", "argument", "decision")]
    pages += [f"{ADMIN}/case/?cases=all", f"{ADMIN}/bulk/"]
    for page in pages:
        answer = client.get(f"{page}{'&' if '?' in page else '?'}lang={language}")
        assert answer.status_code == 200, page
        seen = words_of(answer)
        assert [code for code in CODES if re.search(rf"\b{code}\b", seen)] == [], page
        assert not re.search(r"object \([0-9a-f-]+\)|%\(\w+\)s|<lazy|None\b", seen), page
        with translation.override(language):
            assert str(Case._meta.verbose_name_plural).lower() in seen.lower()
