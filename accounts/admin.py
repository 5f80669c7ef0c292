"""People and societies in the admin."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import membership
from accounts.models import Membership, MembershipRequest, RoleGrant, Society, User
from common.errors import DomainError


class RoleInline(admin.TabularInline[RoleGrant, User]):
    model = RoleGrant
    extra = 0
    autocomplete_fields = ("society",)


class MembershipInline(admin.TabularInline[Membership, User]):
    model = Membership
    extra = 0
    autocomplete_fields = ("society",)


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Accounts; there is no password to see or to set."""

    list_display = ("email", "name", "is_active", "is_staff")
    search_fields = ("email", "name")
    fields = (
        "email",
        "name",
        "language",
        "time_zone",
        "sector",
        "stage",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
    )
    inlines = (RoleInline, MembershipInline)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # votes and opinions refer to people; erasing is another act


@admin.register(Society)
class SocietyAdmin(admin.ModelAdmin[Society]):
    list_display = ("name_ko", "name_en", "slug", "is_active")
    search_fields = ("name_ko", "name_en", "slug")
    prepopulated_fields = {"slug": ("name_en",)}
    readonly_fields = ("members",)

    @admin.display(description=_("Members"))
    def members(self, society: Society) -> str:
        """The door to the page that lists and imports members: one form, one function."""
        if not society.slug:  # the page that adds one
            return ""
        return format_html('<a href="{}">{}</a>', reverse("society", args=[society.slug]), _("List, or import a CSV"))


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    list_display = ("user", "society", "starts_on", "ends_on")
    list_filter = ("society",)
    search_fields = ("user__email", "user__name", "number")
    autocomplete_fields = ("user", "society")


@admin.register(MembershipRequest)
class MembershipRequestAdmin(admin.ModelAdmin[MembershipRequest]):
    """Requests, decided through the same functions as on the secretary's page."""

    list_display = ("user", "society", "state", "created_at", "decided_by")
    list_filter = ("state", "society")
    actions = ("accept", "refuse")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: MembershipRequest | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    @admin.action(description=_("Accept"))
    def accept(self, request: HttpRequest, chosen: QuerySet[MembershipRequest]) -> None:
        self._each(request, chosen, "accept")

    @admin.action(description=_("Refuse"))
    def refuse(self, request: HttpRequest, chosen: QuerySet[MembershipRequest]) -> None:
        self._each(request, chosen, "refuse")

    def _each(self, request: HttpRequest, chosen: QuerySet[MembershipRequest], verdict: str) -> None:
        act = membership.accept if verdict == "accept" else membership.refuse
        assert request.user.is_authenticated
        for asked in chosen:
            try:
                act(actor=request.user, request=asked)
            except DomainError as error:
                self.message_user(request, f"{asked.user}: {error.message}", messages.ERROR)
