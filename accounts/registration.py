"""How an account comes about, and goes when it was never used."""

from datetime import timedelta

from django.utils import timezone

from accounts import addresses
from accounts.models import User

#: An account whose code was never used goes after this time.
UNUSED = timedelta(days=7)


def ensure_account(address: str) -> User:
    """The account of an address, made when it is missing: without membership it may read, nothing else.

    Accounts whose code was never used are removed after a week (`remove_unused`). Raises `Invalid`.
    """
    user, _made = User.objects.get_or_create(
        email=addresses.normal(address),
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
