"""Editions and their documents. A published edition never changes; the database sees to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from common.models import Created, Public


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> "EditionQuerySet":
        """The one visibility rule: what a visitor may read and download."""
        return self.filter(state=Edition.State.PUBLISHED)

    def unpublished(self) -> "EditionQuerySet":
        """The draft, in review or not: a consultation has one at most."""
        return self.exclude(state=Edition.State.PUBLISHED)


class Withdrawable(models.Model):
    """What is published and may be withdrawn, once: its bytes go, its hash stays, and a reason takes their place."""

    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_ko = models.TextField(_("Reason in Korean"), max_length=1_000, blank=True)
    withdrawn_en = models.TextField(_("Reason in English"), max_length=1_000, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn = Bilingual()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_withdrawn_with_reason",
                condition=Q(withdrawn_at=None, withdrawn_ko="", withdrawn_en="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_ko="") & ~Q(withdrawn_en="")),
            )
        ]


class Edition(Public, Withdrawable):
    """One numbered edition of a consultation's digest: a canonical JSON and the documents made from it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        PUBLISHED = "published", _("Published")

    consultation = models.ForeignKey("consultations.Consultation", models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    meeting = models.ForeignKey("summit.Meeting", models.PROTECT, null=True, blank=True, related_name="editions")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    cutoff_at = models.DateTimeField()
    #: The highest publish sequence inside; the next edition's "new" begins after it.
    publish_sequence = models.PositiveIntegerField()
    #: Canonical JSON: sorted keys, no spaces, UTF-8; every document is made from these bytes alone.
    content = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)
    #: SHA-256 of the stored input; the same input gives the same content.
    input_sha256 = models.CharField(max_length=64)
    #: SHA-256 of manifest.json, which names every other file's; empty for editions of before there was one.
    manifest_sha256 = models.CharField(max_length=64, blank=True, db_default="")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    #: What lists say of a published edition, so that they need not open its content (`editions.figures_of`).
    figures = models.JSONField(default=dict, blank=True)
    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        constraints = [
            *Withdrawable.Meta.constraints,
            models.UniqueConstraint(fields=["consultation", "number"], name="edition_number_once"),
            models.CheckConstraint(
                name="edition_published_has_time", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.consultation.slug, self.number])


class Document(Created, Withdrawable):
    """One file of an edition. The bytes are in the database: complete or not there, and backed up with it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="documents")
    format = models.CharField(max_length=8)
    #: Empty for what exists once (JSON, CSV).
    language = models.CharField(max_length=2, blank=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(null=True, blank=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["id"]
        constraints = [
            *Withdrawable.Meta.constraints,
            models.UniqueConstraint(fields=["edition", "name"], name="document_once"),
        ]

    def __str__(self) -> str:
        return self.name
