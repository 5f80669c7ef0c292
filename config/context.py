"""What every page needs to know about the site."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts import access
from config.sample_views import DOMAIN, PERSONAS


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's marks and the reader's doors; costs one query signed in (roles), none signed out."""
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    facts: dict[str, Any] = {
        "site_name": settings.SITE_NAMES["en" if language.startswith("en") else "ko"],
        "SAMPLE_SITE": settings.SAMPLE_SITE,
        "other_language": "ko" if language.startswith("en") else "en",
        "may": access.doors(getattr(request, "user", AnonymousUser())),
    }
    if settings.SAMPLE_SITE:
        email = getattr(request.user, "email", "")
        facts |= {"sample_personas": PERSONAS, "sample_persona": email.removesuffix(f"@{DOMAIN}")}
    return facts
