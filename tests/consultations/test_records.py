"""What only the database can keep, tried with raw SQL as the application's own role."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from consultations import bulk, holding, redaction, removal, voiding
from consultations.models import Bulk, BulkRow, Decision, Opinion, OpinionVersion, Redaction, Voiding
from tests.consultations.stage import Stage

RECORDS = {
    "decision": Decision,
    "redaction": Redaction,
    "bulk": Bulk,
    "bulkrow": BulkRow,
    "voiding": Voiding,
}
CHANGED = {
    "decision": "note = 'x'",
    "redaction": "start = 0",
    "bulk": "note = 'x'",
    "bulkrow": "said = 'x'",
    "voiding": "reason = 'x'",
}


@pytest.fixture
def written(stage: Stage, dan: User) -> Opinion:
    """A row in every table of records."""
    opinion = stage.publish()
    place = redaction.find(opinion, "대학원생")
    redaction.propose(actor=stage.first, subject=opinion, places=place, reason="personal_data")
    bulk.run(actor=stage.first, verb="publish", cases=[stage.case(stage.submit())])
    assert opinion.author is not None
    voiding.void(actor=dan, participant=opinion.author, reason="두 계정")
    return opinion


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


@pytest.mark.parametrize("table", RECORDS)
@pytest.mark.parametrize("act", ["UPDATE", "DELETE", "TRUNCATE"])
def test_a27_records_are_insert_only_for_everybody(written: Opinion, table: str, act: str) -> None:
    before = list(RECORDS[table]._default_manager.order_by("pk").values())
    name = f"consultations_{table}"
    refused(
        {"UPDATE": f"UPDATE {name} SET {CHANGED[table]}", "DELETE": f"DELETE FROM {name}"}.get(
            act, f"TRUNCATE {name} CASCADE"
        )
    )
    assert list(RECORDS[table]._default_manager.order_by("pk").values()) == before != []


def test_the_role_is_the_applications_and_no_owner_of_the_server(db: None) -> None:
    """The rules hold for the very role that the application uses; it may not switch triggers off in passing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert len(set(cursor.fetchone())) == 1


@pytest.mark.parametrize("verb", ["confirm_hold", "confirm_removal", "confirm_redaction"])
def test_one_person_is_not_two(stage: Stage, verb: str) -> None:
    opinion = stage.publish()
    first = stage.any_decision(opinion, "remove")
    for actor in (f"'{stage.first.pk}'", "NULL"):
        refused(
            "INSERT INTO consultations_decision (opinion_id, actor_id, verb, from_state, to_state, reason, note, versions,"
            f" waits_for_second, answers_id) VALUES ('{opinion.pk}', {actor}, '{verb}', 'published', 'removed', '', '',"
            f" '{{}}', false, {first.pk})"
        )


def test_a_confirmation_without_a_proposal_is_refused(stage: Stage) -> None:
    opinion = stage.publish()
    refused(
        "INSERT INTO consultations_decision (opinion_id, actor_id, verb, from_state, to_state, reason, note, versions,"
        f" waits_for_second) VALUES ('{opinion.pk}', '{stage.second.pk}', 'confirm_removal', 'published', 'removed', '',"
        " '', '{}', false)"
    )


def test_an_answer_is_about_the_same_text(stage: Stage) -> None:
    first = stage.any_decision(stage.publish(), "remove")
    other = stage.publish()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            opinion=other, actor=stage.second, verb="confirm_removal", from_state="published", to_state="removed",
            answers=first,
        )  # fmt: skip


def test_a_decision_is_answered_once(stage: Stage) -> None:
    opinion = stage.publish()
    first = holding.hold(actor=stage.first, subject=opinion, reason="insult")
    holding.confirm(actor=stage.second, first=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            opinion=opinion, actor=stage.third, verb="release", from_state="held", to_state="published", answers=first
        )


@pytest.mark.parametrize("column", ["proposal", "problem", "reason", "addressee", "interests"])
def test_a27_the_text_of_a_version_stays(stage: Stage, column: str) -> None:
    opinion = stage.publish()
    refused(f"UPDATE consultations_opinionversion SET {column} = 'x'")
    refused("UPDATE consultations_opinionversion SET evidence = '{x}', number = number + 1")
    # What counts may change: it is no text.
    assert OpinionVersion.objects.filter(opinion=opinion).update(votes_since=1) == 1


def test_removing_wants_a_row_of_each(stage: Stage) -> None:
    opinion = stage.publish()
    proposed = removal.propose(actor=stage.first, subject=opinion, reason="insult")
    assert (proposed.waits_for_second, proposed.to_state) == (True, "published")
    confirmed = removal.confirm(actor=stage.second, first=proposed)
    assert (confirmed.answers, confirmed.waits_for_second, confirmed.to_state) == (proposed, False, "removed")
    assert confirmed.actor_id != proposed.actor_id
