"""Who may use the API for more than reading."""

from django.utils.translation import gettext_lazy as _
from rest_framework import permissions
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts import consent
from accounts.models import User


class TakesPart(permissions.BasePermission):
    """Everybody reads; taking part needs an account whose person agreed to the privacy notice in force."""

    message = _("Please sign in on the website and agree to the privacy notice first.")
    code = "consent_needed"

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in permissions.SAFE_METHODS:
            return True
        if not isinstance(request.user, User):
            return False  # answered with 401, because nobody is signed in
        return consent.is_current(request.user)


def person(request: Request) -> User:
    """Who is signed in; for methods that `TakesPart` guards."""
    assert isinstance(request.user, User)
    return request.user
