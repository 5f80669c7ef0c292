"""Reasons for or against an opinion, one level deep; marks that one helped; reports of an opinion."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Created, Public
from consultations.models.cases import Reason
from consultations.models.opinions import READABLE, ShownAs, State

ARGUMENT_LENGTH = 1_000
REPORT_LENGTH = 500


class Side(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")


class ArgumentQuerySet(models.QuerySet["Argument"]):
    def published(self) -> "ArgumentQuerySet":
        """What readers see; an argument of an opinion that they may not read is not seen either."""
        return self.filter(state=State.PUBLISHED, opinion__state__in=READABLE)


class Argument(Public):
    """A short reason for or against an opinion; moderated as opinions are, without versions."""

    opinion = models.ForeignKey("consultations.Opinion", models.PROTECT, related_name="arguments", db_index=False)
    author = models.ForeignKey("consultations.Participant", models.PROTECT, related_name="arguments")
    side = models.CharField(_("Side"), max_length=7, choices=Side)
    text = models.CharField(_("Argument"), max_length=ARGUMENT_LENGTH)
    state = models.CharField(_("State"), max_length=20, choices=State, default=State.SUBMITTED)
    language = models.CharField(_("Language"), max_length=8)
    shown_as = models.CharField(_("Shown as"), max_length=10, choices=ShownAs, default=ShownAs.SOCIETY)
    submitted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    #: When changes were asked for: until then the author may write, then it goes back as it stands.
    changes_due_at = models.DateTimeField(null=True, blank=True)
    #: The sender's own key: the same key is the same argument (double click, retry).
    idempotency_key = models.CharField(max_length=80, null=True, blank=True, editable=False)
    objects = ArgumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("argument")
        verbose_name_plural = _("arguments")
        constraints = [
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="argument_idempotency_key_once"),
            models.CheckConstraint(name="argument_side", condition=Q(side__in=["for", "against"])),
            models.CheckConstraint(
                name="argument_published_has_time", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="argument_changes_have_an_end",
                condition=~Q(state="changes_requested") | Q(changes_due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["opinion", "state", "published_at"], name="argument_shown"),
            models.Index(
                fields=["changes_due_at"], condition=Q(state="changes_requested"), name="argument_changes_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.text[:60]}"


class Helpful(Created):
    """That somebody found an argument helpful; one mark a participant."""

    argument = models.ForeignKey(Argument, models.CASCADE, related_name="marks", db_index=False)
    participant = models.ForeignKey("consultations.Participant", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("helpful mark")
        verbose_name_plural = _("helpful marks")
        constraints = [models.UniqueConstraint(fields=["argument", "participant"], name="helpful_once")]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.argument_id}"


class Report(Created):
    """That a member thinks an opinion or an argument breaks the rules; one a member and text. It hides nothing."""

    opinion = models.ForeignKey("consultations.Opinion", models.CASCADE, related_name="reports", db_index=False)
    case = models.ForeignKey("consultations.Case", models.PROTECT, related_name="reports")
    argument = models.ForeignKey(Argument, models.CASCADE, null=True, blank=True, related_name="reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: The society that the reporter counts for, as it stood.
    society = models.ForeignKey("accounts.Society", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("Reason"), max_length=30, choices=Reason)
    note = models.CharField(_("What is wrong"), max_length=REPORT_LENGTH, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["opinion", "argument", "user"], name="report_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id}: {self.reason}"
