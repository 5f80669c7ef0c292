"""The form of a mail: plain text and HTML, in one language, to one person, with one link at most."""

import re
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from common import text
from notifications.kinds import Mail
from notifications.models import Message

SUBJECT_LENGTH = 200
#: What mail programs turn into links by themselves: schemes, dots between letters, at-signs.
_LINKLIKE = re.compile(r"(?<=:)(?=//)|(?<=\w)(?=\.[A-Za-z]{2})|(?<=\w)(?=@\w)|(?<=mailto)(?=:)", re.IGNORECASE)
_WORD_JOINER = "\u2060"  # seen by nobody, and no address goes through it


def build(message: Message, written: Mail) -> EmailMultiAlternatives:
    """The mail of a message, ready to be sent; its text is put on the message as well.

    The Message-ID stays the same at every attempt. Names and titles stay text: no markup, no links.
    """
    language = message.language
    link = in_language(written.link, language) if written.link else ""
    facts = {
        "subject": text.clean_line(written.subject)[:SUBJECT_LENGTH],
        "paragraphs": [unlinked(paragraph) for paragraph in written.paragraphs if paragraph],
        "link": link,
        "link_text": written.link_text,
        "language": language,
        "site": settings.SITE_URL,
        "site_name": settings.SITE_NAMES["en" if language == "en" else "ko"],
    }
    with translation.override(language):
        message.subject = facts["subject"]
        message.text = render_to_string("notifications/mail.txt", facts).strip() + "\n"
        message.html = render_to_string("notifications/mail.html", facts)
    message.calendar, message.calendar_method = written.calendar, written.calendar_method
    return _assemble(message)


def _assemble(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        settings.DEFAULT_FROM_EMAIL,
        [message.address],
        headers={
            "Message-ID": message.message_id,
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    mail.attach_alternative(message.html, "text/html")
    if message.calendar:
        mail.attach(_calendar_part(message))
    return mail


def _calendar_part(message: Message) -> MIMEBase:
    """The calendar file; base64, so that no mail server touches its line ends."""
    part = MIMEText(message.calendar, "calendar", "utf-8")
    part.set_param("method", message.calendar_method or "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename="meeting.ics")
    return part


def as_bytes(mail: EmailMessage) -> bytes:
    """The mail as it goes over the wire."""
    whole: Any = mail.message()
    if not str(mail.subject).isascii():
        # Django's own folding can leave the header's first line empty, which some servers refuse.
        whole.replace_header("Subject", Header(str(mail.subject), "utf-8", header_name="Subject").encode())
    text: bytes = whole.as_bytes(linesep="\r\n")
    return text


def in_language(address: str, language: str) -> str:
    """The address with `?lang=`, so that a link opens in the language of the mail."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"lang": language}
    return urlunsplit(parts._replace(query=urlencode(query)))


def unlinked(paragraph: str) -> str:
    """A paragraph in which no mail program finds an address: what people wrote cannot become a link here."""
    return _LINKLIKE.sub(_WORD_JOINER, text.clean(paragraph))
