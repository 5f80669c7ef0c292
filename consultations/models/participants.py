"""Who votes in one consultation, and the roll of who may."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.users import Sector, Stage
from common.models import Created


class Participant(Created):
    """Who votes or writes in one consultation: a user, or an id from an imported consultation."""

    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="participations"
    )
    external_id = models.CharField(max_length=60, null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "user"], name="participant_user_once"),
            models.UniqueConstraint(fields=["consultation", "external_id"], name="participant_external_once"),
            models.CheckConstraint(
                name="participant_user_or_external",
                condition=Q(user__isnull=False, external_id__isnull=True)
                | Q(user__isnull=True, external_id__isnull=False),
            ),
            models.CheckConstraint(
                name="participant_voided_with_reason", condition=Q(voided_at=None) | ~Q(void_reason="")
            ),
        ]


class RollEntry(Created):
    """That a participant may vote, for one society; sector and stage as they stood. Never deleted."""

    participant = models.OneToOneField(Participant, models.CASCADE, primary_key=True, related_name="roll_entry")
    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="roll")
    society = models.ForeignKey("accounts.Society", models.PROTECT, related_name="+")
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    stage = models.CharField(max_length=20, choices=Stage, blank=True)
    entered_at = models.DateTimeField(db_default=Now())
    #: Set by the first opinion or vote; from then on the society stays.
    fixed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("roll entry")
        verbose_name_plural = _("roll")
        indexes = [models.Index(fields=["consultation", "entered_at"])]
