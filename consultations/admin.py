"""Consultations, opinions and cases in the admin. Votes and decisions cannot be changed here, or anywhere."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from consultations import moderation, organising
from consultations.models import Case, Consultation, Decision, Opinion, OpinionVersion, Theme
from consultations.organising_forms import PhasesForm


class ReadOnly:
    """Looking is allowed, changing is not: what changes these rows are the capability functions."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ThemeInline(admin.TabularInline[Theme, Consultation]):
    model = Theme
    extra = 1


@admin.register(Consultation)
class ConsultationAdmin(admin.ModelAdmin[Consultation]):
    list_display = ("slug", "title_ko", "voting_open_at", "voting_close_at", "counts")
    search_fields = ("slug", "title_ko", "title_en")
    inlines = (ThemeInline,)
    form = PhasesForm
    fields = (
        "slug", "summit", "title_ko", "title_en", "about_ko", "about_en", "submissions_open_at", "submissions_close_at",
        "voting_open_at", "voting_close_at", "counts", "works_on_days_off", "hides_authors", "attribution",
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Consultation | None = None) -> tuple[str, ...]:
        return () if obj is None else ("slug", "summit")

    def save_model(self, request: HttpRequest, obj: Consultation, form: Any, change: bool) -> None:
        assert request.user.is_authenticated
        organising.save(actor=request.user, consultation=obj)

    def has_delete_permission(self, request: HttpRequest, obj: Consultation | None = None) -> bool:
        return False


class VersionInline(ReadOnly, admin.StackedInline[OpinionVersion, Opinion]):
    model = OpinionVersion
    fk_name = "opinion"
    extra = 0


class DecisionInline(ReadOnly, admin.TabularInline[Decision, Opinion]):
    model = Decision
    extra = 0
    fields = readonly_fields = ("created_at", "verb", "from_state", "to_state", "reason", "note")


@admin.register(Opinion)
class OpinionAdmin(ReadOnly, admin.ModelAdmin[Opinion]):
    list_display = ("number", "consultation", "proposal", "state", "language", "submitted_at")
    list_filter = ("consultation", "state", "theme")
    search_fields = ("number", "version__proposal")
    list_select_related = ("consultation", "version")
    exclude = ("agree_count", "pass_count", "disagree_count", "author", "version")
    inlines = (VersionInline, DecisionInline)

    @admin.display(description=_("Proposal"))
    def proposal(self, opinion: Opinion) -> str:
        return opinion.version.proposal[:80] if opinion.version else ""


@admin.register(Case)
class CaseAdmin(ReadOnly, admin.ModelAdmin[Case]):
    """What waits; publishing goes through the same function as on the moderation page."""

    list_display = ("proposal", "kind", "opened_at", "claimed_by", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "kind", "opinion__consultation")
    list_select_related = ("version", "claimed_by")
    ordering = ("closed_at", "opened_at")
    actions = ("publish",)

    @admin.display(description=_("Proposal"))
    def proposal(self, case: Case) -> str:
        return case.version.proposal[:80]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # The list needs it for its actions; a single case opens for reading only.
        return obj is None and request.user.has_module_perms("consultations")

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    @admin.action(description=_("Publish"))
    def publish(self, request: HttpRequest, chosen: QuerySet[Case]) -> None:
        assert request.user.is_authenticated
        for case in chosen.select_related("opinion__author"):
            try:
                done = moderation.publish(actor=request.user, case=case)
            except DomainError as error:
                self.message_user(request, f"{case.version.proposal[:40]}: {error.message}", messages.ERROR)
            else:
                self.message_user(
                    request, _("No. %(number)d is published.") % {"number": done.number}, messages.SUCCESS
                )
