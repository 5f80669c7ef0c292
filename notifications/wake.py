"""Waking a worker early. A lost call costs delay and nothing else: beat starts the same scan twice a minute."""

import logging
import time

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

#: A broker that is away is not asked again for this long, so that requests stay quick.
PAUSE = 10.0
#: A connection of our own: the shared one repeats its attempts for seconds.
_IMPATIENT = {"max_retries": 0, "interval_start": 0, "socket_timeout": 0.3, "socket_connect_timeout": 0.3}
_away_until = 0.0


def on_commit() -> None:
    """Wake a worker when the transaction commits; once, however often it is asked for."""
    if not any(entry[1] is _call for entry in connection.run_on_commit):
        transaction.on_commit(_call, robust=True)


def _call() -> None:
    call()


def call() -> bool:
    """Wake a worker now. A broker that is away is passed over within half a second; False then."""
    global _away_until
    if time.monotonic() < _away_until:
        return False
    try:
        with current_app.connection_for_write(transport_options=_IMPATIENT, connect_timeout=0.3) as broker:
            current_app.send_task(
                "notifications.tasks.deliver_due", connection=broker, retry=False, ignore_result=True, expires=60
            )
    except (KombuError, RedisError, OSError) as error:
        _away_until = time.monotonic() + PAUSE
        log.warning("the broker is away, mail waits for the next scan: %s", error)
        return False
    return True
