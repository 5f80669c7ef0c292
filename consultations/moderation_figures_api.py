"""The record of moderation in the API: the same figures as on the page and in a digest."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import View
from consultations import moderation_figures
from consultations.models import Consultation
from consultations.models.cases import Reason


def _numbers(name: str, keys: Any, **extra: serializers.Field[Any, Any, Any, Any]) -> type[serializers.Serializer[Any]]:
    """A serializer of whole numbers under fixed names."""
    fields: dict[str, Any] = {key: serializers.IntegerField(min_value=0) for key in keys}
    return type(name, (serializers.Serializer,), fields | extra)


_Share = serializers.FloatField(
    allow_null=True, min_value=0, max_value=1, help_text="Granted, of those decided; null of fewer than five."
)
CameIn = _numbers("ModerationCameIn", moderation_figures.KINDS)
Acts = _numbers("ModerationActs", moderation_figures.ACTS)
Removals = _numbers("ModerationRemovals", moderation_figures.REMOVALS)
Holds = _numbers("ModerationHolds", moderation_figures.HOLDS)
Appeals = _numbers("ModerationAppeals", moderation_figures.APPEALS, overturned=_Share)
AllAppeals = _numbers("ModerationAllAppeals", (*moderation_figures.APPEALS, "open"), overturned=_Share)
_MINUTES: dict[str, Any] = {
    "allow_null": True,
    "min_value": 0,
    "help_text": "By the clock; null where fewer than five were decided.",
}


class WeekOut(serializers.Serializer[Any]):
    week = serializers.CharField(help_text="By ISO 8601: 2026-W35.")
    came_in = CameIn()
    decided = serializers.IntegerField(min_value=0)
    median_minutes = serializers.IntegerField(**_MINUTES)
    slowest_minutes = serializers.IntegerField(**_MINUTES)
    timed = serializers.IntegerField(min_value=0, help_text="Decided, with a service time that is known.")
    in_time = serializers.IntegerField(min_value=0)
    acts = Acts()
    appeals = Appeals()
    removals = Removals()
    holds = Holds()

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name that Python lets a class have."""
        return {"from": serializers.DateField(help_text="Its Monday."), **super().get_fields()}


class ReasonCount(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=Reason.values, allow_null=True, help_text="Null: several together.")
    count = serializers.IntegerField(min_value=moderation_figures.SMALLEST)


class PeriodOut(serializers.Serializer[Any]):
    to = serializers.DateField()
    rejections = serializers.IntegerField(min_value=moderation_figures.PERIOD)
    reasons = ReasonCount(many=True, help_text="Empty where they cannot be told apart.")

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(), **super().get_fields()}


class ModerationOut(serializers.Serializer[Any]):
    """How the moderators decide. `known` false: held elsewhere and imported, so figures of decisions are null."""

    received = serializers.IntegerField(help_text="Opinions submitted, whatever they are now.")
    waiting = serializers.IntegerField()
    published = serializers.IntegerField()
    rejected = serializers.IntegerField()
    held = serializers.IntegerField()
    removed = serializers.IntegerField()
    merged = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    known = serializers.BooleanField()
    time_zone = serializers.CharField(help_text="Of the weeks.")
    came_in = CameIn(allow_null=True)
    decided = serializers.IntegerField(allow_null=True)
    median_minutes = serializers.IntegerField(**_MINUTES)
    slowest_minutes = serializers.IntegerField(**_MINUTES)
    timed = serializers.IntegerField(allow_null=True)
    in_time = serializers.IntegerField(allow_null=True)
    acts = Acts(allow_null=True)
    appeals = AllAppeals(allow_null=True)
    removals = Removals(allow_null=True)
    holds = Holds(allow_null=True)
    reasons = ReasonCount(many=True, help_text="Of rejections, over all periods.")
    without_reason = serializers.IntegerField(allow_null=True, help_text="Rejections that no period tells apart.")
    weeks = WeekOut(many=True)
    periods = PeriodOut(many=True)


class Moderation(View):
    """How the moderators decide: by week and in all. Reasons stand in periods in which nobody can be recognised."""

    @extend_schema(operation_id="moderation", responses=ModerationOut)
    def get(self, request: Request, slug: str) -> Response:
        found = get_object_or_404(Consultation, slug=slug)
        return Response(moderation_figures.as_data(moderation_figures.of(found, timezone.now())))
