"""Pages that every visitor sees alike, kept for two seconds.

Only for requests without a session cookie. Kept by address and language, in Redis; a store that is away is an
empty one. An answer that took a form token is never kept, so no visitor is handed another's.
"""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

View = Callable[..., HttpResponse]
#: Longer addresses are answered and not kept: nobody fills the store with them.
LONGEST_ADDRESS = 1_000


def for_visitors(view: View) -> View:
    """Keep what the view answers to visitors, and answer 304 to whoever has it already.

    The kept page is the whole body with its ETag: the hash of what this reader sees, so it changes with nothing that
    they do not see.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not _is_shared(request):
            return _vary(view(request, *args, **kwargs))
        key = _key(request)
        kept: tuple[bytes, str] | None = cache.get(key)
        if kept is None:
            made = view(request, *args, **kwargs)
            if made.status_code != 200 or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
                return _vary(made)
            kept = (made.content, f'"{hashlib.blake2b(made.content, digest_size=16).hexdigest()}"')
            cache.set(key, kept, settings.PAGE_CACHE_SECONDS)
        return _vary(_conditional(request, *kept))

    return answer


def _is_shared(request: HttpRequest) -> bool:
    """Whether everybody who asks this sees the same; a message waiting for this visitor is theirs alone."""
    return (
        request.method in ("GET", "HEAD")
        and settings.PAGE_CACHE_SECONDS > 0
        and not settings.SAMPLE_SITE
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and "Authorization" not in request.headers
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def _key(request: HttpRequest) -> str:
    parts = (
        request.scheme or "",
        request.get_host(),
        request.get_full_path(),
        str(getattr(request, "LANGUAGE_CODE", "")),
        request.headers.get("HX-Request", ""),
    )
    return f"page:{hashlib.blake2b(chr(0).join(parts).encode(), digest_size=16).hexdigest()}"


def _conditional(request: HttpRequest, body: bytes, etag: str) -> HttpResponse:
    response = HttpResponse(body)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)
    return answer


def _vary(response: HttpResponse) -> HttpResponse:
    """A browser must not take the page for the part of it that htmx asks for, nor one person's for another's."""
    patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
