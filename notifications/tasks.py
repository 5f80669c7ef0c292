"""Wake-up calls for sending; the work is found in the database."""

from celery import shared_task

from notifications import delivery


@shared_task
def deliver_due() -> int:
    """Expand what is due and send what may go out; any number of these may run at once."""
    return delivery.run()
