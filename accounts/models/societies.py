"""Societies and who belongs to them, with dates."""

from datetime import date, datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from common.models import Created, Public


class Society(Created):
    """A scientific society of the federation."""

    slug = models.SlugField(unique=True)
    name_ko = models.CharField(_("Name in Korean"), max_length=200)
    name_en = models.CharField(_("Name in English"), max_length=200)
    is_active = models.BooleanField(_("Active"), default=True)
    name = Bilingual()

    class Meta:
        verbose_name = _("society")
        verbose_name_plural = _("societies")
        ordering = ["name_ko"]

    def __str__(self) -> str:
        return self.name


class DateRange(Func):
    """daterange(starts_on, ends_on, '[]'), for the rule that memberships of one society do not overlap."""

    function = "DATERANGE"
    output_field = DateRangeField()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date | datetime) -> "MembershipQuerySet":
        """Memberships that hold on a day."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=on), starts_on__lte=on)


class Membership(Created):
    """That a person belongs to a society from a day until a day (both included), or for the time being."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="memberships")
    society = models.ForeignKey(Society, models.PROTECT, related_name="memberships")
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    number = models.CharField(_("Membership number"), max_length=50, blank=True)
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="membership_dates", condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on"))
            ),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("society", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.society}"


class MembershipRequest(Public):
    """Somebody asks a society to say that they are a member; no society: the organisers decide."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="membership_requests")
    society = models.ForeignKey(Society, models.PROTECT, null=True, blank=True, related_name="requests")
    note = models.TextField(_("Note to the secretary"), max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("membership request")
        verbose_name_plural = _("membership requests")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "society"],
                condition=models.Q(state="open"),
                nulls_distinct=False,
                name="membership_request_open_once",
            )
        ]
