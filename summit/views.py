"""Pages that everyone sees: summits, meetings, calendar files, registration."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from common.errors import DomainError
from notifications import quiet
from summit import calendar, clock, registration
from summit.models import Meeting, Registration, Summit

State = Registration.State
REGISTERED = Count("registrations", filter=Q(registrations__state=State.REGISTERED))


@require_safe
def summits(request: HttpRequest) -> HttpResponse:
    """All meetings, by summit."""
    rows = Summit.objects.filter(meetings__isnull=False).distinct().prefetch_related("meetings")
    return render(request, "summit/summits.html", {"summits": rows, "now": timezone.now()})


@require_safe
def summit(request: HttpRequest, slug: str) -> HttpResponse:
    """One summit and its meetings."""
    found = get_object_or_404(Summit, slug=slug)
    context = {"summit": found, "meetings": found.meetings.prefetch_related("agenda"), "now": timezone.now()}
    return render(request, "summit/summit.html", context)


@require_safe
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agenda, place, times, registration, minutes and digests of one meeting."""
    rows = Meeting.objects.select_related("summit").annotate(registered=REGISTERED)
    found = get_object_or_404(rows, pk=pk)
    return render(
        request, "summit/meeting.html", {"meeting": found, **_times(request, found), **_place(request, found)}
    )


def _times(request: HttpRequest, found: Meeting) -> dict[str, Any]:
    context = {"times": clock.span(found.starts_at, found.ends_at, found.zone)}
    if request.user.is_authenticated:
        own = quiet.zone(request.user.time_zone)
        if not clock.same_clock(found.starts_at, found.zone, own):
            context["own_times"] = clock.span(found.starts_at, found.ends_at, own)
    return context


def _place(request: HttpRequest, found: Any) -> dict[str, Any]:
    """Whether the reader has a place, may take one, and how many are left."""
    now = timezone.now()
    own = found.registrations.filter(user=request.user).first() if request.user.is_authenticated else None
    left = None if found.capacity is None else max(found.capacity - found.registered, 0)
    return {
        "now": now,
        "is_registered": own is not None and own.state == State.REGISTERED,
        "is_invited": own is not None and own.state == State.INVITED,
        "is_open": not found.is_cancelled and now < found.starts_at,
        "places_left": left,
    }


@login_required
@require_POST
def register(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a place at a meeting."""
    found = get_object_or_404(Meeting, pk=pk)
    try:
        registration.register(user=_user(request), meeting=found)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("You are registered. A receipt with a calendar file is on its way to you."))
    return redirect(found)


@login_required
@require_POST
def unregister(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the place back."""
    found = get_object_or_404(Meeting, pk=pk)
    registration.cancel(user=_user(request), meeting=found)
    messages.success(request, _("You are not registered any more."))
    return redirect(found)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


# --- calendar files -------------------------------------------------------------------------------


def _file(text: bytes, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@require_safe
def meeting_calendar(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The meeting as a calendar file."""
    found = get_object_or_404(Meeting.objects.select_related("summit").prefetch_related("agenda"), pk=pk)
    return _file(calendar.meeting_calendar(found), "meeting")


@require_safe
def summit_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """All meetings of a summit as a calendar that programs can subscribe to."""
    found = get_object_or_404(Summit, slug=slug)
    return _file(calendar.summit_calendar(found), found.slug)
