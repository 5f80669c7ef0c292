"""Wake-up calls for counting and the roll; each finds its work in the database."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from consultations import closing, deadlines, drafts, orders, roll, search, vote_log, voting
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
    return sum(voting.retally_consultation(pk, wait=False) for pk in recent.values_list("pk", flat=True))


@shared_task
def make_due_rolls() -> int:
    return roll.make_due(timezone.now())


@shared_task
def refresh_routes() -> int:
    """Rewrite the deck's weights of open consultations."""
    from consultations import routes  # numpy: in workers only

    return routes.refresh_open()


@shared_task
def refresh_maps() -> int:
    """Compute the opinion maps that are due."""
    from consultations import mapping  # numpy: in workers only

    return mapping.refresh_due()


@shared_task
def close_due() -> list[str]:
    return closing.close_due()


@shared_task
def keep_vote_log() -> None:
    vote_log.keep()


@shared_task
def write_vectors() -> int:
    """Write the vectors of drafts and published opinions that have none; on a queue of its own."""
    from consultations import vectors  # the encoder and numpy: in workers only

    return vectors.write_due()


@shared_task
def return_due_changes() -> int:
    return deadlines.return_due(timezone.now())


@shared_task
def lapse_late_texts() -> int:
    return deadlines.lapse_due(timezone.now())


@shared_task
def lapse_unconfirmed() -> int:
    """Release holds, and void removals and redactions, that nobody confirmed in time."""
    return deadlines.lapse_unconfirmed(timezone.now())


@shared_task
def keep_service_times() -> int:
    """Write the due times of new cases, and plan the reminders of them and of the mornings of meetings."""
    from consultations import queue_notices, working_time  # the table of holidays: in workers only

    queue_notices.plan_mornings(timezone.now())
    return working_time.keep()


@shared_task
def refresh_service_times() -> int:
    """Look at all due times anew: a meeting may have moved, or a setting changed."""
    from consultations import working_time

    return working_time.refresh()


@shared_task
def purge_drafts() -> int:
    return drafts.purge(timezone.now())


@shared_task
def refresh_ranks() -> int:
    """Rewrite the ranks behind the count orders."""
    return orders.refresh_all()


@shared_task
def index_missing() -> int:
    """Write the search texts that published opinions lack, for example imported ones."""
    return search.index_missing()
