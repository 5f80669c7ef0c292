"""Pages that belong to no room: errors, and the two notices."""

import sys

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static

from consultations import unsent


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long: say so, and give back what was typed (W05).

    An opinion goes back into its own form, where its author reads it over and sends it.
    """
    address = unsent.rescue(request)
    if address is not None:
        return redirect(address)
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
        if value.strip()
    ]
    return render(request, "errors/csrf.html", {"kept": kept}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", {"message": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Says nothing of the inside; needs neither database nor session. A database that is away is 503, and for now."""
    # Django calls this while it handles the exception.
    away = isinstance(sys.exc_info()[1], OperationalError)
    response = render(None, "errors/500.html", status=503 if away else 500)
    if away:
        response.headers["Retry-After"] = "5"
    return response


def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look when a page (the admin's) names no icon."""
    return redirect(static("icon.svg"), permanent=False)


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"privacy_version": settings.PRIVACY_NOTICE_VERSION})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")
