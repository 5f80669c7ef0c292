"""Wake-up calls for counting and the roll; each finds its work in the database."""

from celery import shared_task
from django.utils import timezone

from consultations import roll, voting
from consultations.models import Consultation


@shared_task
def retally_recent() -> int:
    return voting.retally_recent()


@shared_task
def retally_open() -> int:
    """Recount whatever is open in full: heals a tally that drifted for whatever reason."""
    opened = Consultation.objects.open_at(timezone.now()).values_list("pk", flat=True)
    return sum(voting.retally_consultation(pk) for pk in opened)


@shared_task
def make_due_rolls() -> int:
    return roll.make_due(timezone.now())
