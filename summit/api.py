"""The API of summits and meetings: reading only."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import PAGE_PARAMETERS, Both, View, both, listing, listing_of
from common.paging import Key, page
from summit.models import Meeting, Summit


class AgendaItemOut(serializers.Serializer[Any]):
    order = serializers.IntegerField()
    title = Both()
    speaker = Both()
    minutes_long = serializers.IntegerField(allow_null=True)


class MeetingOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    summit = serializers.CharField()
    title = Both()
    about = Both()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    place = Both()
    address = Both()
    is_cancelled = serializers.BooleanField()
    agenda = AgendaItemOut(many=True)
    url = serializers.URLField()
    calendar_url = serializers.URLField()


class SummitOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = Both()
    question = Both()
    about = Both()
    hosts = Both()
    is_sample = serializers.BooleanField()
    meetings = serializers.ListField(child=serializers.UUIDField())
    url = serializers.URLField()


def _moment(text: str) -> Any:
    found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ValueError("not a moment")
    return found


class Meetings(View):
    """All meetings, in the order of their dates."""

    @extend_schema(
        operation_id="meetings_list", parameters=PAGE_PARAMETERS, responses=listing_of("Meetings", MeetingOut)
    )
    def get(self, request: Request) -> Response:
        rows = Meeting.objects.select_related("summit").prefetch_related("agenda")
        found, following = page(request, rows, Key("starts_at", _moment), Key("id", UUID))
        return listing([_meeting(m) for m in found], following)


class OneMeeting(View):
    """One meeting with its agenda."""

    @extend_schema(operation_id="meeting", responses=MeetingOut)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(_meeting(get_object_or_404(Meeting.objects.select_related("summit"), pk=pk)))


class Summits(View):
    """All summits, the newest first."""

    @extend_schema(operation_id="summits_list", parameters=PAGE_PARAMETERS, responses=listing_of("Summits", SummitOut))
    def get(self, request: Request) -> Response:
        rows = Summit.objects.prefetch_related("meetings")
        found, following = page(request, rows, Key("created_at", _moment, descending=True), Key("id", int))
        return listing([_summit(s) for s in found], following)


def _meeting(meeting: Meeting) -> dict[str, Any]:
    url = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    return {
        "id": meeting.pk,
        "summit": meeting.summit.slug,
        **{name: both(meeting, name) for name in ("title", "about", "place", "address")},
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "time_zone": meeting.time_zone,
        "is_cancelled": meeting.is_cancelled,
        "agenda": [
            {
                "order": item.order,
                "title": both(item, "title"),
                "speaker": both(item, "speaker"),
                "minutes_long": item.minutes_long,
            }
            for item in meeting.agenda.all()
        ],
        "url": url,
        "calendar_url": f"{url}calendar.ics",
    }


def _summit(summit: Summit) -> dict[str, Any]:
    return {
        "slug": summit.slug,
        **{name: both(summit, name) for name in ("title", "question", "about", "hosts")},
        "is_sample": summit.is_sample,
        "meetings": [meeting.pk for meeting in summit.meetings.all()],
        "url": f"{settings.SITE_URL}{summit.get_absolute_url()}",
    }
