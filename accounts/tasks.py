"""Wake-up calls about accounts."""

from celery import shared_task

from accounts import registration


@shared_task
def remove_unused_accounts() -> int:
    return registration.remove_unused()
