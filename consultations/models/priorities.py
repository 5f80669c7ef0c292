"""The five opinions that a participant picks as most important."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Created

#: So many a participant may pick.
MOST = 5


class PriorityQuerySet(models.QuerySet["Priority"]):
    def counting(self) -> "PriorityQuerySet":
        """Those that count: of published opinions, by participants who are not voided."""
        return self.filter(opinion__state="published", participant__voided_at=None)

    def of(self, user: Any) -> "PriorityQuerySet":
        return self.filter(participant__user=user.pk)


class Priority(Created):
    """One of a participant's five; rank 1 is the most important one. Ranks have no gaps."""

    participant = models.ForeignKey(
        "consultations.Participant", models.CASCADE, related_name="priorities", db_index=False
    )
    opinion = models.ForeignKey("consultations.Opinion", models.PROTECT, related_name="priorities")
    rank = models.PositiveSmallIntegerField()
    objects = PriorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["rank"]
        constraints = [
            # Looked at when the transaction ends, so that two can change places.
            models.UniqueConstraint(
                fields=["participant", "rank"], name="priority_rank_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["participant", "opinion"], name="priority_once"),
            models.CheckConstraint(name="priority_rank", condition=Q(rank__gte=1, rank__lte=MOST)),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.rank}"
