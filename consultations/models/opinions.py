"""An opinion and its versions: every submitted text is one."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Random
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import Created, Public

PROPOSAL_LENGTH = 140
TEXT_LENGTH = 10_000
#: Imported texts may be longer.
IMPORTED_PROPOSAL_LENGTH = 1_000


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for a moderator")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    PUBLISHED = "published", _("Published")
    HELD = "held", _("Held")
    REJECTED = "rejected", _("Rejected")
    REMOVED = "removed", _("Removed")
    MERGED = "merged", _("Merged")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ShownAs(models.TextChoices):
    SOCIETY = "society", _("A member of my society")
    NAME = "name", _("My name")
    MEMBER = "member", _("A member")


class Horizon(models.TextChoices):
    NOW = "now", _("Within a year")
    SOON = "soon", _("One to three years")
    LATER = "later", _("Longer")


class Source(models.TextChoices):
    FORM = "form", _("Web form")
    API = "api", _("API")
    IMPORT = "import", _("Import")
    ENTERED = "entered", _("Entered for a member")
    FLOOR = "floor", _("From the floor of a meeting")
    MERGE = "merge", _("Joint text")


def _order(name: str, *columns: Any) -> models.Index:
    """An index over a consultation's published opinions in one order."""
    return models.Index(F("consultation"), *columns, condition=Q(state="published"), name=name)


#: What everybody may read: what is in force, and what was merged into another one.
READABLE = (State.PUBLISHED, State.MERGED)


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def published(self) -> "OpinionQuerySet":
        """The one visibility rule for readers: what a visitor may read in a list, and what counts."""
        return self.filter(state=State.PUBLISHED)

    def by(self, user: Any) -> "OpinionQuerySet":
        """What somebody wrote, alone or with others."""
        wrote = Q(author__user=user.pk) | Q(coauthors__participant__user=user.pk)
        return self.filter(pk__in=self.model._default_manager.filter(wrote).values("pk"))

    def readable(self) -> "OpinionQuerySet":
        """What a visitor may open: published ones, and merged ones, which stand in no list."""
        return self.filter(state__in=READABLE)


class Opinion(Public):
    """What a member submits. Its text lives in versions; the counts here are derived and heal by themselves."""

    consultation = models.ForeignKey("consultations.Consultation", models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey("consultations.Participant", models.PROTECT, null=True, related_name="opinions")
    theme = models.ForeignKey("consultations.Theme", models.PROTECT, null=True, blank=True, related_name="opinions")
    state = models.CharField(_("State"), max_length=20, choices=State, default=State.SUBMITTED)
    source = models.CharField(max_length=10, choices=Source, default=Source.FORM)
    #: Who typed it in for somebody else, and at which meeting it was said.
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    meeting = models.ForeignKey("summit.Meeting", models.PROTECT, null=True, blank=True, related_name="+")
    #: The merge that it went into, while it is merged.
    merge = models.ForeignKey(
        "consultations.Merge", models.PROTECT, null=True, blank=True, related_name="originals", editable=False
    )
    language = models.CharField(_("Language"), max_length=8)
    shown_as = models.CharField(_("Shown as"), max_length=10, choices=ShownAs, default=ShownAs.SOCIETY)
    quote = models.BooleanField(_("May be quoted word for word"), default=True)
    #: The version in force (published), or the newest one before publication.
    version = models.ForeignKey(
        "consultations.OpinionVersion", models.PROTECT, null=True, related_name="+", db_constraint=True
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    #: When changes were asked for: until then the author may write, then it goes back as it stands.
    changes_due_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    #: Order of publication in the consultation; gives each opinion to exactly one edition's "new".
    publish_sequence = models.PositiveIntegerField(null=True, blank=True)
    agree_count = models.PositiveIntegerField(default=0, editable=False)
    pass_count = models.PositiveIntegerField(default=0, editable=False)
    disagree_count = models.PositiveIntegerField(default=0, editable=False)
    #: What the count orders of lists run by; rewritten by a worker (`consultations.orders`), never at a vote.
    rank_agreed = models.FloatField(default=0, db_default=0, editable=False)
    rank_divided = models.FloatField(default=0, db_default=0, editable=False)
    #: Agreed across opinion groups, 0 … 1; 0 for all while no division repeats. Written with the map.
    rank_across = models.FloatField(default=0, db_default=0, editable=False)
    rank_votes = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    #: The opinion's place in the random order; a reader's seed says where that starts.
    shuffle = models.FloatField(db_default=Random(), editable=False)
    #: The sender's own key: the same key is the same opinion (double click, retry).
    idempotency_key = models.CharField(max_length=80, null=True, blank=True, editable=False)
    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="opinion_number_once"),
            models.UniqueConstraint(fields=["consultation", "publish_sequence"], name="opinion_publish_sequence_once"),
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="opinion_idempotency_key_once"),
            models.CheckConstraint(
                name="opinion_published_has_sequence",
                condition=~Q(state="published") | Q(publish_sequence__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="opinion_changes_have_an_end",
                condition=~Q(state="changes_requested") | Q(changes_due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="opinion_merged_into_something",
                condition=Q(state="merged", merge__isnull=False) | (~Q(state="merged") & Q(merge=None)),
            ),
        ]
        indexes = [
            models.Index(
                F("consultation"), F("publish_sequence").desc(), condition=Q(state="published"), name="opinion_newest"
            ),
            # One for each order of the list, and one for a theme; what they hold changes every ten minutes at most,
            # so that a recounted tally touches no index.
            _order("opinion_by_theme", F("theme"), F("publish_sequence").desc()),
            _order("opinion_agreed", F("rank_agreed").desc(), F("publish_sequence").desc()),
            _order("opinion_divided", F("rank_divided").desc(), F("publish_sequence").desc()),
            _order("opinion_across", F("rank_across").desc(), F("publish_sequence").desc()),
            _order("opinion_fewest", F("rank_votes"), F("publish_sequence")),
            _order("opinion_shuffled", F("shuffle"), F("publish_sequence")),
            models.Index(fields=["author"]),
            models.Index(fields=["changes_due_at"], condition=Q(state="changes_requested"), name="opinion_changes_due"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} No. {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("opinion", args=[self.consultation.slug, self.number])

    @property
    def entered_by_name(self) -> str:
        """Who typed it in for somebody else, by name; an address is never shown."""
        return str(self.entered_by.name or _("A moderator")) if self.entered_by is not None else ""


class OpinionVersion(Created):
    """One text of an opinion. Never changed, but by redaction and erasure."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    #: The earliest version whose votes count for this one.
    votes_since = models.PositiveSmallIntegerField()
    proposal = models.CharField(_("Proposal in one sentence"), max_length=IMPORTED_PROPOSAL_LENGTH)
    problem = models.TextField(_("The problem"), max_length=TEXT_LENGTH, blank=True)
    reason = models.TextField(_("Why this would help"), max_length=TEXT_LENGTH, blank=True)
    addressee = models.CharField(_("Who should act"), max_length=200, blank=True)
    horizon = models.CharField(_("Time horizon"), max_length=8, choices=Horizon, blank=True)
    evidence = ArrayField(models.CharField(max_length=500), verbose_name=_("Evidence"), default=list, blank=True)
    interests = models.CharField(_("Interests declared"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["opinion", "number"], name="version_once"),
            models.CheckConstraint(
                name="version_votes_since", condition=Q(votes_since__gte=1, votes_since__lte=F("number"))
            ),
        ]
