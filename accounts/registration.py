"""How an account comes about."""

from accounts.models import User


def ensure_account(address: str) -> User:
    """The account of an address, made when it is missing: without membership it may read, nothing else.

    Accounts whose code was never used are removed after a week (`registration.remove_unused`).
    """
    user, _ = User.objects.get_or_create(
        email=address.strip().lower(),
        defaults={"password": "!"},  # no password can match this
    )
    return user
