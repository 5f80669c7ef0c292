"""What waits for a moderator, and what moderators did."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import Created, Public

if TYPE_CHECKING:
    from consultations.models import Argument, Opinion


class Reason(models.TextChoices):
    """Why something is not published; the codes are fixed."""

    OFF_TOPIC = "off_topic", _("Outside this consultation")
    DUPLICATE = "duplicate", _("Already proposed")
    PERSONAL_DATA = "personal_data", _("Contains personal data")
    INSULT = "insult", _("Insulting")
    UNSUPPORTED_ACCUSATION = "unsupported_accusation", _("Accusation without support")
    ADVERTISING = "advertising", _("Advertising")
    CONFIDENTIAL = "confidential", _("Confidential information")
    NOT_A_MEMBER = "not_a_member", _("Author is not a member")
    UNREADABLE = "unreadable", _("Cannot be understood")
    SEVERAL_POINTS = "several_points", _("Several proposals in one")
    CONFLICT_NOT_DECLARED = "conflict_not_declared", _("Conflict of interest not declared")
    OTHER = "other", _("Other")


class CaseQuerySet(models.QuerySet["Case"]):
    def waiting(self) -> "CaseQuerySet":
        """Open cases: what several societies reported first, then the oldest first."""
        return self.filter(closed_at=None).order_by(F("urgent_since").asc(nulls_last=True), "opened_at", "id")

    def about(self, opinion_id: UUID, argument_id: UUID | None) -> "CaseQuerySet":
        """The cases of an opinion itself, or of one of its arguments."""
        return self.filter(opinion=opinion_id, argument=argument_id)


class Case(Public):
    """Something that waits for a moderator; closed by a decision."""

    class Kind(models.TextChoices):
        NEW = "new", _("New opinion")
        VERSION = "version", _("New text")
        ARGUMENT = "argument", _("Argument")
        REPORT = "report", _("Report")
        APPEAL = "appeal", _("Appeal")

    kind = models.CharField(max_length=10, choices=Kind)
    opinion = models.ForeignKey("consultations.Opinion", models.CASCADE, related_name="cases")
    #: The version that the case is about: deciding on another one is refused.
    version = models.ForeignKey("consultations.OpinionVersion", models.CASCADE, related_name="+")
    argument = models.ForeignKey("consultations.Argument", models.CASCADE, null=True, blank=True, related_name="cases")
    opened_at = models.DateTimeField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    #: The decisions that opened and closed it, where there was one; an undone decision takes both back.
    opened_by = models.ForeignKey("consultations.Decision", models.PROTECT, null=True, related_name="opened")
    closed_by = models.ForeignKey("consultations.Decision", models.PROTECT, null=True, related_name="closed")
    #: Since when it stands at the top, with the short service time: three reports from two societies.
    urgent_since = models.DateTimeField(null=True, blank=True)
    #: Whether the text seems to hold personal data; looked at when the case gets its text, because texts never change.
    looks_personal = models.BooleanField(default=False, db_default=False)
    #: Half and whole of the service time. A worker writes them (`working_time`); empty: not looked at yet.
    half_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "kind"], condition=Q(closed_at=None, argument=None), name="case_open_once_a_kind"
            ),
            models.UniqueConstraint(
                fields=["argument", "kind"], condition=Q(closed_at=None), name="case_open_once_an_argument"
            ),
            # Reports and appeals are about an opinion or about an argument, the other kinds about one of them alone.
            models.CheckConstraint(
                name="case_argument_has_one",
                condition=Q(kind="argument", argument__isnull=False)
                | Q(kind__in=["report", "appeal"])
                | Q(kind__in=["new", "version"], argument=None),
            ),
        ]
        indexes = [
            models.Index(
                F("urgent_since").asc(nulls_last=True), "opened_at", "id", condition=Q(closed_at=None),
                name="case_waiting",
            ),
            # Counting what waits reads this alone.
            models.Index(fields=["kind", "due_at", "id"], condition=Q(closed_at=None), name="case_counted"),
            models.Index(fields=["half_at"], condition=Q(closed_at=None), name="case_half"),
        ]  # fmt: skip


class DecisionQuerySet(models.QuerySet["Decision"]):
    def about(self, opinion_id: UUID, argument_id: UUID | None) -> "DecisionQuerySet":
        """The decisions on an opinion itself, or on one of its arguments."""
        return self.filter(opinion=opinion_id, argument=argument_id)

    def pending(self) -> "DecisionQuerySet":
        """Those that want a second person and have no answer yet, the one with the least time first."""
        return self.filter(waits_for_second=True, answer=None).order_by("second_until", "id")


class Decision(Created):
    """What somebody did about an opinion. Insert-only: a trigger refuses update, delete and truncate."""

    opinion = models.ForeignKey("consultations.Opinion", models.PROTECT, related_name="decisions")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="decisions")
    #: Set when the decision is about an argument; the opinion is then the one that it belongs to.
    argument = models.ForeignKey(
        "consultations.Argument", models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    reason = models.CharField(_("Reason"), max_length=30, choices=Reason, blank=True)
    note = models.TextField(_("Note to the author"), max_length=2000, blank=True)
    versions = ArrayField(models.BigIntegerField(), default=list, blank=True)
    #: The first of two: in effect, or in full effect, when a second person says so until then.
    waits_for_second = models.BooleanField(default=False)
    second_until = models.DateTimeField(null=True, blank=True)
    #: The decision that this one confirms, declines, lets lapse or undoes; each is answered once.
    answers = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="answer")
    merge = models.ForeignKey("consultations.Merge", models.PROTECT, null=True, blank=True, related_name="decisions")
    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="decision_second_has_an_end",
                condition=Q(waits_for_second=False, second_until=None)
                | Q(waits_for_second=True, second_until__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["second_until"], condition=Q(waits_for_second=True), name="decision_wants_second")
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.opinion_id}"

    @property
    def subject(self) -> "Opinion | Argument":
        """What it is about."""
        return self.argument or self.opinion
