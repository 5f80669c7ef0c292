"""Opinions that became one: which into which, and who wrote the joint text together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Created, Public


class Merge(Public):
    """Some opinions merged into one; `originals` are those that still are."""

    target = models.ForeignKey("consultations.Opinion", models.PROTECT, related_name="merges")
    #: The target was made by this merge: a joint text. Else it was there before, and its text stays as it is.
    is_joint = models.BooleanField()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")

    def __str__(self) -> str:
        return f"→ {self.target_id}"


class CoAuthor(Created):
    """Somebody who wrote an opinion together with its author; all of them have the same rights."""

    opinion = models.ForeignKey("consultations.Opinion", models.CASCADE, related_name="coauthors", db_index=False)
    participant = models.ForeignKey("consultations.Participant", models.PROTECT, related_name="coauthored")

    class Meta:
        verbose_name = _("co-author")
        verbose_name_plural = _("co-authors")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["opinion", "participant"], name="coauthor_once")]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.participant_id}"
