"""Handing texts to the mail server, with an exact line between “not yet” and “perhaps”.

Before the server asks for the text (SMTP 354) nothing has gone out, whatever breaks. From then on only
the server's answer says whether it took the message.
"""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from notifications import mail
from notifications.claims import LEASE

#: Two waits follow the begin of a dialogue (sending, answer): together they stay under the lease.
TIMEOUT = min(settings.EMAIL_TIMEOUT or 55, LEASE.total_seconds() / 2 - 5)


class ServerAway(Exception):
    """The mail server is away or takes nothing from us: no message is to blame."""


class Refused(Exception):
    """The server refused this message for good."""


class TryLater(Exception):
    """The server may take this message later."""


class Uncertain(Exception):
    """The text was handed over, and no answer came."""


class LostClaim(Exception):
    """The message is no longer in these hands: its text was not handed over."""


class Transport:
    """One connection to the mail server, kept over a batch. Use it in a `with` block."""

    def __init__(self) -> None:
        self.backend: Any = get_connection()
        self._is_smtp = isinstance(self.backend, EmailBackend)

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, message: EmailMessage, *, handing_over: Callable[[], bool]) -> None:
        """Send one message to its one address; `handing_over` is called just before the text goes out.

        Raises `LostClaim` when that says no, and `ServerAway`, `Refused`, `TryLater` or `Uncertain`.
        """
        if not self._is_smtp:
            self._send_simply(message, handing_over)
            return
        try:
            self._send_by_smtp(message, handing_over)
        except (Refused, TryLater):
            with suppress(smtplib.SMTPException, OSError):
                self.backend.connection.rset()
            raise
        except (LostClaim, Uncertain):
            self._close()  # in the middle of a text: only hanging up leaves it
            raise

    # --- SMTP ------------------------------------------------------------------------------------

    def _open(self) -> None:
        try:
            self.backend.open()
            if self._is_smtp:
                self.backend.connection.sock.settimeout(TIMEOUT)
                self.backend.connection.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(str(error)) from error

    def _close(self) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self.backend.close()

    def _send_by_smtp(self, message: EmailMessage, handing_over: Callable[[], bool]) -> None:
        body = _with_dots(mail.as_bytes(message))
        self._begin(sanitize_address(message.from_email, "utf-8"))
        smtp: smtplib.SMTP = self.backend.connection
        try:
            _expect(smtp.rcpt(sanitize_address(message.to[0], "utf-8")), 250, 251)
            _expect(smtp.docmd("DATA"), 354)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise ServerAway(str(error)) from error
        if not handing_over():
            raise LostClaim
        try:
            smtp.send(body)
            answer = smtp.getreply()
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Uncertain(str(error)) from error
        _expect(answer, 250)

    def _begin(self, sender: str) -> None:
        """Say who sends. A connection that the server has closed since the last message is opened again."""
        for attempt in (1, 2):
            try:
                if self.backend.connection is None:
                    self._open()
                code, answer = self.backend.connection.mail(sender)
            except (smtplib.SMTPServerDisconnected, OSError) as error:
                code, answer = 421, str(error).encode()
            if code == 250:
                return
            self._close()
            if attempt == 2 or code != 421:
                raise ServerAway(f"{code} {answer.decode(errors='replace')}")

    # --- everything that is not SMTP ---------------------------------------------------------------

    def _send_simply(self, message: EmailMessage, handing_over: Callable[[], bool]) -> None:
        if not handing_over():
            raise LostClaim
        try:
            self.backend.send_messages([message])
        except OSError as error:
            raise ServerAway(str(error)) from error


def _expect(answer: tuple[int, bytes], *wanted: int) -> None:
    code, text = answer
    if code in wanted:
        return
    words = f"{code} {text.decode(errors='replace')}"
    if code in (421, -1):
        raise ServerAway(words)
    raise TryLater(words) if 400 <= code < 500 else Refused(words)


def _with_dots(text: bytes) -> bytes:
    """The text as SMTP carries it: CRLF, leading dots doubled, ended by a dot of its own."""
    text = re.sub(rb"(?:\r\n|\n|\r(?!\n))", b"\r\n", text)
    return re.sub(rb"(?m)^\.", b"..", text if text.endswith(b"\r\n") else text + b"\r\n") + b".\r\n"
