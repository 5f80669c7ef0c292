"""The public page of how the moderators decide."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import charts, page_cache
from consultations import moderation_figures, reasons
from consultations.models import Consultation
from consultations.moderation_figures import Figures, Week

#: The chart shows the last half year; the table has every week.
MOST_DRAWN = 26


@require_safe
@page_cache.for_visitors
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """By week and in all; whoever reads sees the same."""
    found = get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)
    figures = moderation_figures.of(found, timezone.now())
    context: dict[str, Any] = {
        "consultation": found,
        "figures": figures,
        "titles": {words.code: words.title for words in reasons.all_()} if figures.known else {},
        "smallest": moderation_figures.SMALLEST,
        "period": moderation_figures.PERIOD,
    }
    if figures.weeks:
        context |= {"picture": _picture(figures.weeks), "newest": figures.weeks[::-1], "two": _two_people(figures)}
    return render(request, "consultations/moderation_figures.html", context)


def _picture(weeks: Sequence[Week]) -> SafeString:
    drawn = weeks[-MOST_DRAWN:]
    rows = [charts.Pair(_day(week), week.all_came_in, week.decided) for week in drawn]
    about = _("For each week an outlined column, what came in, and a filled one, what was decided.")
    names = (_("Came in"), _("Decided"))
    return charts.pairs("weeks", rows, names=names, title=_("What came in and what was decided"), description=about)


def _day(week: Week) -> str:
    """The Monday without its year, for an axis."""
    return formats.date_format(week.monday, "SHORT_DAY_FORMAT")


def _two_people(figures: Figures) -> list[tuple[str, int]]:
    """Acts that want two people, and what became of them."""
    removals, holds, acts = figures.all.removals, figures.all.holds, figures.all.acts
    return [
        (_("Removals confirmed by a second moderator"), removals["confirmed"]),
        (_("Removals that a second moderator declined"), removals["declined"]),
        (_("Removals void, because nobody confirmed them in time"), removals["lapsed"]),
        (_("Holds"), acts["hold"]),
        (_("Holds released by another moderator"), holds["released"]),
        (_("Holds that ended by themselves, because nobody confirmed them in time"), holds["lapsed"]),
        (_("Parts of a text redacted by two moderators"), acts["redact"]),
    ]
