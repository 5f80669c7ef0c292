"""Reading the folder of mail that `FolderBackend` writes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

_NAME = re.compile(r"[0-9T]{21}-[0-9a-f]{8}\.eml")
_parser = BytesParser(policy=policy.default)


@dataclass(frozen=True)
class Letter:
    """One mail as a reader sees it."""

    name: str
    headers: list[tuple[str, str]]
    text: str
    attachments: list[tuple[str, str, int]]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def to(self) -> str:
        return self.header("To")

    @property
    def date(self) -> datetime | None:
        """When it was written; None where its header cannot be read."""
        try:
            found = parsedate_to_datetime(self.header("Date"))
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)  # "-0000" is UTC that names no place

    @property
    def links(self) -> list[str]:
        """Addresses of this site in the text."""
        return [line for line in self.text.split() if line.startswith(settings.SITE_URL)]


def newest(most: int = 100) -> Iterator[Letter]:
    """The newest mails first."""
    folder = Path(settings.MAIL_FOLDER)
    names = sorted((p.name for p in folder.glob("*.eml") if _NAME.fullmatch(p.name)), reverse=True)
    for name in names[:most]:
        letter = read(name)
        if letter is not None:
            yield letter


def read(name: str) -> Letter | None:
    """One mail by the name of its file; None when there is none (a name cannot lead out of the folder)."""
    path = Path(settings.MAIL_FOLDER) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    message = _parser.parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    return Letter(
        name=name,
        headers=[(key, str(value)) for key, value in message.items()],
        text=str(body.get_content()) if body else "",
        attachments=[_attachment(part) for part in message.iter_attachments()],
    )


def _attachment(part: EmailMessage) -> tuple[str, str, int]:
    content = part.get_payload(decode=True)
    return part.get_filename() or "", part.get_content_type(), len(content) if isinstance(content, bytes) else 0
