"""Sending: one scan finds what is due and hands it to the mail server, each message once."""

import logging
import os
import time
import uuid

from django.conf import settings
from django.utils import timezone, translation

from notifications import claims, expand, kinds, mail, quiet
from notifications.models import Message, Occasion
from notifications.transport import LostClaim, Refused, ServerAway, Transport, TryLater, Uncertain

log = logging.getLogger(__name__)

#: A scan ends after this long; the next one goes on.
LONGEST = 240.0


def run() -> int:
    """Expand what is due and send what may go out; gives the number of messages sent.

    Any number of scans may run at once: rows are claimed with `SKIP LOCKED` and every move of a message is
    one conditional update. A message that fails does not stop the others; a server that refuses everybody
    ends the scan, before anything is claimed when it is away altogether.
    """
    claims.recover()
    expand.expand_due()
    if not claims.something_due():
        return 0
    try:
        with Transport() as transport:
            return _send_until_done(transport)
    except ServerAway as error:
        log.error("the mail server takes nothing: %s", error)
        return 0


def _send_until_done(transport: Transport) -> int:
    worker = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
    until = time.monotonic() + LONGEST
    count, goes_on = 0, True
    while goes_on and time.monotonic() < until and (batch := claims.claim(worker)):
        sent, goes_on = _send_batch(batch, transport)
        count += sent
    return count


def _send_batch(batch: list[Message], transport: Transport) -> tuple[int, bool]:
    """Send a batch; gives the number sent, and whether the server takes more."""
    count = 0
    for place, message in enumerate(batch):
        try:
            count += _send_one(message, transport)
        except ServerAway as error:
            log.error("the mail server takes nothing more: %s", error)
            claims.give_back(batch[place:], str(error))
            return count, False
        except Exception as error:  # noqa: BLE001  one bad row may not stop the others
            log.error("message %s cannot be made: %r", message.pk, error)
            claims.put_off(message, repr(error))
    return count, True


def _send_one(message: Message, transport: Transport) -> bool:
    written = render(message)
    if written is None:
        claims.drop(message, "not wanted")
        return False
    try:
        transport.send(mail.build(message, written), handing_over=lambda: claims.begin_dialogue(message))
    except LostClaim:
        return False
    except Refused as error:
        claims.fail(message, str(error))
        return False
    except TryLater as error:
        claims.try_later(message, str(error))
        return False
    except Uncertain as error:
        claims.uncertain(message, str(error))
        return False
    claims.sent(message)
    return True


def render(message: Message) -> kinds.Mail | None:
    """The words of a message in its reader's language, as things stand now; None: no longer wanted.

    Asked anew at every attempt, so that what changed while a message waited is not told in old words.
    """
    delivery = message.deliveries.all()[0]
    occasion, user = delivery.occasion, message.user
    if not user.is_active or occasion.state == Occasion.State.CANCELLED:
        return None
    message.language = user.language or settings.LANGUAGE_CODE
    message.address = user.email
    with translation.override(message.language), timezone.override(quiet.zone(user.time_zone)):
        return kinds.get(occasion.kind).render(occasion, user)
