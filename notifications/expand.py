"""From occasions that are due to one delivery a person."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from notifications import kinds, occasions
from notifications.models import Occasion

log = logging.getLogger(__name__)

#: An occasion that cannot be expanded is tried again after this long, twice as long each time, at most a day.
FIRST_PAUSE = timedelta(minutes=5)


def expand_due(*, most: int = 1000) -> int:
    """Write the deliveries of what is due; gives the number of occasions.

    Each occasion in a transaction of its own, its row locked (`SKIP LOCKED`), so scans that run at once
    share the work. One that fails is put off with its error, and the scan goes on.
    """
    done = 0
    while done < most and _expand_next():
        done += 1
    return done


def _expand_next() -> bool:
    with transaction.atomic():
        ready = Q(next_attempt_at=None) | Q(next_attempt_at__lte=Now())
        occasion = (
            Occasion.objects.select_for_update(skip_locked=True)
            .filter(ready, state=Occasion.State.PLANNED, due_at__lte=Now())
            .order_by("due_at")
            .first()
        )
        if occasion is None:
            return False
        try:
            with transaction.atomic():
                _expand(occasion)
        except Exception as error:  # noqa: BLE001  whatever it is, it may not stop the others
            _put_off(occasion, error)
    return True


def _expand(occasion: Occasion) -> None:
    kind = kinds.get(occasion.kind)
    if kind.audience is None:
        raise LookupError(f"“{kind.key}” has no audience.")
    people = kind.audience(occasion).filter(is_active=True).distinct()
    occasions.make_deliveries(occasion, kind, people.iterator(chunk_size=1000))
    occasion.state = Occasion.State.EXPANDED
    occasion.error = ""
    occasion.save(update_fields=["state", "error"])


def _put_off(occasion: Occasion, error: Exception) -> None:
    log.error("occasion %s cannot be expanded: %r", occasion.pk, error)
    pause = min(FIRST_PAUSE * 2**occasion.attempts, timedelta(days=1))
    Occasion.objects.filter(pk=occasion.pk).update(
        attempts=F("attempts") + 1, next_attempt_at=Now() + pause, error=repr(error)[:500]
    )
