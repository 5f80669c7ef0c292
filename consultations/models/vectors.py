"""What sentences mean and how they are worded, for finding similar ones; derived, written by a worker."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

DIMENSIONS = 512


class OpinionVector(models.Model):
    """The sentence of a published opinion: its meaning as a vector, its wording as hashes of character pairs."""

    opinion = models.OneToOneField("consultations.Opinion", models.CASCADE, primary_key=True, related_name="vector")
    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="+")
    #: The version that was looked at; an opinion whose version is another one is due again.
    version_id = models.BigIntegerField()
    vector = HalfVectorField(dimensions=DIMENSIONS)
    bands = ArrayField(models.IntegerField())

    class Meta:
        verbose_name = _("vector")
        verbose_name_plural = _("vectors")
        indexes = [
            HnswIndex(
                name="opinion_vector_near",
                fields=["vector"],
                m=16,
                ef_construction=64,
                opclasses=["halfvec_cosine_ops"],
            ),
            GinIndex(name="opinion_vector_bands", fields=["bands"], fastupdate=False),
        ]

    def __str__(self) -> str:
        return str(self.opinion_id)


class DraftVector(models.Model):
    """The meaning of the sentence in a draft, while it is written."""

    draft = models.OneToOneField("consultations.Draft", models.CASCADE, primary_key=True, related_name="vector")
    #: The sentence that the vector was made of, normalised.
    proposal = models.TextField()
    vector = HalfVectorField(dimensions=DIMENSIONS)

    class Meta:
        verbose_name = _("vector of a draft")
        verbose_name_plural = _("vectors of drafts")

    def __str__(self) -> str:
        return str(self.draft_id)
