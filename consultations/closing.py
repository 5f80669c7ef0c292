"""Closing the vote: once, with every vote counted."""

from django.db import transaction
from django.db.models import F, Q

from common import db
from consultations import locks, voting
from consultations.models import Consultation


def close_due() -> list[str]:
    """Close every consultation whose voting time is over; gives the slugs of those that were closed now.

    Found by the database's clock. Safe to run at any time and by many at once: each closes in one transaction.
    """
    due = Consultation.objects.filter(_due(), voting_close_at__lte=db.now(), is_imported=False)
    return [consultation.slug for consultation in due if close(consultation)]


@transaction.atomic
def close(consultation: Consultation) -> bool:
    """Recount every tally and record the moment, once; False when it is not time yet or was done.

    Takes the consultation's exclusive lock: votes that were let in before are committed by then, and later ones
    read the clock after it and are refused. So what was acknowledged is what is counted. When the date of closing is
    moved later, it closes again at that date.
    """
    locks.take(consultation.pk)
    now = db.now()
    if not Consultation.objects.filter(_due(), pk=consultation.pk, voting_close_at__lte=now).exists():
        return False
    voting.retally_consultation(consultation.pk)
    Consultation.objects.filter(pk=consultation.pk).update(closed_at=now)
    return True


def _due() -> Q:
    return Q(closed_at=None) | Q(closed_at__lt=F("voting_close_at"))
