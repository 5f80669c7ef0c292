"""Whose hands a message is in: every move of a message from one state to the next.

Each move is one conditional update, so that it happens once, whoever else is running:
claimed (lease) → dialogue → sent, failed or unknown; or back to retry. A worker that lost its lease
finds that its next move changes no row, and lets go.
"""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from notifications import kinds, occasions
from notifications.models import Delivery, Message, Occasion

LEASE = timedelta(minutes=2)
BATCH = 50
MAX_ATTEMPTS = 8
#: A reminder may be this late; then it is missed, and shown as such.
MAX_LATENESS = timedelta(hours=6)

State = Message.State


def something_due() -> bool:
    """Whether there is anything to claim; a look before a connection is opened."""
    return _free().exists() or _planned().exists()


def claim(worker: str) -> list[Message]:
    """Take up to a batch of messages into these hands for two minutes: free ones, then new deliveries.

    Takes row locks with `SKIP LOCKED` and gives them back at once: what others hold is passed over, and
    two workers never get the same message.
    """
    with transaction.atomic():
        free = list(
            _free()
            .select_for_update(skip_locked=True)
            .order_by("-is_urgent", "created_at")
            .values_list("pk", flat=True)[:BATCH]
        )
        Message.objects.filter(pk__in=free).update(
            state=State.CLAIMED, claimed_by=worker, lease_until=Now() + LEASE, attempts=F("attempts") + 1
        )
        bound = _bind_new(worker, BATCH - len(free))
    deliveries = Delivery.objects.select_related("occasion")
    found = Message.objects.select_related("user").prefetch_related(Prefetch("deliveries", deliveries))
    return list(found.filter(pk__in=[*free, *bound]).order_by("-is_urgent", "created_at"))


def _free() -> QuerySet[Message]:
    """What may be taken up again: a claim that lapsed, or a retry whose time has come."""
    lapsed = Q(state=State.CLAIMED, lease_until__lt=Now(), attempts__lt=MAX_ATTEMPTS)
    return Message.objects.filter(lapsed | Q(state=State.RETRY, next_attempt_at__lte=Now()))


def _planned() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.PLANNED, release_at__lte=Now()).exclude(
        occasion__state=Occasion.State.CANCELLED
    )


def _bind_new(worker: str, most: int) -> list[UUID]:
    """Bind planned deliveries to new messages, one each."""
    chosen = _planned().select_for_update(skip_locked=True, of=("self",)).select_related("occasion", "user")
    deliveries = [found for found in chosen.order_by("-is_urgent", "release_at")[:most] if not _is_missed(found)]
    secret = set(kinds.secret_keys())
    lease_until = timezone.now() + LEASE
    for delivery in deliveries:
        message = Message(
            user=delivery.user,
            address=delivery.user.email,
            is_urgent=delivery.is_urgent,
            is_secret=delivery.occasion.kind in secret,
            claimed_by=worker,
            lease_until=lease_until,
            attempts=1,
        )
        message.message_id = f"<{message.pk}@{_host()}>"
        delivery.message, delivery.state = message, Delivery.State.BOUND
    Message.objects.bulk_create([d.message for d in deliveries if d.message])
    Delivery.objects.bulk_update(deliveries, ["message", "state"])
    return [d.message.pk for d in deliveries if d.message]


def _is_missed(delivery: Delivery) -> bool:
    """A reminder more than six hours late is missed, and so is one whose event has begun."""
    try:
        kind = kinds.get(delivery.occasion.kind)
        event = kind.event_at(delivery.occasion) if kind.event_at else None
    except Exception:  # noqa: BLE001  rendering meets the same error and reports it
        return False
    now = timezone.now()
    if event is None or (now < event and now <= delivery.release_at + MAX_LATENESS):
        return False
    reason = "late" if now < event else "over"
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.MISSED, reason=reason)
    return True


def _host() -> str:
    sender: str = settings.DEFAULT_FROM_EMAIL
    return sender.rpartition("@")[2].strip("> ") or str(DNS_NAME)


# --- moves ----------------------------------------------------------------------------------------


def _move(message: Message, *, of: list[str] | None = None, **changes: Any) -> bool:
    """Move a message that is still in these hands; False when it is not."""
    states = of or [State.CLAIMED, State.DIALOGUE]
    mine = Message.objects.filter(pk=message.pk, claimed_by=message.claimed_by, state__in=states)
    return mine.update(**changes) == 1


