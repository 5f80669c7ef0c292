"""Wake-up calls for counting and the roll; each finds its work in the database."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from consultations import roll, voting
from consultations.models import Consultation


@shared_task
def retally_recent() -> int:
    return voting.retally_recent()


@shared_task
def retally_open() -> int:
    """Recount in full whatever is open or closed within two days: heals a tally that drifted for whatever reason.

    The two days after closing are for votes that came while no worker ran.
    """
    now = timezone.now()
    recent = Consultation.objects.filter(voting_open_at__lte=now, voting_close_at__gt=now - timedelta(days=2))
    return sum(voting.retally_consultation(pk) for pk in recent.values_list("pk", flat=True))


@shared_task
def make_due_rolls() -> int:
    return roll.make_due(timezone.now())
