"""A form that was sent after the session had ended: kept for who signs in again, and for nobody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User

View = Callable[..., HttpResponse]

_KEY = "unsent"
#: Longer forms are not kept: an address that needs no sign-in must not fill the database.
_LONGEST = 2_500_000
#: The addresses to which the buttons of the form post, by the form that they stand in.
_NEW = frozenset({"submit", "submit-preview", "draft-save", "support"})
_ANOTHER_TEXT = frozenset({"another-text", "text-preview", "text-draft-save"})
#: Short forms, with one button that posts to the form's own address.
_SHORT = frozenset({"argue", "report", "enter-opinion"})
#: Forms that stand on a page of another name: the address posted to → the page.
_ON_A_PAGE = {"appeal": "my-opinion", "argument-appeal": "my-argument", "enter-find": "enter-opinion"}


def owner_of(user: User) -> str:
    """What a form carries, so that the next person at the same machine is not shown its text."""
    return salted_hmac("consultations.unsent", str(user.pk)).hexdigest()[:32]


def keeps_text(view: View) -> View:
    """Who is signed out meanwhile signs in and finds the text in the form again, whichever button sent it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        address = _form_of(request)
        if request.method != "POST" or address is None:
            return redirect_to_login(request.get_full_path())
        _keep(request, address)
        return redirect_to_login(address)

    return guarded


def rescue(request: HttpRequest) -> str | None:
    """Keep a form whose token was refused, and say where its author finds it; None for every other form.

    Signing in again in another window changes the token. Nothing is stored for who did not write the form.
    """
    address = _form_of(request)
    if address is None or not (request.user.is_authenticated and _is_own(request.POST, request.user)):
        return None
    _keep(request, address)
    return address


def take(request: HttpRequest, user: User) -> QueryDict | None:
    """The kept form of this address, once; None when there is none or somebody else wrote it."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[_KEY]
    body = QueryDict(kept["body"])
    return body if _is_own(body, user) else None


def bring_back(request: HttpRequest, user: User) -> QueryDict | None:
    """`take`, and say so on the page."""
    left = take(request, user)
    if left is not None:
        messages.warning(request, _("You were signed out meanwhile. Your text is here and not sent yet."))
    return left


def _keep(request: HttpRequest, address: str) -> None:
    """Keep a posted form in the visitor's session; only one, the last."""
    body = request.POST.copy()
    body.pop("csrfmiddlewaretoken", None)
    encoded = body.urlencode()
    if body.get("owner") and len(encoded) <= 3 * _LONGEST:
        request.session[_KEY] = {"path": address, "body": encoded}


def _form_of(request: HttpRequest) -> str | None:
    """The address of the form that a request comes from; None when it comes from no such form."""
    match = request.resolver_match
    if match is not None and match.url_name in _NEW:
        return reverse("submit", args=[match.kwargs["slug"]])
    if match is not None and match.url_name in _ANOTHER_TEXT:
        return reverse("another-text", args=[match.kwargs["slug"], match.kwargs["number"]])
    if match is not None and match.url_name in _ON_A_PAGE:
        return reverse(_ON_A_PAGE[match.url_name], kwargs=match.kwargs)
    return request.path if match is not None and match.url_name in _SHORT else None


def _is_own(body: QueryDict, user: User) -> bool:
    return constant_time_compare(body.get("owner", ""), owner_of(user))
