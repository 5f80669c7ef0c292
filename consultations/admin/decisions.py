"""Decisions: what was done, never changed; a second person's answer; taking an own one back within ten minutes."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError
from consultations import colleagues, review, saying, states
from consultations.admin.desk import DeskAdmin, Facts, Place, moved
from consultations.admin.filters import OfConsultation, OfVerb, WantsSecond
from consultations.admin.parts import moderators_only, moment
from consultations.models import Decision, OpinionVersion


@admin.register(Decision)
class DecisionAdmin(DeskAdmin):
    """Who decided is named where a moderator did; for an author's own act nobody is."""

    template = "admin/consultations/decision.html"
    list_display = ("when", "number_of", "what", "reason", "who", "until")
    list_filter = (WantsSecond, OfVerb, "reason", ("opinion__consultation", OfConsultation))
    search_fields = ("note", "opinion__version__proposal", "argument__text")
    search_help_text = gettext_lazy("Number of an opinion, or words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return Decision.objects.select_related(
            "opinion__consultation", "opinion__version", "opinion__theme", "opinion__author", "actor", "answer",
            "argument__author", "argument__opinion__consultation", "argument__opinion__version", "merge__target",
        )  # fmt: skip

    def get_ordering(self, request: HttpRequest) -> Any:
        """The latest first; of those that want a second person, the one with the least time."""
        if request.GET.get(str(WantsSecond.parameter_name)):
            return ("second_until", "id")
        return ("-id",)

    # --- columns --------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("When"), ordering="id")
    def when(self, decision: Decision) -> str:
        return moment(decision.created_at)

    @admin.display(description=gettext_lazy("Number"))
    def number_of(self, decision: Decision) -> str:
        return _("No. %(number)d") % {"number": decision.opinion.number}

    @admin.display(description=gettext_lazy("What was done"))
    def what(self, decision: Decision) -> str:
        words = states.label(decision.verb)
        return f"{words} ({_('argument')})" if decision.argument_id else words

    @admin.display(description=gettext_lazy("Decided by"))
    def who(self, decision: Decision) -> str:
        return colleagues.name_of_decider(decision)

    @admin.display(description=gettext_lazy("Second person until"))
    def until(self, decision: Decision) -> str:
        """Empty when it is answered, or wants nobody."""
        return "" if hasattr(decision, "answer") else moment(decision.second_until)

    # --- one decision ---------------------------------------------------------------------------------

    def place(self, obj: Decision) -> Place:
        version = obj.opinion.version or OpinionVersion.objects.filter(opinion=obj.opinion_id).latest("number")
        version.opinion = obj.opinion
        waits = obj.waits_for_second and not hasattr(obj, "answer")
        return Place(obj.subject, version, first=obj if waits else None)

    def facts(self, obj: Decision, place: Place) -> Facts:
        answer = getattr(obj, "answer", None)
        rows: Facts = [
            (_("What was done"), self.what(obj)),
            (_("When"), moment(obj.created_at)),
            (_("Decided by"), self.who(obj)),
            (_("Reason"), obj.get_reason_display()),
            (_("Note to the author"), obj.note),
            (_("State"), moved(obj)),
            (_("Second person until"), self.until(obj)),
            (_("The second person"), states.label(answer.verb) if answer is not None else ""),
            (_("Merged into"), _("No. %(number)d") % {"number": obj.merge.target.number} if obj.merge else ""),
            (_("Redacted places"), ", ".join(_places(obj))),
        ]
        return [row for row in rows if row[1]]

    def actions_of(self, request: HttpRequest, place: Place) -> list[review.Action]:
        """Only the answers to this decision; what else can be done stands on the page of the text."""
        if place.first is None:
            return []
        found = super().actions_of(request, place)
        return [action for action in found if states.VERBS[action.verb].answers == place.first.verb]

    # --- taking it back -------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.undo)
        return [path("<path:object_id>/undo/", view, name="consultations_decision_undo"), *super().get_urls()]

    def undo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take back what one decided within the last ten minutes."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        who, found = moderators_only(request), self.seen(request, object_id)
        try:
            saying.say(saying.Said("undo", who, found.subject, first=found))
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            done = _("Undone. No. %(number)d is as it was before.") % {"number": found.opinion.number}
            messages.success(request, done)
        given = str(request.POST.get("next", ""))
        return redirect(given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else self.address(found))


def _places(decision: Decision) -> list[str]:
    """Where a redaction overwrites, by field; never what stood there."""
    known = {f.name: f.verbose_name for f in OpinionVersion._meta.fields}
    return [
        f"{known.get(row.field, _('Argument'))} {row.start + 1}–{row.start + row.length}"
        for row in decision.redactions.all()
    ]
