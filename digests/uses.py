"""Which editions hold an opinion; the opinion's page names them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from consultations import uses
from consultations.models import Opinion
from digests.models import Edition


def register() -> None:
    uses.register(of)


def of(opinion: Opinion) -> Iterator[uses.Use]:
    """The published editions whose snapshot was taken after the opinion was published, the first one first."""
    found = (
        Edition.objects.published()
        .filter(consultation=opinion.consultation_id, publish_sequence__gte=opinion.publish_sequence or 0)
        .select_related("consultation")
        .defer("content")
        .order_by("number")
    )
    for edition in found:
        yield uses.Use(_("Digest No. %(number)d") % {"number": edition.number}, edition.get_absolute_url())
