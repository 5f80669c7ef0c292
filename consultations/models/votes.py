"""Votes, one a member and opinion, and the insert-only log of how they changed."""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.models import Created


class Value(models.IntegerChoices):
    DISAGREE = -1, _("Disagree")
    PASS = 0, _("Pass")
    AGREE = 1, _("Agree")


#: The words of the API and of forms.
VALUES = {"agree": Value.AGREE, "pass": Value.PASS, "disagree": Value.DISAGREE}
WORDS = {value: word for word, value in VALUES.items()}


def counting(**lookups: Any) -> Q:
    """The one rule of what counts, as a condition on votes; `lookups` narrow the opinions.

    Published opinion, a vote given on a version that still counts, a participant who is not voided.
    """
    return Q(
        opinion__state="published",
        version_number__gte=F("opinion__version__votes_since"),
        participant__voided_at=None,
        **lookups,
    )


class VoteQuerySet(models.QuerySet["Vote"]):
    def counting(self) -> "VoteQuerySet":
        """The votes that count; pages, API, order, groups, digest and export all start here."""
        return self.filter(counting())

    def final(self) -> "VoteQuerySet":
        """The votes that merged opinions had when they were closed to votes; they count nowhere."""
        return self.filter(
            opinion__state="merged",
            version_number__gte=F("opinion__version__votes_since"),
            participant__voided_at=None,
        )


class Vote(Created):
    """What one participant thinks of one opinion, on the version that they saw; the last one stands."""

    opinion = models.ForeignKey("consultations.Opinion", models.PROTECT, related_name="votes", db_index=False)
    participant = models.ForeignKey("consultations.Participant", models.PROTECT, related_name="votes")
    #: With `opinion` a foreign key to that opinion's version (a composite one, see the migration).
    version_number = models.PositiveSmallIntegerField()
    value = models.SmallIntegerField(choices=Value)
    changed_at = models.DateTimeField(db_default=Now())
    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["opinion", "participant"], name="vote_once"),
            models.CheckConstraint(name="vote_value", condition=Q(value__in=[-1, 0, 1])),
        ]


class VoteLog(models.Model):  # noqa: DJ008 - nobody looks at a line of it alone
    """Every vote as it was cast, changed or taken back; written by a trigger, so no way round it.

    One partition a month (`consultations.vote_log` makes and drops them), one more for strays. The database's
    key begins with the participant. An imported vote has no line of its own: its files are its history.
    """

    opinion_id = models.UUIDField()
    participant_id = models.BigIntegerField()
    version_number = models.PositiveSmallIntegerField()
    value = models.SmallIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("vote log")
        indexes = [BrinIndex(fields=["created_at"], name="vote_log_time", autosummarize=True)]
