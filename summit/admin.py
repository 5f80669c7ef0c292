"""The admin of summits and meetings; every change goes through `schedule`, like the organisers' pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts import access
from accounts.models import User
from summit import schedule
from summit.forms import MeetingForm
from summit.models import AgendaItem, Meeting, Registration, Summit


class ForOrganisers(admin.ModelAdmin[Any]):
    """Organisers change; others with the right to see, see. Nothing is deleted here: cancelling keeps the record."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.is_organiser(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access.is_organiser(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @staticmethod
    def copy_from(stored: Model, obj: Model) -> None:
        """Let the admin's own object be the stored one."""
        obj.__dict__.update(stored.__dict__)


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@admin.register(Summit)
class SummitAdmin(ForOrganisers):
    list_display = ["slug", "title_ko", "title_en", "is_sample"]
    search_fields = ["slug", "title_ko", "title_en"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []

    def save_model(self, request: HttpRequest, obj: Summit, form: Any, change: bool) -> None:
        fields = {name: getattr(obj, name) for name in schedule.SUMMIT_FIELDS}
        if change:
            stored = schedule.update_summit(actor=_actor(request), summit=obj, fields=fields)
        else:
            stored = schedule.create_summit(actor=_actor(request), slug=obj.slug, fields=fields)
        self.copy_from(stored, obj)


class AgendaInline(admin.StackedInline[AgendaItem, Meeting]):
    model = AgendaItem
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_organiser(request.user)

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Meeting)
class MeetingAdmin(ForOrganisers):
    form = MeetingForm
    fields = [
        "summit", "title_ko", "title_en", "starts_local", "ends_local", "time_zone", "place_ko", "place_en",
        "address_ko", "address_en", "capacity", "about_ko", "about_en", "minutes_ko", "minutes_en",
    ]  # fmt: skip
    list_display = ["title_ko", "summit", "starts_at", "time_zone", "is_cancelled"]
    list_filter = ["summit", "is_cancelled"]
    list_select_related = ["summit"]
    search_fields = ["title_ko", "title_en"]
    inlines = [AgendaInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["summit"] if obj else []

    def save_model(self, request: HttpRequest, obj: Meeting, form: Any, change: bool) -> None:
        fields = {k: v for k, v in form.cleaned_data.items() if k in schedule.MEETING_FIELDS}
        if change:
            stored = schedule.update_meeting(actor=_actor(request), meeting=obj, fields=fields)
        else:
            stored = schedule.create_meeting(actor=_actor(request), summit=obj.summit, fields=fields)
        self.copy_from(stored, obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)  # sets the lists that the admin's log reads; stores nothing
        kept = [one for one in formset.forms if one not in formset.deleted_forms and one.instance.title_ko]
        kept.sort(key=lambda one: one.instance.order)
        items = [
            {"id": one.instance.pk, **{n: getattr(one.instance, n) for n in schedule.AGENDA_FIELDS}} for one in kept
        ]
        remove = [one.instance.pk for one in formset.deleted_forms]
        schedule.set_agenda(actor=_actor(request), meeting=form.instance, items=items, remove=remove)


@admin.register(Registration)
class RegistrationAdmin(admin.ModelAdmin[Registration]):
    """Who comes; places are taken and given back on the meeting's page."""

    list_display = ["meeting", "user", "state", "created_at"]
    list_filter = ["state", "meeting"]
    list_select_related = ["meeting", "user"]
    search_fields = ["user__email", "user__name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
