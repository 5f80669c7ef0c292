"""What organisers write for the next edition: recommendations and notes, each bound to opinions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from common.models import Public

TITLE_LENGTH = 200
BODY_LENGTH = 5_000


class BlockQuerySet(models.QuerySet["Block"]):
    def waiting(self) -> "BlockQuerySet":
        """Those that the next edition takes, in order."""
        return self.filter(edition=None).order_by("order", "created_at", "pk")


class Block(Public):
    """One text of the organisers in a digest. Its numbers are placeholders that compiling fills in.

    While it waits for an edition it may lack anything; compiling says what is missing. Publishing binds it to its
    edition, and from then on it stays.
    """

    class Kind(models.TextChoices):
        RECOMMENDATION = "recommendation", _("Recommendation")
        NOTE = "note", _("Note")

    consultation = models.ForeignKey(
        "consultations.Consultation", models.PROTECT, related_name="blocks", verbose_name=_("Consultation")
    )
    #: The published edition that took it; empty while it waits.
    edition = models.ForeignKey("digests.Edition", models.PROTECT, null=True, blank=True, related_name="blocks")
    kind = models.CharField(_("Kind"), max_length=14, choices=Kind, default=Kind.RECOMMENDATION)
    order = models.PositiveIntegerField(_("Order"), default=0, editable=False)
    title_ko = models.CharField(_("Title in Korean"), max_length=TITLE_LENGTH, blank=True)
    title_en = models.CharField(_("Title in English"), max_length=TITLE_LENGTH, blank=True)
    body_ko = models.TextField(_("Text in Korean"), max_length=BODY_LENGTH, blank=True)
    body_en = models.TextField(_("Text in English"), max_length=BODY_LENGTH, blank=True)
    opinions = ArrayField(models.PositiveIntegerField(), verbose_name=_("Opinions"), default=list, blank=True)
    addressee_ko = models.CharField(_("Addressee in Korean"), max_length=TITLE_LENGTH, blank=True)
    addressee_en = models.CharField(_("Addressee in English"), max_length=TITLE_LENGTH, blank=True)
    due_on = models.DateField(_("Answer due by"), null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    title = Bilingual()
    body = Bilingual()
    addressee = Bilingual()
    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation or note")
        verbose_name_plural = _("recommendations and notes")
        ordering = ["order", "created_at"]
        constraints = [models.CheckConstraint(name="block_kind", condition=Q(kind__in=["recommendation", "note"]))]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())
