"""One question, open for a time, with the themes that authors choose from."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from common.models import Created


class CountsShown(models.TextChoices):
    """Who sees an opinion's counts before voting closes."""

    LIVE = "live", _("Everybody, at once")
    AFTER_VOTING = "after_voting", _("Who has voted on the opinion")
    AT_CLOSE = "at_close", _("Everybody, when voting has closed")


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def open_at(self, now: datetime) -> "ConsultationQuerySet":
        """Those where something can be done now: submissions or voting open."""
        return self.filter(
            Q(submissions_open_at__lte=now, submissions_close_at__gt=now)
            | Q(voting_open_at__lte=now, voting_close_at__gt=now)
        )


class Consultation(Created):
    """One question; belongs to a summit and may belong to an agenda item of one of its meetings."""

    slug = models.SlugField(_("Address"), unique=True, max_length=60)
    summit = models.ForeignKey("summit.Summit", models.PROTECT, related_name="consultations", verbose_name=_("Summit"))
    agenda_item = models.ForeignKey(
        "summit.AgendaItem", models.SET_NULL, null=True, blank=True, related_name="consultations"
    )
    title_ko = models.CharField(_("Question in Korean"), max_length=200)
    title_en = models.CharField(_("Question in English"), max_length=200)
    about_ko = models.TextField(_("About, in Korean"), blank=True)
    about_en = models.TextField(_("About, in English"), blank=True)
    submissions_open_at = models.DateTimeField(_("Submissions open"))
    submissions_close_at = models.DateTimeField(_("Submissions close"))
    voting_open_at = models.DateTimeField(_("Voting opens"))
    voting_close_at = models.DateTimeField(_("Voting closes"))
    priorities_close_at = models.DateTimeField(_("Priorities close"), null=True, blank=True)
    counts = models.CharField(
        _("Counts are shown to"), max_length=12, choices=CountsShown, default=CountsShown.AFTER_VOTING
    )
    works_on_days_off = models.BooleanField(
        _("Moderators work on weekends and public holidays"),
        default=False,
        help_text=_("Then the service time runs on these days too."),
    )
    hides_authors = models.BooleanField(
        _("Moderators see the author only when they have decided"),
        default=False,
        help_text=_("Names and societies are hidden from them until then."),
    )
    is_imported = models.BooleanField(default=False, editable=False)
    attribution = models.TextField(_("Attribution"), blank=True)
    roll_made_at = models.DateTimeField(null=True, editable=False)
    #: When voting had closed and every tally was counted in full; a later date of closing makes it due again.
    closed_at = models.DateTimeField(null=True, editable=False)
    last_number = models.PositiveIntegerField(default=0, editable=False)
    last_publish_sequence = models.PositiveIntegerField(default=0, editable=False)
    #: How many opinions are published; kept by triggers, so that no page counts them.
    published_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    title = Bilingual()
    about = Bilingual()
    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-voting_close_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="consultation_submissions_order", condition=Q(submissions_close_at__gte=F("submissions_open_at"))
            ),
            models.CheckConstraint(
                name="consultation_voting_order", condition=Q(voting_close_at__gte=F("voting_open_at"))
            ),
            # So that the last opinion can still be read, moderated and voted on.
            models.CheckConstraint(
                name="consultation_a_day_to_vote",
                condition=Q(is_imported=True)
                | Q(submissions_close_at__lte=F("voting_close_at") - Value(timedelta(hours=24))),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultation", args=[self.slug])

    def submissions_are_open(self, at: datetime) -> bool:
        return self.submissions_open_at <= at < self.submissions_close_at

    def voting_is_open(self, at: datetime) -> bool:
        return self.voting_open_at <= at < self.voting_close_at

    def is_under_way(self, at: datetime) -> bool:
        """From whichever opens first, submissions or voting, until voting closes: while its roll can change."""
        return min(self.submissions_open_at, self.voting_open_at) <= at < self.voting_close_at

    def is_closed(self, at: datetime) -> bool:
        return at >= self.voting_close_at

    def priorities_are_open(self, at: datetime) -> bool:
        return self.voting_open_at <= at < (self.priorities_close_at or self.voting_close_at)


class Theme(Created):
    """A heading inside a consultation, chosen by the author of an opinion."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="themes")
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    title_ko = models.CharField(_("Title in Korean"), max_length=100)
    title_en = models.CharField(_("Title in English"), max_length=100)
    hint_ko = models.CharField(_("Hint, in Korean"), max_length=200, blank=True)
    hint_en = models.CharField(_("Hint, in English"), max_length=200, blank=True)
    title = Bilingual()
    hint = Bilingual()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["consultation", "title_ko"], name="theme_once")]

    def __str__(self) -> str:
        return self.title
