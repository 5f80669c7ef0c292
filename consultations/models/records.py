"""What stays on record beside decisions; insert-only like them, enforced by triggers (migration 0007)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from common.models import Created, Public
from consultations.models.cases import Reason


class Redaction(Created):
    """One place that a redaction overwrites: where, how long, and a keyed hash of what stood there.

    Written with the proposal; the text is overwritten when a second moderator confirms it. The hash
    (`redaction.fingerprint`) lets whoever holds the site's key check a text that is put before them, and nobody guess.
    """

    decision = models.ForeignKey("consultations.Decision", models.PROTECT, related_name="redactions")
    version = models.ForeignKey("consultations.OpinionVersion", models.PROTECT, null=True, related_name="redactions")
    argument = models.ForeignKey("consultations.Argument", models.PROTECT, null=True, related_name="redactions")
    field = models.CharField(max_length=20)
    start = models.PositiveIntegerField()
    length = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="redaction_of_one_text",
                condition=Q(version=None, argument__isnull=False) | Q(version__isnull=False, argument=None),
            ),
            models.CheckConstraint(name="redaction_of_something", condition=Q(length__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.start}+{self.length}"


class Bulk(Public):
    """One act on many cases at once, and what became of each; an undo of it is another one."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20)
    reason = models.CharField(_("Reason"), max_length=30, choices=Reason, blank=True)
    note = models.TextField(_("Note to the author"), max_length=2000, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        verbose_name = _("act on many")
        verbose_name_plural = _("acts on many")

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


class BulkRow(Created):
    """What became of one case of an act on many: the decision, or the code and the words of why there is none."""

    bulk = models.ForeignKey(Bulk, models.PROTECT, related_name="rows", db_index=False)
    place = models.PositiveSmallIntegerField()
    case = models.ForeignKey("consultations.Case", models.PROTECT, related_name="+")
    decision = models.ForeignKey("consultations.Decision", models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=40)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of an act on many")
        verbose_name_plural = _("rows of acts on many")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["bulk", "place"], name="bulk_row_once")]

    def __str__(self) -> str:
        return f"{self.place}: {self.outcome}"


class Voiding(Created):
    """That an organiser voided or restored a participant, and why."""

    participant = models.ForeignKey("consultations.Participant", models.PROTECT, related_name="voidings")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    voids = models.BooleanField()
    reason = models.CharField(_("Reason"), max_length=300)

    class Meta:
        verbose_name = _("voiding")
        verbose_name_plural = _("voidings")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.voids}"


class ReasonText(Created):
    """An organiser's own words for a reason; a code without a row has the words of `consultations.reasons`."""

    code = models.CharField(max_length=30, choices=Reason, primary_key=True)
    title_ko = models.CharField(_("Title in Korean"), max_length=100)
    title_en = models.CharField(_("Title in English"), max_length=100)
    rule_ko = models.CharField(_("The rule, in Korean"), max_length=500)
    rule_en = models.CharField(_("The rule, in English"), max_length=500)
    advice_ko = models.CharField(_("What can be done, in Korean"), max_length=500)
    advice_en = models.CharField(_("What can be done, in English"), max_length=500)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    title = Bilingual()
    rule = Bilingual()
    advice = Bilingual()

    class Meta:
        verbose_name = _("words for a reason")
        verbose_name_plural = _("words for reasons")

    def __str__(self) -> str:
        return self.code
