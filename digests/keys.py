"""The key in an answering link: signed, with an end, good for one row and the address it was mailed to; stored nowhere."""

import re
from datetime import timedelta

from django.core import signing

from digests.models import Link

SALT = "digests.respond"
#: Each mail makes a key anew, which serves this long.
LIFETIME = timedelta(days=60)
_SHAPE = re.compile(r"([0-9a-f]{32})\.[0-9A-Za-z]{1,10}\.[0-9A-Za-z_-]{43}", re.ASCII)


def make(link: Link) -> str:
    """A key for a link, for the mail that is being written."""
    return _signer(link).sign(link.pk.hex)


def read(token: str) -> Link | None:
    """The link that a key opens, with recommendation and edition; None for a key that is wrong, over or revoked.

    The signature covers the row's recommendation and address: a key of another row, or of an address that was
    replaced, opens nothing. One query.
    """
    shape = _SHAPE.fullmatch(token)
    if shape is None:
        return None
    live = Link.objects.select_related("recommendation__edition__consultation__summit")
    link = live.defer("recommendation__edition__content").filter(pk=shape[1], revoked_at=None).first()
    if link is None:
        return None
    try:
        _signer(link).unsign(token, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    return link


def _signer(link: Link) -> signing.TimestampSigner:
    return signing.TimestampSigner(sep=".", salt=f"{SALT}:{link.recommendation_id}:{link.email}")
