"""What can be told: each kind of notice, registered by the floor that knows its words.

A kind says how a notice reads, who gets it when it has an audience, and how urgent it is. It holds no
state: what is told to whom, and once, is in `occasions`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from notifications.models import Occasion


@dataclass(frozen=True)
class Mail:
    """One mail in words, before it has a form. Everything is plain text; `link` is the only link in it."""

    subject: str
    paragraphs: Sequence[str]
    link: str = ""
    link_text: str = ""
    calendar: str = ""
    calendar_method: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    `render` is called with the reader's language and time zone active, just before sending; None means that
    the notice is no longer wanted. `audience` is asked when the occasion is due; without one the occasion
    names its people itself. `compulsory` cannot be unsubscribed; `urgent` knows no quiet hours and is sent
    again when nobody can say whether it went out; of a `secret` kind nothing is kept once it is sent.
    `event_at` is the moment that the notice is about: it is not told afterwards.
    """

    key: str
    render: Callable[[Occasion, User], Mail | None]
    audience: Callable[[Occasion], QuerySet[User]] | None = None
    compulsory: bool = False
    urgent: bool = False
    secret: bool = False
    event_at: Callable[[Occasion], datetime | None] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called when an app starts. The same key again replaces it."""
    _kinds[kind.key] = kind


def get(key: str) -> Kind:
    """The kind of a key. Raises `LookupError` for one that no app registered."""
    try:
        return _kinds[key]
    except KeyError:
        raise LookupError(f"No app registered the kind of notice “{key}”.") from None


def secret_keys() -> list[str]:
    """The kinds of which nothing may be kept or shown."""
    return [kind.key for kind in _kinds.values() if kind.secret]


def absolute(path: str, **query: str) -> str:
    """The public address of a path: built from the site's own address, never from a request's Host."""
    return f"{settings.SITE_URL}{path}" + (f"?{urlencode(query)}" if query else "")
