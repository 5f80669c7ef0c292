"""Read-only lists of what was told to whom. Nothing is sent or changed here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Delivery, Message, Occasion


class ReadOnly(admin.ModelAdmin[Any]):
    """A list to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Occasion)
class OccasionAdmin(ReadOnly):
    list_display = ["kind", "target", "version", "due_at", "state", "attempts", "error"]
    list_filter = ["state", "kind"]
    search_fields = ["target"]
    date_hierarchy = "due_at"
    fields = ["kind", "target", "version", "due_at", "state", "attempts", "next_attempt_at", "error", "created_at"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ["occasion", "user", "channel", "state", "reason", "release_at"]
    list_filter = ["state", "channel", "occasion__kind"]
    search_fields = ["user__email", "occasion__target"]
    list_select_related = ["occasion", "user"]


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ["created_at", "address", "subject_shown", "state", "attempts", "sent_at", "error"]
    list_filter = ["state", "is_urgent"]
    search_fields = ["address", "message_id"]
    date_hierarchy = "created_at"
    fields = [
        "user", "address", "language", "subject_shown", "text_shown", "message_id", "state", "attempts",
        "next_attempt_at", "lease_until", "error", "created_at", "sent_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).select_related("user").defer("html", "calendar")

    @admin.display(description=_("Subject"))
    def subject_shown(self, message: Message) -> str:
        return str(_("(not shown)")) if message.is_secret else message.subject

    @admin.display(description=_("Text"))
    def text_shown(self, message: Message) -> str:
        secret = message.is_secret or message.deliveries.filter(occasion__kind__in=kinds.secret_keys()).exists()
        return str(_("(not shown)")) if secret else message.text
