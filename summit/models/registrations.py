"""Who comes to a meeting."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Public
from summit.models.meetings import Meeting


class Registration(Public):
    """One person's place at one meeting; cancelling keeps the row, registering again uses it again."""

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        REGISTERED = "registered", _("Registered")
        CANCELLED = "cancelled", _("Cancelled")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="registrations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="registrations")
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.REGISTERED)
    #: Raised when somebody registers again, so that there is a receipt for each time.
    turn = models.PositiveSmallIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="registration_once")]
