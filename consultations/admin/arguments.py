"""Arguments in the admin: to read, and to hold, remove, redact or release."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import review
from consultations.admin.desk import DeskAdmin, Facts, Place
from consultations.admin.filters import OfConsultation
from consultations.admin.parts import moment
from consultations.models import Argument


@admin.register(Argument)
class ArgumentAdmin(DeskAdmin):
    """No author: the byline says what readers see."""

    list_display = ("sentence", "side", "opinion_number", "state", "language", "submitted")
    list_filter = (("opinion__consultation", OfConsultation), "state", "side")
    search_fields = ("text",)
    search_help_text = gettext_lazy("Number of an opinion, or words")
    ordering = ("-submitted_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Argument]:
        return Argument.objects.select_related(
            "opinion__consultation", "opinion__version", "opinion__theme", "opinion__author", "author"
        )

    @admin.display(description=gettext_lazy("Argument"))
    def sentence(self, argument: Argument) -> str:
        return argument.text[:80]

    @admin.display(description=gettext_lazy("Opinion"))
    def opinion_number(self, argument: Argument) -> str:
        return _("No. %(number)d") % {"number": argument.opinion.number}

    @admin.display(description=gettext_lazy("Submitted"), ordering="submitted_at")
    def submitted(self, argument: Argument) -> str:
        return moment(argument.submitted_at)

    def place(self, obj: Argument) -> Place:
        assert obj.opinion.version is not None
        return Place(obj, obj.opinion.version, first=review.first_of_two(obj))

    def facts(self, obj: Argument, place: Place) -> Facts:
        return [
            (_("Consultation"), obj.opinion.consultation),
            (_("Side"), obj.get_side_display()),
            (_("State"), obj.get_state_display()),
            (_("Submitted"), moment(obj.submitted_at)),
            (_("Published"), moment(obj.published_at)),
        ]
