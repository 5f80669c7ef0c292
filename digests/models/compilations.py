"""Requests to compile a digest and how far they have come, and what meetings ask for; the queue is this table."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Created, Public


class Compilation(Public):
    """One request to compile. One is queued or running at a time for a consultation; a second one joins it or waits."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Origin(models.TextChoices):
        ASKED = "asked", _("Asked for")
        MEETING = "meeting", _("Of a meeting's cut-off")

    class Step(models.TextChoices):
        WAITING = "waiting", _("Waiting for a worker")
        SNAPSHOT = "snapshot", _("Reading opinions and votes")
        FIGURES = "figures", _("Computing figures")
        DOCUMENTS = "documents", _("Setting the documents")
        OPEN_DATA = "open_data", _("Writing the open data")
        STORING = "storing", _("Storing the edition")

    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="compilations")
    meeting = models.ForeignKey("summit.Meeting", models.SET_NULL, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.ASKED, db_default=Origin.ASKED)
    #: The language of whoever asked, in which an error is written down; empty: the site's.
    language = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    #: Planned for then: the scan lets it begin at that moment, or when the one before it is done.
    due_at = models.DateTimeField(null=True, blank=True)
    step = models.CharField(max_length=10, choices=Step, default=Step.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    #: A worker renews its lease at each step; a lapsed one is taken over by another worker.
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: How often a text was taken away while this ran; a snapshot from before that is not stored.
    texts_gone = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    error = models.TextField(blank=True)
    edition = models.ForeignKey("digests.Edition", models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("compilation")
        verbose_name_plural = _("compilations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(state__in=["queued", "running"]), name="compilation_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["consultation", "meeting"], condition=Q(origin="meeting"), name="compilation_once_a_meeting"
            ),
            models.UniqueConstraint(
                fields=["consultation", "due_at"],
                condition=Q(state="planned", origin="asked"),
                name="compilation_planned_once",
            ),
            models.CheckConstraint(
                name="compilation_planned_has_time", condition=~Q(state="planned") | Q(due_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="planned"), name="compilation_planned")]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to come or under way, and so can be cancelled."""
        return self.state in (self.State.PLANNED, self.State.QUEUED, self.State.RUNNING)


class MeetingPlan(Created):
    """Whether meetings get drafts of digests at their cut-off: said of a whole summit, or of one meeting, which wins.

    Where neither is said, a meeting gets them when one of its agenda items is what a consultation belongs to.
    """

    summit = models.OneToOneField(
        "summit.Summit", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Summit")
    )
    meeting = models.OneToOneField(
        "summit.Meeting", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Meeting")
    )
    compiles = models.BooleanField(_("Compile drafts at the cut-off"), default=True)
    cutoff_at = models.DateTimeField(_("Cut-off"), null=True, blank=True, help_text=_("Empty: when the meeting ends."))

    class Meta:
        verbose_name = _("digests of meetings")
        verbose_name_plural = _("digests of meetings")
        constraints = [
            models.CheckConstraint(
                name="meeting_plan_of_one",
                condition=Q(summit__isnull=False, meeting=None, cutoff_at=None) | Q(summit=None, meeting__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.meeting or self.summit)
