"""How often the deck should show an opinion."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Route(models.Model):
    """The weight with which the deck draws an opinion; derived, rewritten by a worker.

    A table of its own: rewriting it does not touch the opinions that pages read. It rests on counts that may be
    hidden, so nothing but the deck's draw reads it.
    """

    opinion = models.OneToOneField(
        "consultations.Opinion", models.CASCADE, primary_key=True, related_name="route", db_constraint=True
    )
    weight = models.FloatField()

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints = [models.CheckConstraint(name="route_weight_positive", condition=Q(weight__gt=0))]

    def __str__(self) -> str:
        return f"{self.opinion_id}: {self.weight:.3f}"
