"""Consent to the privacy notice, by version."""

from collections.abc import MutableMapping
from typing import Any

from django.conf import settings
from django.db.models.functions import Now

from accounts.models import Consent, User

_KEY = "consent_version"


def is_current(user: User, session: MutableMapping[str, Any] | None = None) -> bool:
    """Whether the person agreed to the notice that is in force; remembered in the session."""
    version = settings.PRIVACY_NOTICE_VERSION
    if session is not None and session.get(_KEY) == version:
        return True
    agreed = Consent.objects.filter(user=user, version=version, withdrawn_at=None).exists()
    if agreed and session is not None:
        session[_KEY] = version
    return agreed


def give(user: User) -> Consent:
    """Record consent to the current version; a second time changes nothing."""
    given, _ = Consent.objects.get_or_create(user=user, version=settings.PRIVACY_NOTICE_VERSION, withdrawn_at=None)
    return given


def withdraw(user: User, session: MutableMapping[str, Any] | None = None) -> None:
    """Take consent back: the person is asked again before taking part."""
    Consent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=Now())
    if session is not None:
        session.pop(_KEY, None)
