"""What a published edition asks of an official, the key that is sent to them, and what they answered."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from common.models import Created, Public
from digests.models.blocks import TITLE_LENGTH

ANSWER_LENGTH = 5_000
NOTE_LENGTH = 1_000


class Recommendation(Public):
    """One recommendation as it was published. Insert-only: a trigger refuses update, delete and truncate."""

    edition = models.ForeignKey("digests.Edition", models.PROTECT, related_name="recommendations")
    #: Its number in the edition, where notes are counted too.
    number = models.PositiveSmallIntegerField()
    title_ko = models.TextField()
    title_en = models.TextField()
    body_ko = models.TextField()
    body_en = models.TextField()
    addressee_ko = models.CharField(max_length=TITLE_LENGTH)
    addressee_en = models.CharField(max_length=TITLE_LENGTH)
    due_on = models.DateField()
    opinions = ArrayField(models.PositiveIntegerField())
    title = Bilingual()
    body = Bilingual()
    addressee = Bilingual()

    class Meta:
        verbose_name = _("published recommendation")
        verbose_name_plural = _("published recommendations")
        ordering = ["edition_id", "number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="recommendation_number_once")]

    def __str__(self) -> str:
        return self.title


class Link(Public):
    """That an address may answer a recommendation by the key that was mailed to it, until that is revoked.

    The key itself is stored nowhere: each mail makes one anew (`digests.keys`).
    """

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="links")
    email = models.EmailField(_("E-mail address"), max_length=254)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("answering link")
        verbose_name_plural = _("answering links")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation"], condition=Q(revoked_at=None), name="link_live_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Response(Public):
    """One version of an official's answer. Insert-only: a trigger refuses update, delete and truncate."""

    class Verdict(models.TextChoices):
        ACCEPT = "accept", _("Accepted in full")
        ACCEPT_IN_PART = "accept_in_part", _("Accepted in part")
        DECLINE = "decline", _("Declined")

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="responses")
    version = models.PositiveSmallIntegerField()
    verdict = models.CharField(_("Answer"), max_length=14, choices=Verdict)
    text_ko = models.TextField(_("Text in Korean"), max_length=ANSWER_LENGTH, blank=True)
    text_en = models.TextField(_("Text in English"), max_length=ANSWER_LENGTH, blank=True)
    done_by = models.DateField(_("To be done by"), null=True, blank=True)
    #: Exactly one of the two: an account with the role of an official, or a link.
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey(Link, models.PROTECT, null=True, blank=True, related_name="responses")
    text = Bilingual()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["recommendation_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "version"], name="response_version_once"),
            models.CheckConstraint(
                name="response_verdict", condition=Q(verdict__in=["accept", "accept_in_part", "decline"])
            ),
            models.CheckConstraint(name="response_has_text", condition=~Q(text_ko="") | ~Q(text_en="")),
            models.CheckConstraint(
                name="response_given_one_way",
                condition=Q(given_by__isnull=False, link=None) | Q(given_by=None, link__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id}: {self.version}"

    @property
    def language(self) -> str:
        """The language of `text`, for the page to mark it."""
        wanted, other = ("en", "ko") if (get_language() or "ko").startswith("en") else ("ko", "en")
        return wanted if getattr(self, f"text_{wanted}") else other


class Review(Created):
    """What an organiser did with a response: published it, or sent it back. Insert-only, once a response."""

    class Verb(models.TextChoices):
        PUBLISH = "publish", _("Published")
        RETURN = "return", _("Sent back")

    response = models.OneToOneField(Response, models.PROTECT, related_name="review")
    verb = models.CharField(max_length=8, choices=Verb)
    note = models.TextField(_("Note to the addressee"), max_length=NOTE_LENGTH, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("review of a response")
        verbose_name_plural = _("reviews of responses")
        constraints = [models.CheckConstraint(name="review_verb", condition=Q(verb__in=["publish", "return"]))]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.verb}"
