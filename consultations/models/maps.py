"""The opinion map of a consultation as a worker computed it last."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Created


class OpinionMap(Created):
    """Where the participants stand who gave enough votes, and the groups that repeat; derived, rewritten by a worker.

    The arrays of people are equally long, and so are those of opinions. It rests on many opinions' counts: who may
    see it, and what of it, is decided in `consultations.opinion_map` alone.
    """

    consultation = models.OneToOneField(
        "consultations.Consultation", models.CASCADE, primary_key=True, related_name="opinion_map"
    )
    computed_at = models.DateTimeField()
    #: The number of counting votes then: what "five more votes" is counted from.
    votes = models.PositiveIntegerField()
    #: Plain facts: k, stable, stability, readiness, min_votes, sizes, and what marks each group.
    facts = models.JSONField()
    participants = ArrayField(models.BigIntegerField(), default=list)
    #: Group of each participant, 1 … k, or 0 where not grouped.
    groups = ArrayField(models.SmallIntegerField(), default=list)
    xs = ArrayField(models.FloatField(), default=list)
    ys = ArrayField(models.FloatField(), default=list)
    opinions = ArrayField(models.UUIDField(), default=list)
    #: The weight of each opinion on the two axes, and how far out on the map it lies (≥ 0).
    weights_x = ArrayField(models.FloatField(), default=list)
    weights_y = ArrayField(models.FloatField(), default=list)
    extremity = ArrayField(models.FloatField(), default=list)

    class Meta:
        verbose_name = _("opinion map")
        verbose_name_plural = _("opinion maps")

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.facts.get('k')}"
