"""A summit is a series of meetings on one problem; a meeting has an agenda."""

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from common.models import Created, Public


def validate_time_zone(name: str) -> None:
    """Refuse what is not the name of a time zone."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone. Example: Asia/Seoul."), params={"name": name})


class Summit(Created):
    """A series of meetings on one problem."""

    slug = models.SlugField(_("Address"), unique=True)
    title_ko = models.CharField(_("Title in Korean"), max_length=200)
    title_en = models.CharField(_("Title in English"), max_length=200)
    question_ko = models.CharField(_("Question in Korean"), max_length=200, blank=True)
    question_en = models.CharField(_("Question in English"), max_length=200, blank=True)
    about_ko = models.TextField(_("About, in Korean"), blank=True)
    about_en = models.TextField(_("About, in English"), blank=True)
    hosts_ko = models.CharField(_("Hosts, in Korean"), max_length=300, blank=True)
    hosts_en = models.CharField(_("Hosts, in English"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("Sample data"), default=False)
    title = Bilingual()
    question = Bilingual()
    about = Bilingual()
    hosts = Bilingual()

    class Meta:
        verbose_name = _("summit")
        verbose_name_plural = _("summits")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("summit", args=[self.slug])


class Meeting(Public):
    """One date of a summit. Times are stored in UTC and shown in the meeting's own zone."""

    summit = models.ForeignKey(Summit, models.PROTECT, related_name="meetings", verbose_name=_("Summit"))
    title_ko = models.CharField(_("Title in Korean"), max_length=200)
    title_en = models.CharField(_("Title in English"), max_length=200)
    about_ko = models.TextField(_("About, in Korean"), blank=True)
    about_en = models.TextField(_("About, in English"), blank=True)
    starts_at = models.DateTimeField(_("Starts"))
    ends_at = models.DateTimeField(_("Ends"))
    time_zone = models.CharField(_("Time zone"), max_length=64, default="Asia/Seoul", validators=[validate_time_zone])
    place_ko = models.CharField(_("Place, in Korean"), max_length=200, blank=True)
    place_en = models.CharField(_("Place, in English"), max_length=200, blank=True)
    address_ko = models.CharField(_("Address, in Korean"), max_length=300, blank=True)
    address_en = models.CharField(_("Address, in English"), max_length=300, blank=True)
    capacity = models.PositiveIntegerField(_("Places"), null=True, blank=True, help_text=_("Empty: no limit."))
    minutes_ko = models.TextField(_("Minutes, in Korean"), blank=True)
    minutes_en = models.TextField(_("Minutes, in English"), blank=True)
    is_cancelled = models.BooleanField(_("Cancelled"), default=False)
    #: Raised by every change that a calendar must take over (RFC 5545 SEQUENCE).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    #: When that was; a calendar's DTSTAMP, so that the same meeting gives the same file.
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    title = Bilingual()
    about = Bilingual()
    place = Bilingual()
    address = Bilingual()
    minutes = Bilingual()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "id"]
        constraints = [models.CheckConstraint(name="meeting_ends_after_start", condition=Q(ends_at__gt=F("starts_at")))]
        indexes = [models.Index(fields=["summit", "starts_at"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.id])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class AgendaItem(Public):
    """One item of a meeting's agenda, in order."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(_("Order"))
    title_ko = models.CharField(_("Title in Korean"), max_length=200)
    title_en = models.CharField(_("Title in English"), max_length=200)
    speaker_ko = models.CharField(_("Speaker, in Korean"), max_length=200, blank=True)
    speaker_en = models.CharField(_("Speaker, in English"), max_length=200, blank=True)
    minutes_long = models.PositiveSmallIntegerField(_("Length in minutes"), null=True, blank=True)
    title = Bilingual()
    speaker = Bilingual()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "order"], name="agenda_order_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.title
