"""How an account comes about, and goes when it was never used."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Invalid

#: The longest address that mail can be sent to (RFC 5321), and that the database takes.
ADDRESS_LENGTH = 254
#: An account whose code was never used goes after this time.
UNUSED = timedelta(days=7)


def check_address(address: str) -> None:
    """Raise `Invalid` for what is not an e-mail address that mail can reach; the one rule for every door."""
    try:
        validate_email(address.strip())
    except ValidationError as error:
        raise Invalid(_("This is not an e-mail address.")) from error
    if len(address.strip()) > ADDRESS_LENGTH:
        raise Invalid(_("An e-mail address has at most 254 characters."))


def ensure_account(address: str) -> User:
    """The account of an address, made when it is missing: without membership it may read, nothing else.

    Accounts whose code was never used are removed after a week (`remove_unused`). Raises `Invalid`.
    """
    check_address(address)
    user, _made = User.objects.get_or_create(
        email=address.strip().lower(),
        defaults={"password": "!"},  # no password can match this
    )
    return user


def remove_unused() -> int:
    """Remove accounts that somebody's sign-in form made and nobody used for a week; returns how many.

    One that anybody did something for (a membership, a role, an invitation, a request) stays.
    """
    unused = User.objects.filter(
        created_at__lt=timezone.now() - UNUSED,
        last_login=None,
        is_staff=False,
        consents=None,
        memberships=None,
        membership_requests=None,
        role_grants=None,
        registrations=None,
        participations=None,
        hosting=None,
    )
    count = unused.count()
    unused.delete()
    return count
