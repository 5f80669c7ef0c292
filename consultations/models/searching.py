"""What full-text search looks at."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchText(models.Model):
    """Words and two-character grams of an opinion's version in force, by `consultations.search`.

    A table of its own: the vectors are wide, and pages read opinions often. It names its version: a row of an
    earlier text is never matched.
    """

    opinion = models.OneToOneField(
        "consultations.Opinion", models.CASCADE, primary_key=True, related_name="search_text"
    )
    version = models.ForeignKey("consultations.OpinionVersion", models.CASCADE, related_name="+", db_index=False)
    vector = SearchVectorField()

    class Meta:
        verbose_name = _("search text")
        verbose_name_plural = _("search texts")
        indexes = [GinIndex(fields=["vector"], name="search_text_vector")]

    def __str__(self) -> str:
        return str(self.opinion_id)
