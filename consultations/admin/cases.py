"""What waits: the list with its filters, one case to read and decide on, claims, and one decision on many."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from common.errors import DomainError
from consultations import colleagues, deciding, moderation, review, service_time, states
from consultations.admin import many
from consultations.admin.desk import DeskAdmin, Facts, Place
from consultations.admin.filters import Due, Held, OfConsultation, OfKind, Waiting
from consultations.admin.parts import moderators_only, moment
from consultations.models import Case

_LONGEST = 80


@admin.register(Case)
class CaseAdmin(DeskAdmin):
    """Nothing is changed here but through the functions that the workbench calls."""

    template = "admin/consultations/case.html"
    list_display = ("number_of", "sentence", "kind_of", "consultation", "waits", "holder", "marks")
    list_display_links = ("number_of", "sentence")
    list_filter = (Waiting, ("kind", OfKind), Held, Due, ("opinion__consultation", OfConsultation))
    search_fields = ("version__proposal", "version__problem", "version__reason", "argument__text")
    search_help_text = gettext_lazy("Number of an opinion, or words")
    actions = ("claim", "give_back")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return Case.objects.select_related(
            "opinion__consultation", "opinion__theme", "opinion__version", "opinion__author", "version", "claimed_by",
            "argument__author", "argument__opinion__consultation", "argument__opinion__version",
            "argument__opinion__author", "closed_by__actor",
        )  # fmt: skip

    def get_ordering(self, request: HttpRequest) -> Any:
        """As on the workbench; what is closed, the latest first."""
        if request.GET.get(str(Waiting.parameter_name)) == "closed":
            return ("-closed_at", "-id")
        return Case.objects.waiting().query.order_by

    # --- columns --------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("Number"))
    def number_of(self, case: Case) -> str:
        return _("No. %(number)d") % {"number": case.opinion.number}

    @admin.display(description=gettext_lazy("Text"))
    def sentence(self, case: Case) -> str:
        words = case.argument.text if case.argument is not None else case.version.proposal
        return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"

    @admin.display(description=gettext_lazy("Kind"))
    def kind_of(self, case: Case) -> str:
        return case.get_kind_display()

    @admin.display(description=gettext_lazy("Consultation"))
    def consultation(self, case: Case) -> str:
        return case.opinion.consultation.title

    @admin.display(description=gettext_lazy("Waits"))
    def waits(self, case: Case) -> str:
        """Age in words, with a sign and a word for how it stands, never a colour alone."""
        return service_time.in_words(case, case.closed_at or timezone.now())

    @admin.display(description=gettext_lazy("Held by"))
    def holder(self, case: Case) -> str:
        if case.closed_at is not None or case.claimed_until is None or case.claimed_until <= timezone.now():
            return ""
        until = timezone.localtime(case.claimed_until).strftime("%H:%M")
        return _("%(who)s until %(until)s") % {"who": colleagues.named(case.claimed_by), "until": until}

    @admin.display(description=gettext_lazy("Marks"))
    def marks(self, case: Case) -> str:
        found = [_("reported by several societies")] if case.urgent_since else []
        if case.looks_personal:
            found.append(_("possible personal data"))
        return " · ".join(found)

    # --- one case -------------------------------------------------------------------------------------

    def place(self, obj: Case) -> Place:
        obj.version.opinion = obj.opinion
        subject = deciding.of_case(obj)
        return Place(subject, obj.version, obj, review.first_of_two(subject))

    def facts(self, obj: Case, place: Place) -> Facts:
        rows: Facts = [
            (_("Kind"), obj.get_kind_display()),
            (_("Consultation"), obj.opinion.consultation),
            (_("Theme"), obj.opinion.theme or ""),
            (_("State"), place.subject.get_state_display()),
        ]
        if obj.closed_at is not None:
            done = states.label(obj.closed_by.verb) if obj.closed_by is not None else ""
            return [*rows, (_("Case closed"), moment(obj.closed_at)), (_("What was done"), done)]
        marks = self.marks(obj)
        due: Facts = [(_("Due"), moment(obj.due_at))] if obj.due_at is not None else []
        rows += [(_("Waits"), self.waits(obj)), *due, (_("Held by"), self.holder(obj) or _("free"))]
        return [*rows, (_("Marks"), marks)] if marks else rows

    # --- holding it -----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("many/", view(partial(many.confirm, self)), name=f"{name}_many"),
            path("<path:object_id>/hold/", view(self.hold), name=f"{name}_hold"),
            *super().get_urls(),
        ]

    def hold(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Claim it, or give it back, as the button says."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        moderators_only(request)
        found = self.seen(request, object_id)
        act = self._give_back if request.POST.get("hold") == "give_back" else self._claim
        act(request, found)
        return redirect(self.address(found))

    def _claim(self, request: HttpRequest, case: Case) -> None:
        try:
            moderation.claim(actor=moderators_only(request), case=case)
        except DomainError as error:
            messages.error(request, self._about(case, str(error.message)))

    def _give_back(self, request: HttpRequest, case: Case) -> None:
        if not moderation.give_back(actor=moderators_only(request), case=case):
            messages.warning(request, self._about(case, _("You do not hold it.")))

    def _about(self, case: Case, words: str) -> str:
        return format_html("{}: {}", self.number_of(case), words)

    # --- many -----------------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> Any:
        """Claims, and every verb that is said about many; nothing for who is no moderator."""
        if not access.is_moderator(request.user):
            return {}
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return {**found, **many.actions()}

    @admin.action(description=gettext_lazy("Claim"))
    def claim(self, request: HttpRequest, chosen: QuerySet[Case]) -> None:
        for case in chosen:
            self._claim(request, case)

    @admin.action(description=gettext_lazy("Give back"))
    def give_back(self, request: HttpRequest, chosen: QuerySet[Case]) -> None:
        for case in chosen:
            self._give_back(request, case)
