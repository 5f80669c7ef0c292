"""What a decision leaves: one insert-only row, the opinion or argument moved, its case closed, its author told.

Called with the desk that `deciding.open_for` has opened, inside the same transaction.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from consultations import deciding, personal_data, search, states, telling, voting, waking
from consultations.deciding import Desk, Subject
from consultations.models import Argument, Case, Decision, Merge, OpinionVersion
from consultations.models.opinions import State

_MOVED = ("state", "version", "published_at", "publish_sequence", "changes_due_at", "merge")
_ARGUMENT_MOVED = ("state", "text", "language", "side", "shown_as", "published_at", "changes_due_at")


def record(
    desk: Desk,
    *,
    reason: str = "",
    note: str = "",
    versions: Iterable[int | None] = (),
    merge: Merge | None = None,
    target: State | None = None,
) -> Decision:
    """Write the decision and move what it is about, as the table of states says; other changed columns go along.

    `target` is the state before, for a verb that leads back there. `versions` are ids, never text.
    """
    subject, rule = desk.subject, desk.rule
    named = [pk for pk in versions if pk is not None]
    decision = Decision.objects.create(
        opinion=desk.opinion,
        argument=desk.argument,
        case=desk.case,
        actor=desk.actor,
        verb=rule.verb,
        from_state=subject.state,
        to_state=states.after(rule.verb, subject.state, target or ""),
        reason=reason,
        note=note,
        versions=named or _version_of(desk),
        waits_for_second=rule.second is not None,
        second_until=desk.now + rule.second if rule.second else None,
        answers=desk.first,
        merge=merge,
    )
    _move(subject, State(decision.to_state))
    return decision


def _version_of(desk: Desk) -> list[int]:
    if desk.argument is not None:
        return []
    found = desk.case.version_id if desk.case is not None else desk.opinion.version_id
    return [] if found is None else [found]


def _move(subject: Subject, target: State) -> None:
    subject.state = target
    if target != State.CHANGES_REQUESTED:
        subject.changes_due_at = None
    if isinstance(subject, Argument):
        subject.save(update_fields=_ARGUMENT_MOVED)
        return
    subject.save(update_fields=_MOVED)
    if target == State.PUBLISHED:
        search.index([subject.pk])
        waking.on_commit(waking.VECTORS)


def finish(desk: Desk, decision: Decision) -> Decision:
    """Close the case, recount where votes may have moved, and tell the author."""
    if desk.case is not None and desk.case.kind in desk.rule.cases:
        close([desk.case], decision)
    if decision.argument_id is None and decision.from_state != decision.to_state:
        voting.retally([desk.opinion.pk])
    telling.author(decision)
    return decision


def close(cases: Iterable[Case], decision: Decision) -> int:
    """Close some cases by a decision; who decided stands in them."""
    found = Case.objects.filter(pk__in=[case.pk for case in cases], closed_at=None)
    holder = {"claimed_by": decision.actor} if decision.actor_id else {}
    return found.update(closed_at=decision.created_at, closed_by=decision, **holder)


def close_all(desk: Desk, decision: Decision, *kinds: str) -> list[Case]:
    """Close the open cases of some kinds (none named: all) of what was decided on; gives those that were closed."""
    found: QuerySet[Case] = deciding.cases_of(desk.subject)
    cases = list(found.filter(kind__in=kinds) if kinds else found)
    close(cases, decision)
    return cases


def open_case(
    kind: str,
    subject: Subject,
    *,
    now: datetime,
    decision: Decision | None = None,
    version_id: int | None = None,
    offer_to: User | None = None,
) -> Case:
    """A case about an opinion or an argument, offered to one moderator first; when it is due a worker finds out."""
    opinion, argument = deciding.parts(subject)
    version = version_id or opinion.version_id
    assert version is not None
    own = opinion.version if version == opinion.version_id else OpinionVersion.objects.get(pk=version)
    return Case.objects.create(
        kind=kind,
        opinion=opinion,
        argument=argument,
        version_id=version,
        opened_at=now,
        opened_by=decision,
        looks_personal=personal_data.is_in(argument or own),
        claimed_by=offer_to,
        claimed_until=now + states.OFFERED if offer_to else None,
    )


def first_kind(subject: Subject) -> Case.Kind:
    """The kind of case in which something new waits."""
    return Case.Kind.ARGUMENT if isinstance(subject, Argument) else Case.Kind.NEW


def next_publish_sequence(consultation_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_consultation SET last_publish_sequence = last_publish_sequence + 1"
            " WHERE id = %s RETURNING last_publish_sequence",
            [consultation_id],
        )
        return int(cursor.fetchone()[0])
