"""Opinions in the admin: to read with every text of them, and to hold, remove, merge, redact or release."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import merging, review
from consultations.admin.desk import DeskAdmin, Facts, Place
from consultations.admin.filters import OfConsultation, OfTheme
from consultations.admin.parts import moment
from consultations.models import Opinion


@admin.register(Opinion)
class OpinionAdmin(DeskAdmin):
    """No counts: they may be hidden from who reads this. No author: the byline says what readers see."""

    number = "number"
    list_display = ("number_of", "proposal", "consultation_of", "state", "language", "submitted")
    list_display_links = ("number_of", "proposal")
    list_filter = (("consultation", OfConsultation), "state", ("theme", OfTheme))
    search_fields = ("version__proposal",)
    search_help_text = gettext_lazy("Number of an opinion, or words")
    ordering = ("-submitted_at", "-number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opinion]:
        rows = Opinion.objects.exclude(version=None)  # a draft is its author's alone
        return rows.select_related(
            "consultation", "theme", "version", "author", "entered_by", "meeting", "merge__target"
        )

    @admin.display(description=gettext_lazy("Number"), ordering="number")
    def number_of(self, opinion: Opinion) -> str:
        return _("No. %(number)d") % {"number": opinion.number}

    @admin.display(description=gettext_lazy("Consultation"))
    def consultation_of(self, opinion: Opinion) -> str:
        return opinion.consultation.title

    @admin.display(description=gettext_lazy("Submitted"), ordering="submitted_at")
    def submitted(self, opinion: Opinion) -> str:
        return moment(opinion.submitted_at)

    @admin.display(description=gettext_lazy("Proposal"))
    def proposal(self, opinion: Opinion) -> str:
        return opinion.version.proposal[:80] if opinion.version else ""

    def place(self, obj: Opinion) -> Place:
        assert obj.version is not None
        obj.version.opinion = obj
        return Place(obj, obj.version, first=review.first_of_two(obj))

    def facts(self, obj: Opinion, place: Place) -> Facts:
        rows: Facts = [
            (_("Consultation"), obj.consultation),
            (_("Theme"), obj.theme or ""),
            (_("State"), obj.get_state_display()),
            (_("Language"), {"ko": "한국어", "en": "English"}.get(obj.language, obj.language)),
            (_("Submitted"), moment(obj.submitted_at)),
            (_("Published"), moment(obj.published_at)),
        ]
        return [*rows, *_floor(obj), *_merged(obj)]


def _floor(opinion: Opinion) -> list[tuple[Any, Any]]:
    """Who typed it in for somebody else, and at which meeting it was said."""
    entered: Facts = [(_("Entered by"), opinion.entered_by_name)] if opinion.entered_by_id else []
    return [*entered, (_("Meeting"), opinion.meeting)] if opinion.meeting_id else entered


def _merged(opinion: Opinion) -> list[tuple[Any, Any]]:
    into: Facts = []
    if opinion.merge is not None:
        into = [(_("Merged into"), _("No. %(number)d") % {"number": opinion.merge.target.number})]
    numbers = [_("No. %(number)d") % {"number": original.number} for original in merging.originals_of(opinion)]
    return [*into, (_("Merged into this"), ", ".join(numbers))] if numbers else into
