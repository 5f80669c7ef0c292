"""Consultations and their themes, changed through the same function as on the organisers' pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts import access
from consultations import organising
from consultations.admin.parts import actor
from consultations.models import Consultation, Theme
from consultations.organising_forms import PhasesForm


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
        organising.save(actor=actor(request), consultation=obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.is_organiser(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Consultation | None = None) -> bool:
        return access.is_organiser(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Consultation | None = None) -> bool:
        return False
