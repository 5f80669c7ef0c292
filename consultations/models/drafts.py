"""What somebody is still writing."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import Public


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, user: Any) -> "DraftQuerySet":
        return self.filter(user=user.pk)

    def active(self) -> "DraftQuerySet":
        """Neither sent nor deleted."""
        return self.filter(sent_at=None, deleted_at=None)


class Draft(Public):
    """One form of one person, as far as it is written. Nobody else ever reads it.

    The id is the key that the form sends along, and so the idempotency key of the opinion that it becomes.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", db_index=False)
    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="drafts")
    #: Which form: "opinion", or "text:41" for another text of opinion No. 41.
    form = models.CharField(max_length=20, default="opinion")
    fields = models.JSONField(default=dict)
    #: Counts the changes; a tab that knows an older one is told.
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "consultation", "form"],
                condition=Q(sent_at=None, deleted_at=None),
                name="draft_active_once",
            )
        ]
        indexes = [
            models.Index(fields=["user", "saved_at"], name="draft_of"),
            models.Index(fields=["saved_at"], condition=~Q(sent_at=None, deleted_at=None), name="draft_done"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.pk}"

    @property
    def address(self) -> str:
        """The form that it belongs to."""
        _kind, _colon, number = self.form.partition(":")
        name = "another-text" if number else "submit"
        return reverse(name, args=[self.consultation.slug, *([number] if number else [])])
