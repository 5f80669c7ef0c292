"""Refusals that every address shares."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

Handler = Callable[[HttpRequest], HttpResponse]


def refuse_control_characters(get_response: Handler) -> Handler:
    """Answer 400 to a NUL in path or query: PostgreSQL cannot store it, so it never means anything."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("Bad request", content_type="text/plain")
        return get_response(request)

    return middleware
