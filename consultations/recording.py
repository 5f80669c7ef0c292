"""What a decision leaves: one insert-only row, the opinion or argument moved, its case closed, its author told.

Called with the desk that `deciding.open_for` has opened, inside the same transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from consultations import deciding, personal_data, search, states, telling, voting, waking
from consultations.deciding import Desk, Subject
from consultations.models import Argument, Case, Decision, Merge, Opinion, OpinionVersion
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
    decision = Decision.objects.create(
        **facts(desk, reason=reason, note=note, versions=versions, target=target), merge=merge
    )
    _move(desk.subject, State(decision.to_state))
    return decision


def record_all(desks: Sequence[Desk], rows: Sequence[Decision]) -> list[Decision]:
    """`record` for many at once, each desk with the row of its `facts`: a fixed number of statements, however many."""
    decisions = Decision.objects.bulk_create(rows)
    for desk, decision in zip(desks, decisions, strict=True):
        _moved(desk.subject, State(decision.to_state))
    opinions = [desk.opinion for desk in desks if desk.argument is None]
    Opinion.objects.bulk_update(opinions, _MOVED)
    Argument.objects.bulk_update([desk.argument for desk in desks if desk.argument is not None], _ARGUMENT_MOVED)
    _published([opinion for opinion in opinions if opinion.state == State.PUBLISHED])
    return decisions


def facts(
    desk: Desk,
    *,
    reason: str = "",
    note: str = "",
    versions: Iterable[int | None] = (),
    target: State | None = None,
) -> dict[str, Any]:
    """The columns of a decision that is not written yet, from the state as it is now."""
    subject, rule = desk.subject, desk.rule
    named = [pk for pk in versions if pk is not None]
    return {
        "opinion": desk.opinion,
        "argument": desk.argument,
        "case": desk.case,
        "actor": desk.actor,
        "verb": rule.verb,
        "from_state": subject.state,
        "to_state": states.after(rule.verb, subject.state, target or ""),
        "reason": reason,
        "note": note,
        "versions": named or _version_of(desk),
        "waits_for_second": rule.second is not None,
        "second_until": desk.now + rule.second if rule.second else None,
        "answers": desk.first,
    }


def _version_of(desk: Desk) -> list[int]:
    if desk.argument is not None:
        return []
    found = desk.case.version_id if desk.case is not None else desk.opinion.version_id
    return [] if found is None else [found]


def _move(subject: Subject, target: State) -> None:
    _moved(subject, target)
    if isinstance(subject, Argument):
        subject.save(update_fields=_ARGUMENT_MOVED)
        return
    subject.save(update_fields=_MOVED)
    if target == State.PUBLISHED:
        _published([subject])


def _moved(subject: Subject, target: State) -> None:
    subject.state = target
    if target != State.CHANGES_REQUESTED:
        subject.changes_due_at = None


def _published(opinions: Sequence[Opinion]) -> None:
    if opinions:
        search.index([opinion.pk for opinion in opinions])
        waking.on_commit(waking.VECTORS)


def finish(desk: Desk, decision: Decision) -> Decision:
    """Close the case, recount where votes may have moved, and tell the author."""
    if desk.case is not None and desk.case.kind in desk.rule.cases:
        close([desk.case], decision)
    if decision.argument_id is None and decision.from_state != decision.to_state:
        voting.retally([desk.opinion.pk])
    telling.author(decision)
    return decision


def finish_all(desks: Sequence[Desk], decisions: Sequence[Decision]) -> None:
    """`finish` for many that `record_all` wrote: each case closed by its own decision, one recount; tells nobody."""
    own = [
        pair for pair in zip(desks, decisions, strict=True) if pair[0].case and pair[0].case.kind in pair[0].rule.cases
    ]
    closing = Decision.objects.filter(pk__in=[decision.pk for _desk, decision in own], case=OuterRef("pk"))
    Case.objects.filter(pk__in=[desk.case.pk for desk, _decision in own if desk.case], closed_at=None).update(
        closed_by=Subquery(closing.values("pk")[:1]),
        closed_at=Subquery(closing.values("created_at")[:1]),
        claimed_by=Subquery(closing.values("actor")[:1]),
    )
    recount(decisions)


def recount(decisions: Iterable[Decision]) -> None:
    """One recount of all opinions that some decisions have moved."""
    voting.retally([d.opinion_id for d in decisions if d.argument_id is None and d.from_state != d.to_state])


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


def next_publish_sequence(consultation_id: int, count: int = 1) -> int:
    """The next place in the order of publication; of several that are taken at once, the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_consultation SET last_publish_sequence = last_publish_sequence + %s"
            " WHERE id = %s RETURNING last_publish_sequence",
            [count, consultation_id],
        )
        return int(cursor.fetchone()[0]) - count + 1
