"""A moderator's own names for filters of what waits."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import text
from common.errors import Invalid
from consultations.models import SavedFilter
from consultations.workbench import Filter

MOST = 20
LONGEST = 60


def of(user: User) -> list[SavedFilter]:
    """By name."""
    return list(SavedFilter.objects.filter(user=user))


def save(*, user: User, name: str, wanted: Filter) -> SavedFilter:
    """Keep a filter under a name; the same name again takes the newer filter. Raises `Invalid`."""
    clean = text.clean_line(name)
    if not clean or len(clean) > LONGEST:
        raise Invalid(_("Please give the filter a name of at most %(most)d characters.") % {"most": LONGEST})
    if wanted.is_empty:
        raise Invalid(_("This shows everything; there is nothing to keep."))
    own = SavedFilter.objects.filter(user=user)
    if own.exclude(name=clean).count() >= MOST:
        raise Invalid(_("At most %(most)d filters are kept; please drop one first.") % {"most": MOST})
    return SavedFilter.objects.update_or_create(user=user, name=clean, defaults={"query": wanted.query})[0]


def drop(*, user: User, pk: int) -> bool:
    """Forget one of the own filters; whether there was one."""
    return bool(SavedFilter.objects.filter(user=user, pk=pk).delete()[0])
