"""What every page needs to know about the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import access


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's marks and the reader's doors; costs one query signed in (roles), none signed out."""
    return {
        "SAMPLE_SITE": settings.SAMPLE_SITE,
        "other_language": "en" if getattr(request, "LANGUAGE_CODE", "ko") == "ko" else "ko",
        "may": access.doors(request.user),
    }
