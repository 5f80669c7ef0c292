"""The home page and the organisers' first page: they cross all rooms, so they live on the top floor."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import organisers_only
from consultations import counts, listing, voting
from consultations.models import Consultation, Vote
from digests import responses
from digests.models import Edition
from summit.models import Meeting, Summit

SHOWN = 3


class Figures(NamedTuple):
    """How many took part, from how many societies, opinions published, votes that count; None while it is hidden."""

    people: int | None
    societies: int | None
    opinions: int
    votes: int | None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is open, the meetings, where it stands, the latest digest."""
    now = timezone.now()
    summit = _current_summit(now)
    consultation = _current_consultation(summit, now)
    context: dict[str, Any] = {"now": now, "summit": summit, "consultation": consultation}
    if summit is not None:
        context["meetings"] = summit.meetings.all()
        context["editions"] = Edition.objects.published().filter(consultation__summit=summit).select_related(
            "consultation", "meeting"
        ).defer("content").order_by("-published_at")[:SHOWN]  # fmt: skip
    if consultation is not None:
        context |= _standing(request, consultation, now)
    return render(request, "home.html", context)


def _current_summit(now: datetime) -> Summit | None:
    """The summit with the next meeting, or else the one that met last."""
    meetings = Meeting.objects.filter(is_cancelled=False).select_related("summit")
    coming = meetings.filter(ends_at__gte=now).order_by("starts_at").first()
    found = coming or meetings.order_by("-ends_at").first()
    return found.summit if found else Summit.objects.filter(consultations__is_imported=False).first()


def _current_consultation(summit: Summit | None, now: datetime) -> Consultation | None:
    """The summit's consultation that closes next, or else the one that closed last."""
    if summit is None:
        return None
    own = Consultation.objects.filter(summit=summit).select_related("summit")
    return own.open_at(now).order_by("voting_close_at").first() or own.order_by("-voting_close_at").first()


def _standing(request: HttpRequest, consultation: Consultation, now: datetime) -> dict[str, Any]:
    """Figures and the best supported opinions; what rests on hidden counts is absent."""
    visible = counts.are_open(consultation, request.user, now)
    published = consultation.opinions.published()
    votes = Vote.objects.counting().filter(opinion__consultation=consultation)
    figures = Figures(
        people=voting.participants_voted(consultation) if visible else None,
        societies=consultation.roll.exclude(fixed_at=None).values("society").distinct().count() if visible else None,
        opinions=consultation.published_count,
        votes=votes.count() if visible else None,
    )
    context: dict[str, Any] = {
        "figures": figures,
        "submissions_open": consultation.submissions_are_open(now),
        "voting_open": consultation.voting_is_open(now),
        "days_left": max((consultation.voting_close_at - now).days, 0),
    }
    if visible:
        best = published.select_related("version", "theme").order_by("-agree_count", "publish_sequence")[:SHOWN]
        context["best"] = listing.cards(list(best), consultation, request.user)
    return context


@organisers_only
@require_safe
def organise(request: HttpRequest) -> HttpResponse:
    """Every summit with its meetings and consultations, and what can be made."""
    summits = Summit.objects.prefetch_related("meetings", "consultations")
    return render(request, "organise/organise.html", {"summits": summits, "answers": responses.to_do()})
