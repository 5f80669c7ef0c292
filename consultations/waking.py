"""Waking a worker early for what has just been written. A lost call costs delay and nothing else: beat calls too."""

import logging
import time

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

VECTORS = "consultations.tasks.write_vectors"
#: A broker that is away is not asked again for this long, so that requests stay quick.
PAUSE = 10.0
_IMPATIENT = {"max_retries": 0, "interval_start": 0, "socket_timeout": 0.3, "socket_connect_timeout": 0.3}
_away_until = 0.0


class _Call:
    """A call that waits for the commit; equal to another one of the same task, so that one is made."""

    def __init__(self, task: str) -> None:
        self.task = task

    def __call__(self) -> None:
        call(self.task)


def on_commit(task: str) -> None:
    """Wake a worker for this task when the transaction commits; once, however often it is asked for."""
    waiting = (entry[1] for entry in connection.run_on_commit)
    if not any(isinstance(waits, _Call) and waits.task == task for waits in waiting):
        transaction.on_commit(_Call(task), robust=True)


def call(task: str) -> bool:
    """Wake a worker now. A broker that is away is passed over within half a second; False then."""
    global _away_until
    if time.monotonic() < _away_until:
        return False
    try:
        with current_app.connection_for_write(transport_options=_IMPATIENT, connect_timeout=0.3) as broker:
            current_app.send_task(task, connection=broker, retry=False, ignore_result=True, expires=60)
    except (KombuError, RedisError, OSError) as error:
        _away_until = time.monotonic() + PAUSE
        log.warning("the broker is away, %s waits for its next turn: %s", task, error)
        return False
    return True
