"""Numbers of the moderators' record as people read them."""

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from consultations.moderation_figures import Period, Week

register = template.Library()


@register.filter
def minutes_in_words(minutes: int | None) -> str:
    """A length of time, as fine as it matters; a dash where there is none."""
    if minutes is None:
        return "–"
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < 48 * 60:
        return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
    return _("%(days)d d %(hours)d h") % {"days": minutes // 1440, "hours": minutes // 60 % 24}


@register.filter
def monday_of(week: Week) -> str:
    """The day that a week begins with: 24 Aug 2026."""
    return formats.date_format(week.monday, "SHORT_DATE_FORMAT")


@register.filter
def days_of(span: Period) -> str:
    """From which day to which: 24 Aug – 30 Aug 2026."""
    first = formats.date_format(span.monday, "SHORT_DAY_FORMAT")
    return f"{first} – {formats.date_format(span.sunday, 'SHORT_DATE_FORMAT')}"


@register.filter
def of_key(values: dict[str, object], key: str) -> object:
    """The value of a key, or the key itself."""
    return values.get(key, key)
