"""A request to compile a digest and how far it has come; the queue is this table."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Public


class Compilation(Public):
    """One request to compile. One runs at a time for a consultation; a second request joins it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Step(models.TextChoices):
        WAITING = "waiting", _("Waiting for a worker")
        SNAPSHOT = "snapshot", _("Reading opinions and votes")
        FIGURES = "figures", _("Computing figures")
        DOCUMENTS = "documents", _("Setting the documents")
        STORING = "storing", _("Storing the edition")

    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="compilations")
    meeting = models.ForeignKey("summit.Meeting", models.SET_NULL, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    #: The language of whoever asked, in which an error is written down; empty: the site's.
    language = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    step = models.CharField(max_length=10, choices=Step, default=Step.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    #: A worker renews its lease at each step; a lapsed one is taken over by another worker.
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
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
            )
        ]
