"""What people read: the list of opinions, and one opinion."""

from random import randrange
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from common import limits, page_cache
from consultations import (
    arguments,
    counts,
    listing,
    merging,
    opinion_map,
    reasons,
    removal,
    reports,
    review,
    roll,
    states,
    uses,
    versions,
    voting,
)
from consultations.models import Consultation, Opinion
from consultations.models.opinions import READABLE


@require_safe
@page_cache.for_visitors
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """The opinions of one consultation; searching has a limit of its own."""
    return _searched(request, slug) if request.GET.get("q") else _listed(request, slug)


def _listed(request: HttpRequest, slug: str) -> HttpResponse:
    rows = opinion_map.with_division(Consultation.objects.select_related("summit"))
    found = get_object_or_404(rows, slug=slug)
    if request.GET.get("order") == "random" and not (request.user.is_authenticated or "seed" in request.GET):
        return _with_seed(request)
    now = timezone.now()
    page = listing.read(found, request.user, request.GET, now)
    context: dict[str, Any] = {
        "consultation": found,
        "page": page,
        "submissions_open": found.submissions_are_open(now),
        "voting_open": found.voting_is_open(now),
        "now": now,
    }
    if getattr(request, "htmx", False):
        return render(request, "consultations/list_page.html", context)
    context |= {"themes": found.themes.all(), "addressees": listing.addressees(found)}
    if request.user.is_authenticated and all(card.my_vote is None for card in page.cards):
        context["choice"] = roll.choice(user=request.user, consultation=found, now=now)
    return render(request, "consultations/consultation.html", context)


_searched = limits.limited(limits.SEARCH)(_listed)


def _with_seed(request: HttpRequest) -> HttpResponse:
    """A visitor's random order gets its seed once, in the address: what is shared or kept shows the same again."""
    query = request.GET.copy()
    query["seed"] = str(randrange(1000))  # noqa: S311 - an order, no secret
    return redirect(f"{request.path}?{query.urlencode()}")


@require_safe
def opinion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One opinion with its text, its count and its base, arguments, history, and where it is used."""
    try:
        found = published_or_own(request, slug, number)
    except Http404:
        return _gone(request, slug, number)
    context = opinion_context(request, found)
    context |= {
        "originals": list(merging.originals_of(found)),
        "arguments": arguments.of(found, request.user, with_marks=context["counts"] is not None),
        "history": list(found.decisions.filter(argument=None, verb__in=PUBLIC_VERBS)),
        "versions": versions.public(found).count(),
        "voting_is_not_over": not found.consultation.is_closed(timezone.now()),
        "uses": uses.of(found),
        "reported": reports.has_reported(request.user, found),
    }
    if request.user.is_authenticated and context["my_vote"] is None:
        context["choice"] = roll.choice(user=request.user, consultation=found.consultation, now=timezone.now())
    return render(request, "consultations/opinion.html", context)


@require_safe
@page_cache.for_visitors
def opinion_map_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The opinion map, with one group chosen; a sentence instead while counts are hidden or no map was computed."""
    found = get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)
    seen = opinion_map.of(found, request.user)
    chosen = listing.number(request.GET.get("group"))
    context: dict[str, Any] = {"consultation": found, "seen": seen, "hidden": not counts.are_open(found, request.user)}
    if seen is not None:
        context["page"] = opinion_map.page(seen, chosen)
    return render(request, "consultations/map.html", context)


#: What everybody may know of what moderators did; the table of states says it.
PUBLIC_VERBS = states.PUBLIC


def published_or_own(request: HttpRequest, slug: str, number: int) -> Opinion:
    """An opinion that this reader may read: published ones everybody; others their author and moderators."""
    found = get_object_or_404(
        Opinion.objects.select_related(
            "consultation__agenda_item__meeting",
            "version",
            "theme",
            "author",
            "entered_by",
            "meeting",
            "merge__target__consultation",
            "merge__target__version",
        ),
        consultation__slug=slug,
        number=number,
    )
    if found.state in READABLE or access.is_moderator(request.user):
        return found
    if request.user.is_authenticated and Opinion.objects.by(request.user).filter(pk=found.pk).exists():
        return found
    raise Http404


def _gone(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """In the place of a removed opinion its number and the reason, of a withdrawn one with votes when; else 404.

    No text of it is shown.
    """
    found = get_object_or_404(Opinion.objects.select_related("consultation"), consultation__slug=slug, number=number)
    context: dict[str, Any] = {"opinion": found, "consultation": found.consultation}
    if (stub := removal.stub(found)) is not None:
        context |= {"stub": stub, "reason": reasons.of(stub.reason)}
        return render(request, "consultations/removed.html", context, status=410)
    if (withdrawal := versions.withdrawal(found)) is not None:
        return render(request, "consultations/withdrawn.html", context | {"withdrawal": withdrawal}, status=410)
    raise Http404


def opinion_context(request: HttpRequest, found: Opinion) -> dict[str, Any]:
    """What the page of an opinion and its vote panel show."""
    vote = voting.vote_of(request.user, found)
    return {
        "opinion": found,
        "consultation": found.consultation,
        "byline": review.byline(request.user, found),
        "counts": counts.visible_counts(request.user, found, has_voted=vote is not None, exact=True),
        "my_vote": None if vote is None else vote.value,
        "could_have": None if found.consultation.is_imported else roll.base_of(found.consultation),
        "voting_open": found.consultation.voting_is_open(timezone.now()),
        "decisions": found.decisions.filter(argument=None) if found.state not in READABLE else [],
    }
