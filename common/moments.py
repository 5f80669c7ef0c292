"""Which moments a form may name."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from common.errors import Invalid

#: Years that a meeting or a phase can lie in. A year typed wrong (0026) is not only nonsense: near year 1
#: and year 9999 no clock can show the moment in every zone, and each page that tries would fail.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def is_sane(moment: datetime) -> bool:
    """Whether a moment lies between 1990 and 2200; naive ones are read as UTC."""
    return EARLIEST <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) < LATEST


def check(moment: datetime) -> None:
    """Raise `Invalid` for a moment outside the years that can be meant."""
    if not is_sane(moment):
        raise Invalid(_("Please check the year: it must lie between 1990 and 2199."))
