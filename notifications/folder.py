"""Mail as files, for a machine without a mail server."""

import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications import mail


class FolderBackend(BaseEmailBackend):
    """Writes each message as one `.eml` file into `MAIL_FOLDER`; a reader never sees half a file."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.folder = Path(settings.MAIL_FOLDER)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            self._write(mail.as_bytes(message))
        return len(email_messages)

    def _write(self, text: bytes) -> None:
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        path = self.folder / f"{moment}-{uuid.uuid4().hex[:8]}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(text)
        os.replace(unfinished, path)  # noqa: PTH105  the atomic one
