"""Editions and what made them, to read; publishing is on the digest's own pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from digests.models import Compilation, Document, Edition, MeetingPlan


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
