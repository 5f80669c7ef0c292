"""The deck's pages: one opinion at a time, and the buttons below it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.guards import signed_in_or_back_to
from common import limits
from common.errors import DomainError
from consultations import authors, counts, deck, listing, priorities, roll, voting
from consultations.models import Consultation, Opinion
from consultations.models.priorities import MOST
from consultations.models.votes import VALUES
from consultations.voting import TextChanged

#: So many skipped opinions are remembered; the oldest come back first.
SKIPPED = 300


@login_required
@never_cache
@require_safe
def deck_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One opinion, the three buttons, how far I am, and what became of my last vote."""
    consultation = get_object_or_404(Consultation, slug=slug)
    if not access.is_member(request.user):
        return redirect("ask-your-society")
    assert request.user.is_authenticated
    now = timezone.now()
    progress = deck.progress(user=request.user, consultation=consultation)
    context: dict[str, Any] = {
        "consultation": consultation,
        "voting_open": consultation.voting_is_open(now),
        "now": now,
        "progress": progress,
        # Who has voted chooses no society any more.
        "choice": None if progress.done else roll.choice(user=request.user, consultation=consultation, now=now),
    }
    if context["voting_open"]:
        context |= _card(request, consultation) | _last(request, consultation)
    return render(request, "consultations/deck.html", context)


def _card(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """The opinion that was asked for or is drawn, and what the page says of it."""
    asked = listing.number(request.GET.get("opinion"))
    shown = deck.at(consultation, asked) if asked is not None else None
    skipped = _skipped(request, consultation)
    shown = shown or deck.draw(user=request.user, consultation=consultation, skipped=skipped)
    if shown is None:
        return {"skipped": skipped}
    picked = priorities.of(user=request.user, consultation=consultation)
    return {
        "opinion": shown,
        "byline": authors.bylines([shown]).get(shown.pk, ""),
        "picked": len(picked),
        "most": MOST,
        "is_picked": shown.pk in {p.opinion_id for p in picked},
        "my_vote": voting.votes_of(request.user, [shown]).get(shown.pk),
        "skipped": skipped,
    }


def _last(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """The opinion voted on before this one with my vote on it, and its count where I may see it."""
    number = listing.number(request.GET.get("last"))
    last = deck.at(consultation, number) if number is not None else None
    vote = voting.vote_of(request.user, last) if last is not None else None
    if last is None or vote is None:
        return {}
    seen = counts.visible_counts(request.user, last, has_voted=True, exact=True)
    return {"last": last, "last_vote": vote, "last_counts": seen}


@signed_in_or_back_to("deck", "slug")
@limits.limited(limits.VOTE)
@require_POST
def cast(request: HttpRequest, slug: str) -> HttpResponse:
    """Vote and go on to the next opinion; a text that changed meanwhile is shown anew."""
    opinion = _opinion(request, slug)
    value, version = request.POST.get("value", ""), listing.number(request.POST.get("version"))
    if value not in VALUES or version is None:
        return HttpResponse(_("This vote cannot be read."), status=400, content_type="text/plain; charset=utf-8")
    assert request.user.is_authenticated
    try:
        voting.cast(user=request.user, opinion=opinion, value=VALUES[value], version=version)
    except TextChanged as error:
        messages.warning(request, str(error.message))
        return _to_deck(slug, opinion=opinion.number)
    except DomainError as error:
        messages.error(request, str(error.message))
        return _to_deck(slug)
    return _to_deck(slug, last=opinion.number)


@signed_in_or_back_to("deck", "slug")
@require_POST
def skip(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave an opinion for later; with `again` all that were left come back."""
    consultation = get_object_or_404(Consultation, slug=slug)
    if "again" in request.POST:
        request.session.pop(_key(consultation), None)
        return _to_deck(slug)
    opinion = _opinion(request, slug)
    left = [n for n in _skipped(request, consultation) if n != opinion.number]
    request.session[_key(consultation)] = [*left, opinion.number][-SKIPPED:]
    return _to_deck(slug)


@signed_in_or_back_to("deck", "slug")
@limits.limited(limits.VOTE)
@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the last vote back, or restore the one before it, and show its opinion again."""
    opinion = _opinion(request, slug)
    assert request.user.is_authenticated
    try:
        voting.undo(user=request.user, opinion=opinion)
    except DomainError as error:
        messages.error(request, str(error.message))
        return _to_deck(slug)
    messages.info(request, _("Your last vote was undone."))
    return _to_deck(slug, opinion=opinion.number)


def _opinion(request: HttpRequest, slug: str) -> Opinion:
    """The published opinion that a button names; others are not known here."""
    number = listing.number(request.POST.get("number"))
    rows = Opinion.objects.published().select_related("consultation")
    return get_object_or_404(rows, consultation__slug=slug, number=-1 if number is None else number)


def _to_deck(slug: str, **query: int) -> HttpResponse:
    return redirect(reverse("deck", args=[slug], query=query or None))


def _key(consultation: Consultation) -> str:
    return f"skipped:{consultation.pk}"


def _skipped(request: HttpRequest, consultation: Consultation) -> list[int]:
    return list(request.session.get(_key(consultation), []))
