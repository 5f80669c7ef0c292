"""What is decided about every request from who asks: the language, and consent before anything else."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from accounts import consent

Handler = Callable[[HttpRequest], HttpResponse]

LANGUAGES = {code for code, _ in settings.LANGUAGES}
#: Addresses that a person reaches before agreeing to the privacy notice.
BEFORE_CONSENT = ("/account/", "/privacy/", "/accessibility/", "/static/", "/health/", "/sample/", "/respond/")


def wanted_language(request: HttpRequest) -> str:
    """`?lang=` wins, then the account, then the cookie, then Accept-Language, then the site's own."""
    asked = request.GET.get("lang", "")
    if asked in LANGUAGES:
        return asked
    if request.user.is_authenticated and request.user.language:
        return str(request.user.language)
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if kept in LANGUAGES:
        return kept
    return translation.get_language_from_request(request)


def choose_language(get_response: Handler) -> Handler:
    """Activate the reader's language; `?lang=` is kept in a cookie for the next page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = wanted_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        response.headers.setdefault("Content-Language", language)
        if request.GET.get("lang") == language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax", secure=settings.HTTPS
            )
        return response

    return middleware


def ask_for_consent(get_response: Handler) -> Handler:
    """Lead a signed-in person who has not agreed to the current privacy notice to the page that asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and not request.path.startswith(BEFORE_CONSENT)
            and not request.path.startswith("/api/")
            and not consent.is_current(request.user, request.session)
        ):
            target = urlencode({"next": request.get_full_path()} if request.method == "GET" else {})
            return HttpResponseRedirect(f"{reverse('consent')}?{target}")
        return get_response(request)

    return middleware
