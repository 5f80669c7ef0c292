"""E-mail addresses by one rule at every door: what is one, and the one form in which it is stored and compared."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid

#: The longest address that mail can be sent to (RFC 5321), and that the database takes.
LONGEST = 254


def normal(address: str) -> str:
    """The address as it is stored: small letters, and the domain as name servers know it.

    Only ASCII stands before the @, so that no letter that looks like another makes a second account; a domain in
    Hangul or full-width letters becomes its ASCII form. Plus tags stay: they are other addresses. Raises `Invalid` for
    what is not an address that mail can reach.
    """
    local, at, domain = address.strip().lower().rpartition("@")
    try:
        found = f"{local}{at}{domain.encode('idna').decode('ascii')}"
        validate_email(found)
    except (UnicodeError, ValidationError) as error:
        raise Invalid(_("This is not an e-mail address.")) from error
    if len(found) > LONGEST:
        raise Invalid(_("An e-mail address has at most 254 characters."))
    return found
