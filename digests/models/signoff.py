"""Who must sign an edition off before it is published, and who has."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from common.models import Created


class Host(Created):
    """A person who signs for a host: of one consultation, or of every consultation of a summit."""

    consultation = models.ForeignKey(
        "consultations.Consultation", models.CASCADE, null=True, blank=True, related_name="named_hosts",
        verbose_name=_("Consultation"),
    )  # fmt: skip
    summit = models.ForeignKey(
        "summit.Summit", models.CASCADE, null=True, blank=True, related_name="named_hosts", verbose_name=_("Summit")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hosting", verbose_name=_("Person")
    )  # fmt: skip
    name_ko = models.CharField(_("Host, in Korean"), max_length=200)
    name_en = models.CharField(_("Host, in English"), max_length=200)
    name = Bilingual()

    class Meta:
        verbose_name = _("named host")
        verbose_name_plural = _("named hosts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "user"], name="host_once_a_consultation"),
            models.UniqueConstraint(fields=["summit", "user"], name="host_once_a_summit"),
            models.CheckConstraint(
                name="host_of_one",
                condition=Q(consultation__isnull=False, summit=None) | Q(consultation=None, summit__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.name})"


class SignOff(Created):
    """That a person signed these very bytes for a host. Insert-only: a trigger refuses update, delete and truncate.

    It outlives its draft: the one that takes the draft's place is another edition, and has to be signed anew.
    """

    edition = models.ForeignKey("digests.Edition", models.DO_NOTHING, related_name="sign_offs", db_constraint=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: As they stood when the person signed.
    name = models.CharField(max_length=254)
    host_ko = models.CharField(max_length=410)
    host_en = models.CharField(max_length=410)
    content_sha256 = models.CharField(max_length=64)
    host = Bilingual()

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="sign_off_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.host})"