def begin_dialogue(message: Message) -> bool:
    """Committed just before the mail server gets the text; renews the lease and keeps the rendered text.

    False when the lease lapsed, or when the reason to tell was called off in the meantime: then the text
    must not be handed over.
    """
    texts = (
        {} if message.is_secret else {name: getattr(message, name) for name in ("subject", "text", "html", "calendar")}
    )
    mine = Message.objects.filter(
        pk=message.pk, claimed_by=message.claimed_by, state=State.CLAIMED, lease_until__gt=Now()
    ).exclude(deliveries__occasion__state=Occasion.State.CANCELLED)
    begun = mine.update(
        state=State.DIALOGUE,
        lease_until=Now() + LEASE,
        language=message.language,
        address=message.address,
        calendar_method=message.calendar_method,
        **texts,
    )
    return begun == 1


def sent(message: Message) -> None:
    """The server took it. Also when the lease lapsed meanwhile: what is known is better than `unknown`."""
    _move(message, of=[State.DIALOGUE, State.UNKNOWN], state=State.SENT, sent_at=Now(), lease_until=None, error="")
    _erase(message)


def drop(message: Message, reason: str) -> None:
    """It is no longer wanted: nothing goes out."""
    if _move(message, of=[State.CLAIMED], state=State.DROPPED, lease_until=None):
        message.deliveries.update(state=Delivery.State.SKIPPED, reason=reason[:60])
        _erase(message)


def fail(message: Message, error: str) -> None:
    """The server refused it for good."""
    if _move(message, state=State.FAILED, lease_until=None, error=error[:500]):
        _erase(message)


def try_later(message: Message, error: str) -> None:
    """It may work later: with a pause that grows, up to a number of attempts."""
    if message.attempts >= MAX_ATTEMPTS:
        fail(message, error)
        return
    pause = min((15 if message.is_urgent else 60) * 3 ** (message.attempts - 1), 4 * 3600)
    jitter = random.uniform(0.75, 1.25)  # noqa: S311  spreads attempts, guards nothing
    after = Now() + timedelta(seconds=pause * jitter)
    _move(message, state=State.RETRY, next_attempt_at=after, lease_until=None, error=error[:500])


def put_off(message: Message, error: str) -> None:
    """Something went wrong on our side. A message that was handed over already stays as it is.

    Its lease lapses, and it becomes what nobody can tell: unknown. Trying again could send it twice.
    """
    if Message.objects.filter(pk=message.pk, state=State.CLAIMED).exists():
        try_later(message, error)


def give_back(messages: list[Message], error: str) -> None:
    """The server refuses everybody: these were not tried, so it does not count as an attempt."""
    for message in messages:
        _move(
            message,
            state=State.RETRY,
            next_attempt_at=Now() + timedelta(seconds=30),
            attempts=F("attempts") - 1,
            lease_until=None,
            error=error[:500],
        )


def uncertain(message: Message, error: str) -> None:
    """The connection broke after the text was handed over: nobody can say whether it went out."""
    if message.is_urgent:
        try_later(message, error)
    else:
        _move(message, of=[State.DIALOGUE], state=State.UNKNOWN, lease_until=None, error=error[:500])


def _erase(message: Message) -> None:
    if message.is_secret:
        occasions.erase_facts(delivery.occasion_id for delivery in message.deliveries.all())


# --- what a killed worker left --------------------------------------------------------------------


def recover() -> None:
    """Settle what lapsed in dialogue, and forget secrets that expired. Lapsed claims are free by themselves."""
    lapsed = Message.objects.filter(state=State.DIALOGUE, lease_until__lt=Now())
    note = "the worker stopped while the text was handed over"
    again = lapsed.filter(is_urgent=True, attempts__lt=MAX_ATTEMPTS)
    again.update(state=State.RETRY, next_attempt_at=Now(), lease_until=None, error=note)
    lapsed.update(state=State.UNKNOWN, lease_until=None, error=note)
    expired = timezone.now() - timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    Occasion.objects.filter(kind__in=kinds.secret_keys(), created_at__lt=expired).exclude(facts={}).update(facts={})
