"""How django-allauth does things here."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts import hooks
from accounts.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in codes go out through the outbox, like all mail; nothing is sent inside a request."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix == "account/email/login_code":
            hooks.send_sign_in_code(User.objects.get(email=email.lower()), context["code"])

    def generate_login_code(self) -> str:
        """Six digits: they can be typed on any keyboard; five attempts within ten minutes are allowed."""
        return f"{secrets.randbelow(10**6):06d}"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # the sign-in form makes accounts; there is no second door
