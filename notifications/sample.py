"""What exists on a sample site only, and only for somebody at this very machine."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port

Options = ParamSpec("Options")


def is_sample_request(request: HttpRequest) -> bool:
    """Whether this is a sample site, asked under a loopback name and not through a proxy."""
    if not settings.SAMPLE_SITE:
        return False
    if any(name == "HTTP_FORWARDED" or name.startswith("HTTP_X_FORWARDED") for name in request.META):
        return False
    host, _ = split_domain_port(request.META.get("HTTP_HOST", ""))
    return host in settings.LOOPBACK


def sample_only(
    view: Callable[Concatenate[HttpRequest, Options], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Options], HttpResponse]:
    """Answer 404 anywhere but on a sample site at this machine: to everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Options.args, **options: Options.kwargs) -> HttpResponse:
        if not is_sample_request(request):
            raise Http404
        return view(request, *args, **options)

    return guarded
