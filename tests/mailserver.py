"""A real SMTP server for the tests, with answers that a test can script."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """What came in, and how to answer. `rcpt` and `data` give an answer for an address; the default takes it."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.rcpt: dict[str, str] = {}
        self.data: dict[str, str] = {}
        #: Addresses whose text is taken and never answered: the connection is cut.
        self.cut: set[str] = set()
        self.stall_at_data = 0.0
        self.sessions: set[int] = set()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.sessions.add(id(session))
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        if address in self.cut:
            assert server.transport is not None
            server.transport.close()
            return "250 never heard"
        if self.stall_at_data:
            await asyncio.sleep(self.stall_at_data)
        answer = self.data.get(address, "250 OK")
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.received.append(envelope.content)
        return answer

    @property
    def mails(self) -> list[EmailMessage]:
        return [self._parse(text) for text in self.received]

    @staticmethod
    def _parse(text: bytes) -> EmailMessage:
        parsed = message_from_bytes(text, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def counts(self) -> Counter[str]:
        """How many mails each address got."""
        return Counter(str(mail["To"]) for mail in self.mails)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(settings: Any) -> Iterator[MailServer]:
    """Run the server and let the settings lead to it."""
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        yield server
    finally:
        controller.stop()
