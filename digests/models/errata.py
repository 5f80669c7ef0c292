"""What was wrong in a published edition; the next edition carries it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from common.models import Public

TEXT_LENGTH = 2_000


class ErratumQuerySet(models.QuerySet["Erratum"]):
    def waiting(self) -> "ErratumQuerySet":
        """Those that the next edition carries, in the order of editions and of writing."""
        return self.filter(carried_in=None).order_by("edition__number", "created_at", "pk")

    def carried(self) -> "ErratumQuerySet":
        """What is public."""
        return self.exclude(carried_in=None).order_by("number")


class Erratum(Public):
    """A correction of one published edition.

    Until an edition that carries it is published, organisers see it alone and may change it. Then it gets its
    number, and a trigger keeps it for good.
    """

    edition = models.ForeignKey("digests.Edition", models.PROTECT, related_name="errata")
    #: Counted for each corrected edition from 1; given when the edition that carries it is published.
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    text_ko = models.TextField(_("Text in Korean"), max_length=TEXT_LENGTH)
    text_en = models.TextField(_("Text in English"), max_length=TEXT_LENGTH)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    carried_in = models.ForeignKey("digests.Edition", models.PROTECT, null=True, blank=True, related_name="carries")
    text = Bilingual()
    objects = ErratumQuerySet.as_manager()

    class Meta:
        verbose_name = _("erratum")
        verbose_name_plural = _("errata")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="erratum_number_once"),
            models.CheckConstraint(
                name="erratum_carried_has_number",
                condition=Q(carried_in=None, number=None) | Q(carried_in__isnull=False, number__isnull=False),
            ),
            models.CheckConstraint(name="erratum_in_both_languages", condition=~Q(text_ko="") & ~Q(text_en="")),
        ]

    def __str__(self) -> str:
        return self.text[:60]
