"""Guards for whole pages: signed in, and with the role that the page needs."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import access

View = Callable[..., HttpResponse]


def _only(allowed: Callable[[access.Person], bool], message: str | Promise) -> Callable[[View], View]:
    """Visitors are led to the sign-in page; others get 403 with the message."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not allowed(request.user):
                raise PermissionDenied(str(message))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


moderators_only = _only(access.is_moderator, _("This page is for moderators."))
organisers_only = _only(access.is_organiser, _("This page is for organisers."))
officials_only = _only(access.is_official, _("This page is for officials who answer recommendations."))
