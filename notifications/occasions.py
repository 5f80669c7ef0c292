"""Reasons to tell people, each written once, in the transaction that causes it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications import kinds, quiet, wake
from notifications.models import Delivery, Message, Occasion


def notify(
    kind: str, *, target: str, version: str = "1", people: Iterable[User], facts: dict[str, Any] | None = None
) -> Occasion:
    """Tell these people, once: writes the occasion and their deliveries in the caller's transaction.

    A second call with the same kind, target and version changes nothing and gives the first occasion. Sends
    nothing itself; a worker is woken when the transaction commits. Raises `LookupError` for an unknown kind.
    """
    known = kinds.get(kind)
    with transaction.atomic():
        occasion, is_new = Occasion.objects.get_or_create(
            kind=kind,
            target=target,
            version=version,
            defaults={"facts": facts or {}, "due_at": timezone.now(), "state": Occasion.State.EXPANDED},
        )
        if is_new:
            make_deliveries(occasion, known, people)
            wake.on_commit()
    return occasion


class Notice(NamedTuple):
    """One occasion of many: what it is about, whom it tells, and what it must know."""

    target: str
    version: str
    people: Sequence[User]
    facts: dict[str, Any] = {}


def notify_many(kind: str, notices: Sequence[Notice]) -> int:
    """`notify` for many at once, in a fixed number of statements; gives how many are new. Guarantees and errors as there."""
    known = kinds.get(kind)
    now = timezone.now()
    rows = [
        Occasion(
            kind=kind, target=n.target, version=n.version, facts=n.facts, due_at=now, state=Occasion.State.EXPANDED
        )
        for n in notices
    ]
    with transaction.atomic():
        Occasion.objects.bulk_create(rows, ignore_conflicts=True)
        new = set(Occasion.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        pairs = [(row, n.people) for row, n in zip(rows, notices, strict=True) if row.pk in new]
        _deliver(known, pairs)
        if pairs:
            wake.on_commit()
    return len(pairs)


def plan(kind: str, *, target: str, version: str, due_at: datetime, facts: dict[str, Any] | None = None) -> Occasion:
    """Tell the kind's audience when the time comes; who that is, is asked then.

    A second call with the same kind, target and version changes nothing. Raises `LookupError` for an unknown
    kind and `ValueError` for one that has no audience.
    """
    if kinds.get(kind).audience is None:
        raise ValueError(f"“{kind}” has no audience: use notify().")
    with transaction.atomic():
        occasion, is_new = Occasion.objects.get_or_create(
            kind=kind, target=target, version=version, defaults={"facts": facts or {}, "due_at": due_at}
        )
        if is_new and due_at <= timezone.now():
            wake.on_commit()
    return occasion


def cancel(kind: str, *, target: str, keep_version: str = "") -> int:
    """Call off what has not gone out yet about a target, but for one version; gives the number of occasions.

    Deliveries that are already in a worker's hands are looked at again before the text is handed over.
    """
    with transaction.atomic():
        live = Occasion.objects.filter(kind=kind, target=target).exclude(state=Occasion.State.CANCELLED)
        waiting = live.exclude(version=keep_version).select_for_update(no_key=True)
        ids = [occasion.pk for occasion in waiting if _is_unfinished(occasion)]
        Delivery.objects.filter(occasion__in=ids, state=Delivery.State.PLANNED).update(
            state=Delivery.State.SKIPPED, reason="cancelled"
        )
        return Occasion.objects.filter(pk__in=ids).update(state=Occasion.State.CANCELLED)


def _is_unfinished(occasion: Occasion) -> bool:
    if occasion.state == Occasion.State.PLANNED:
        return True
    unsent = [Message.State.CLAIMED, Message.State.RETRY]
    deliveries = occasion.deliveries.all()
    return (
        deliveries.filter(state=Delivery.State.PLANNED).exists()
        or deliveries.filter(message__state__in=unsent).exists()
    )


def make_deliveries(occasion: Occasion, kind: kinds.Kind, people: Iterable[User]) -> None:
    """Write one delivery a person, released outside quiet hours; a person who has one keeps it."""
    _deliver(kind, [(occasion, people)])


def _deliver(kind: kinds.Kind, pairs: Iterable[tuple[Occasion, Iterable[User]]]) -> None:
    now = timezone.now()
    at_once = kind.urgent or settings.SAMPLE_SITE
    made: list[Delivery] = []
    for occasion, people in pairs:
        event = kind.event_at(occasion) if kind.event_at else None
        for user in {user.pk: user for user in people}.values():
            released = now if at_once else quiet.release_at(now, user.time_zone, event=event)
            made.append(Delivery(occasion=occasion, user=user, is_urgent=kind.urgent, release_at=released))
    Delivery.objects.bulk_create(made, batch_size=1000, ignore_conflicts=True)


def erase_facts(occasion_ids: Iterable[Any]) -> None:
    """Forget what a secret occasion knew (a sign-in code), once it is sent or expired."""
    Occasion.objects.filter(pk__in=list(occasion_ids), kind__in=kinds.secret_keys()).update(facts={})
