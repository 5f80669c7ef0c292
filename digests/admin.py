"""Editions and what made them, to read; what organisers write for them, and who signs, to change.

Every change goes through the same functions as on the pages. Publishing, withdrawing and answering are on the pages alone.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common.errors import DomainError
from digests import blocks, signoff
from digests.forms import BlockForm
from digests.models import (
    Block,
    Compilation,
    Document,
    Edition,
    Erratum,
    Host,
    MeetingPlan,
    Recommendation,
    Response,
    SignOff,
)


class ReadOnly:
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DocumentInline(ReadOnly, admin.TabularInline[Document, Edition]):
    model = Document
    exclude = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).defer("content")


@admin.register(Edition)
class EditionAdmin(ReadOnly, admin.ModelAdmin[Edition]):
    list_display = ("consultation", "number", "state", "cutoff_at", "published_at")
    list_filter = ("state",)
    list_select_related = ("consultation",)
    exclude = ("content",)
    inlines = (DocumentInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).defer("content")


@admin.register(Document)
class DocumentAdmin(ReadOnly, admin.ModelAdmin[Document]):
    list_display = ("name", "format", "language", "size", "sha256")
    list_filter = ("format", "language")
    exclude = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).defer("content")


@admin.register(Compilation)
class CompilationAdmin(ReadOnly, admin.ModelAdmin[Compilation]):
    list_display = (
        "consultation", "meeting", "origin", "state", "due_at", "step", "percent", "attempts", "created_at", "finished_at",
    )  # fmt: skip
    list_filter = ("state", "origin")
    list_select_related = ("consultation", "meeting")


@admin.register(MeetingPlan)
class MeetingPlanAdmin(admin.ModelAdmin[MeetingPlan]):
    """Whether the meetings of a summit, or one meeting, get drafts of digests, and when."""

    list_display = ("__str__", "compiles", "cutoff_at")
    list_select_related = ("summit", "meeting")


def _actor(request: HttpRequest) -> User:
    return cast("User", request.user)


class ByOrganisers:
    """Organisers change; others with the right to see, see. What a function refuses is said, and nothing is stored."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_organiser(request.user)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return cast("HttpResponse", super().changeform_view(request, *args, **options))  # type: ignore[misc]
        except DomainError as error:
            messages.error(request, str(error.message))
            return HttpResponseRedirect(request.get_full_path())


@admin.register(Block)
class BlockAdmin(ByOrganisers, admin.ModelAdmin[Block]):
    """Recommendations and notes; what a published edition has taken can be read and not changed."""

    form = BlockForm
    fields = ("consultation", *BlockForm.Meta.fields)
    list_display = ("consultation", "order", "kind", "title_ko", "title_en", "edition")
    list_filter = (("edition", admin.EmptyFieldListFilter), "kind", "consultation")
    list_select_related = ("consultation", "edition")
    actions = ("move_up", "move_down", "take_out")

    def get_readonly_fields(self, request: HttpRequest, obj: Block | None = None) -> tuple[str, ...]:
        return ("consultation",) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Block | None = None) -> bool:
        return access.is_organiser(request.user) and (obj is None or obj.edition_id is None)

    has_delete_permission = has_change_permission

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        found.pop("delete_selected", None)  # it deletes by one query, past the function
        return found

    def save_model(self, request: HttpRequest, obj: Block, form: Any, change: bool) -> None:
        blocks.save(actor=_actor(request), block=obj)

    def delete_model(self, request: HttpRequest, obj: Block) -> None:
        blocks.delete(actor=_actor(request), block=obj)

    @admin.action(description=_("Move up"))
    def move_up(self, request: HttpRequest, chosen: QuerySet[Block]) -> None:
        self._each(
            request, chosen.order_by("order"), lambda b: blocks.move(actor=_actor(request), block=b, direction="up")
        )

    @admin.action(description=_("Move down"))
    def move_down(self, request: HttpRequest, chosen: QuerySet[Block]) -> None:
        self._each(
            request, chosen.order_by("-order"), lambda b: blocks.move(actor=_actor(request), block=b, direction="down")
        )

    @admin.action(description=_("Take out"))
    def take_out(self, request: HttpRequest, chosen: QuerySet[Block]) -> None:
        self._each(request, chosen, lambda b: blocks.delete(actor=_actor(request), block=b))

    def _each(self, request: HttpRequest, chosen: QuerySet[Block], act: Any) -> None:
        for block in chosen:
            try:
                act(block)
            except DomainError as error:
                self.message_user(request, f"{block}: {error.message}", messages.ERROR)


@admin.register(Host)
class HostAdmin(ByOrganisers, admin.ModelAdmin[Host]):
    """Named hosts: added and removed, never changed, so that nobody signs in another's place."""

    list_display = ("user", "name_ko", "name_en", "consultation", "summit")
    list_select_related = ("user", "consultation", "summit")
    fields = ("consultation", "summit", "user", "name_ko", "name_en")
    autocomplete_fields = ("user",)

    def has_change_permission(self, request: HttpRequest, obj: Host | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Host | None = None) -> bool:
        return access.is_organiser(request.user)

    def save_model(self, request: HttpRequest, obj: Host, form: Any, change: bool) -> None:
        place = obj.consultation or obj.summit
        assert place is not None  # the form's constraint has looked
        names = {"name_ko": obj.name_ko, "name_en": obj.name_en}
        stored = signoff.name_host(actor=_actor(request), place=place, email=obj.user.email, **names)
        obj.__dict__.update(stored.__dict__)

    def delete_model(self, request: HttpRequest, obj: Host) -> None:
        signoff.remove_host(actor=_actor(request), host=obj)


@admin.register(SignOff)
class SignOffAdmin(ReadOnly, admin.ModelAdmin[SignOff]):
    list_display = ("name", "host_ko", "content_sha256", "created_at")
    fields = ("name", "host_ko", "host_en", "content_sha256", "created_at")


@admin.register(Erratum)
class ErratumAdmin(ReadOnly, admin.ModelAdmin[Erratum]):
    list_display = ("edition", "number", "text_ko", "carried_in")
    list_select_related = ("edition", "carried_in")


@admin.register(Recommendation)
class RecommendationAdmin(ReadOnly, admin.ModelAdmin[Recommendation]):
    list_display = ("edition", "number", "title_ko", "addressee_ko", "due_on")
    list_select_related = ("edition",)


@admin.register(Response)
class ResponseAdmin(ReadOnly, admin.ModelAdmin[Response]):
    list_display = ("recommendation", "version", "verdict", "done_by", "created_at")
    list_filter = ("verdict",)
    list_select_related = ("recommendation",)
    fields = ("recommendation", "version", "verdict", "text_ko", "text_en", "done_by", "created_at")
