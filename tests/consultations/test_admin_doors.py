"""No vote and no decision is changed through the admin, by nobody; what organisers do there goes through its function."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client

from accounts.models import Role, User
from consultations import arguments, bulk, holding, priorities, reasons, reports, voiding, voting
from consultations.models import Decision, Opinion, Participant, ReasonText, Voiding, Vote
from tests.conftest import Make
from tests.consultations.stage import Stage
from tests.consultations.test_admin_desk import page_of, staffed, words_of

As = Callable[[User | None], Client]

__all__ = ["staffed"]

#: What is on record, and what it hangs on. Nothing of it is added, changed or deleted by a form of the admin.
KEPT = {
    "argument", "bulk", "bulkrow", "case", "coauthor", "decision", "helpful", "merge", "opinion", "opinionversion",
    "participant", "priority", "redaction", "report", "rollentry", "voiding", "vote", "votelog",
}  # fmt: skip
#: These have no page at all: staff would see who voted what, who reported, or what is not sent yet.
SHUT = {
    "bulkrow", "coauthor", "draft", "helpful", "merge", "opinionversion", "priority", "redaction", "report", "rollentry",
    "savedfilter", "voiding", "vote", "votelog",
}  # fmt: skip
REFUSED = {403, 404, 405}


@pytest.fixture
def root(make_user: Make) -> User:
    """A superuser with every role besides."""
    person = make_user("Root", is_staff=True, is_superuser=True, language="en")
    for role in (Role.MODERATOR, Role.ORGANISER, Role.AUDITOR):
        person.role_grants.create(role=role)
    return person


@pytest.fixture
def full(staffed: Stage, voters: list[User]) -> Stage:
    """Something in every table that is kept."""
    opinion = staffed.publish()
    for person in voters:
        voting.cast(user=person, opinion=opinion, value=1)
    priorities.mark(user=voters[0], opinion=opinion)
    argument = staffed.argue()
    arguments.publish(actor=staffed.first, case=staffed.case(argument))
    arguments.mark(user=voters[0], argument=argument)
    reports.report(user=staffed.member, opinion=opinion, reason="insult")
    holding.hold(actor=staffed.first, subject=argument, reason="insult")
    bulk.run(actor=staffed.first, verb="publish", cases=[staffed.case(staffed.submit())])
    participant = Participant.objects.get(user=voters[1])
    voiding.void(actor=staffed.people["organiser"], participant=participant, reason="Betrug")
    return staffed


def contents() -> dict[str, list[Any]]:
    """Every row of the tables of this floor, as it stands."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("consultations").get_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t ORDER BY 1')
            found[model._meta.model_name or ""] = cursor.fetchall()
    return found


def addresses(model: type[Model]) -> list[str]:
    """Where a form of the admin would add, change or delete rows of a table."""
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
    rows = [str(row.pk) for row in model._default_manager.all()[:3]] or ["1"]
    return [f"{base}/add/", *(f"{base}/{pk}/{act}/" for pk in rows for act in ("change", "delete"))]


def typed(row: Model) -> dict[str, Any]:
    """Other values for all columns of a row."""
    return {field.name: "1" for field in row._meta.fields if field.name != "id"} | {"_save": "Save", "post": "yes"}


@pytest.mark.parametrize("who", ["root", "first", "organiser"])
def test_no_vote_and_no_decision_is_changed_at_any_address(as_: As, full: Stage, root: User, who: str) -> None:
    person = {"root": root, "first": full.first, "organiser": full.people["organiser"]}[who]
    client, before = as_(person), contents()
    models = [model for model in apps.get_app_config("consultations").get_models() if model._meta.model_name in KEPT]
    assert {model._meta.model_name for model in models} == KEPT
    assert all(before[name] for name in KEPT - {"merge", "coauthor", "redaction"})
    for model in models:
        for address in addresses(model):
            answer = client.post(address, typed(model()))
            assert answer.status_code in REFUSED, (address, answer.status_code)
        shut = client.get(f"/admin/consultations/{model._meta.model_name}/").status_code
        assert (shut == 404) == (model._meta.model_name in SHUT)
    assert contents() == before


def test_nothing_else_of_the_site_takes_them_along(as_: As, full: Stage, root: User) -> None:
    """Every table of the admin: deleting its rows, one by one and by the action, leaves what is kept as it is."""
    client, before = as_(root), contents()
    for model in list(admin.site._registry):
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        keys = [str(row.pk) for row in model._default_manager.all()[:3]]
        for key in keys:
            assert client.post(f"{base}{key}/delete/", {"post": "yes"}).status_code in {200, 302, 403, 404}
        client.post(base, {"action": "delete_selected", "_selected_action": keys, "post": "yes"})
    after = contents()
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}
    assert Vote.objects.exists() and Decision.objects.exists()


