"""A form that was sent after the session had ended: kept for who signs in again, and for nobody else."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

_KEY = "unsent"
#: Longer forms are not kept: an address that needs no sign-in must not fill the database.
_LONGEST = 2_500_000


def owner_of(user: User) -> str:
    """What a form carries, so that the next person at the same machine is not shown its text."""
    return salted_hmac("consultations.unsent", str(user.pk)).hexdigest()[:32]


def keep(request: HttpRequest) -> None:
    """Keep a posted form in the visitor's session; only one, the last."""
    body = request.POST.copy()
    body.pop("csrfmiddlewaretoken", None)
    encoded = body.urlencode()
    if body.get("owner") and len(encoded) <= 3 * _LONGEST:
        request.session[_KEY] = {"path": request.path, "body": encoded}


def take(request: HttpRequest, user: User) -> QueryDict | None:
    """The kept form of this address, once; None when there is none or somebody else wrote it."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[_KEY]
    body = QueryDict(kept["body"])
    return body if constant_time_compare(body.get("owner", ""), owner_of(user)) else None
