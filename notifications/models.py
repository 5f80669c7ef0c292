"""Occasion, delivery, message: why people are told, who is told, and the mail that tells them.

An occasion is written in the transaction that causes it. A direct notice is written with its deliveries;
any other's are written when it is due. Messages are rendered when a worker claims deliveries.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.models import Public


class Occasion(Public):
    """A reason to tell people: once for a kind, a target and a version of it (a date that moved is a new one)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        EXPANDED = "expanded", _("Recipients known")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=60)
    target = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    facts = models.JSONField(default=dict, blank=True)
    due_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        constraints = [models.UniqueConstraint(fields=["kind", "target", "version"], name="occasion_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="planned"), name="occasion_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target} {self.version}"


class Message(Public):
    """One rendered mail to one person; carries one or more deliveries.

    claimed (a lease) → dialogue (committed just before the mail server gets the text) → sent. A lapsed
    claim is free again; nobody can say whether a lapsed dialogue went out, so it becomes `unknown`
    (or, when it is urgent, is sent again with the same Message-ID).
    """

    class State(models.TextChoices):
        CLAIMED = "claimed", _("Being prepared")
        DIALOGUE = "dialogue", _("Being sent")
        RETRY = "retry", _("Will be tried again")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        DROPPED = "dropped", _("No longer wanted")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    address = models.EmailField(max_length=254)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    is_urgent = models.BooleanField(default=False)
    #: The text of a secret message (a sign-in code) is never stored here.
    is_secret = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.CLAIMED)
    lease_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(state__in=["claimed", "dialogue"]), name="message_leased"),
            models.Index(fields=["next_attempt_at"], condition=Q(state="retry"), name="message_retry"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Delivery(Public):
    """One occasion for one person on one channel."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        BOUND = "bound", _("In a message")
        SKIPPED = "skipped", _("Skipped")
        MISSED = "missed", _("Missed")

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, default="mail")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=60, blank=True)
    is_urgent = models.BooleanField(default=False)
    release_at = models.DateTimeField(db_default=Now())
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="deliveries")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["occasion", "user", "channel"], name="delivery_once")]
        indexes = [models.Index(fields=["release_at"], condition=Q(state="planned"), name="delivery_due")]