def test_what_has_no_page_is_in_no_index(as_: As, full: Stage, root: User) -> None:
    registered = {model._meta.model_name for model in admin.site._registry if model._meta.app_label == "consultations"}
    assert not registered & SHUT
    assert registered == {
        "argument", "bulk", "case", "consultation", "decision", "opinion", "participant", "reasontext"
    }  # fmt: skip
    index = as_(full.first).get("/admin/").content.decode()
    assert "/admin/consultations/case/" in index and "/admin/consultations/participant/" not in index
    assert "/admin/consultations/" not in as_(full.author).get("/admin/").content.decode()  # staff without a role


def test_every_page_opens_for_who_may_read_it(as_: As, full: Stage, root: User) -> None:
    client = as_(root)
    for table in ("argument", "bulk", "case", "consultation", "decision", "opinion", "participant", "reasontext"):
        model = apps.get_model("consultations", table)
        assert client.get(f"/admin/consultations/{table}/?q=1").status_code == 200, table
        for row in model._default_manager.all():
            assert client.get(page_of(row)).status_code == 200, row
        assert client.get(f"/admin/consultations/{table}/no-such/change/").status_code in {302, 404}


# --- what organisers do -------------------------------------------------------------------------------


def test_voiding_and_restoring(as_: As, full: Stage, voters: list[User]) -> None:
    opinion = Opinion.objects.get(number=1)
    person = Participant.objects.get(user=voters[2])
    client = as_(full.people["organiser"])
    empty = client.post(page_of(person, "void"), {"act": "void", "reason": " "})
    assert empty.status_code == 422 and "Please write the reason" in words_of(empty)
    counting = Vote.objects.counting().filter(opinion=opinion).count()
    assert client.post(page_of(person, "void"), {"act": "void", "reason": "Gekauft"}).status_code == 302
    assert Vote.objects.counting().filter(opinion=opinion).count() == counting - 1
    twice = client.post(page_of(person, "void"), {"act": "void", "reason": "Gekauft und so"})
    assert twice.status_code == 409 and "Gekauft und so" in twice.content.decode()
    seen = words_of(client.get(page_of(person)))
    assert "Gekauft" in seen and "Organiser" in seen and "Restore" in seen
    assert client.post(page_of(person, "void"), {"act": "restore", "reason": "Irrtum"}).status_code == 302
    assert Vote.objects.counting().filter(opinion=opinion).count() == counting
    assert Voiding.objects.filter(participant=person).count() == 2
    for other in (full.first, full.author):
        assert as_(other).post(page_of(person, "void"), {"act": "void", "reason": "x"}).status_code == 403
        assert as_(other).get(page_of(person)).status_code == 403


def test_the_page_of_a_participant_says_nothing_of_votes(as_: As, full: Stage, voters: list[User]) -> None:
    person = Participant.objects.get(user=voters[0])
    page = words_of(as_(full.people["organiser"]).get(page_of(person)))
    for word in ("Agree", "Disagree", "Pass ", "No. 1", "vote"):
        assert word not in page.replace("the votes leave every count", ""), word


def test_words_of_reasons(as_: As, full: Stage, root: User) -> None:
    client = as_(full.people["organiser"])
    address = "/admin/consultations/reasontext/off_topic/change/"
    listed = words_of(client.get("/admin/consultations/reasontext/"))
    assert "Outside this consultation" in listed and "of an organiser" not in listed
    assert "An opinion answers the question of this consultation." in client.get(address).content.decode()
    words = {**reasons.both("off_topic"), "title_en": "Another question"}
    missing = client.post(address, {**words, "rule_ko": ""})
    assert missing.status_code == 200 and not ReasonText.objects.exists()
    assert "Another question" in missing.content.decode()
    assert client.post(address, words).status_code == 302
    stored = ReasonText.objects.get()
    assert (stored.code, stored.title_en, stored.changed_by) == (
        "off_topic", "Another question", full.people["organiser"]
    )  # fmt: skip
    assert "of an organiser" in words_of(client.get("/admin/consultations/reasontext/"))
    assert as_(full.first).post(address, words).status_code == 403
    assert as_(full.first).post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert as_(root).post(address.replace("change", "delete"), {"post": "yes"}).status_code == 302
    assert not ReasonText.objects.exists()
    assert as_(root).post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403  # nothing to reset
    assert as_(root).get(address.replace("off_topic", "no_such")).status_code == 302


def test_a_superuser_without_a_role_changes_nothing(as_: As, full: Stage, make_user: Make) -> None:
    client = as_(make_user("Bare", is_staff=True, is_superuser=True))
    before = contents()
    consultation = full.consultation
    for address in ("reasontext/insult/change/", f"consultation/{consultation.pk}/change/"):
        client.post(f"/admin/consultations/{address}", reasons.both("insult"))
    client.post(page_of(Participant.objects.all()[0], "void"), {"act": "void", "reason": "x"})
    client.post(page_of(Decision.objects.all()[0], "undo"))
    assert contents() == before
