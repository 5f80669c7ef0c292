"""Guards for whole pages: signed in, and with the role that the page needs."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
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
overseers_only = _only(
    lambda person: access.is_moderator(person) or access.is_organiser(person), _("This page is for moderators.")
)
organisers_only = _only(access.is_organiser, _("This page is for organisers."))
officials_only = _only(access.is_official, _("This page is for officials who answer recommendations."))


def signed_in_or_back_to(page: str, *parts: str) -> Callable[[View], View]:
    """For what a button does: who is signed out (meanwhile) signs in and comes back to the page with the button.

    `parts` are the parts of this address that the page's address shares. What was posted cannot be asked for by
    following a link, so the address of the button itself would only say so.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(reverse(page, kwargs={part: kwargs[part] for part in parts}))
            return view(request, *args, **kwargs)

        return guarded

    return decorate
