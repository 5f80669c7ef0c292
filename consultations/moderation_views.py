"""The moderators' page of all that waits: filtered, searched, counted; filters kept; the next one claimed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import moderators_only
from accounts.models import User
from common import limits
from common.errors import DomainError
from consultations import review, saved_filters, service_time, states, workbench
from consultations.models import Case
from consultations.states import Verb
from consultations.workbench import Filter


@dataclass(frozen=True)
class Row:
    """One waiting case as the list shows it."""

    case: Case
    age: str
    mark: service_time.Mark
    sign: str
    is_own: bool
    #: A colleague's claim is running, or the own one.
    held_until: datetime | None
    is_mine: bool
    looks_personal: bool


@moderators_only
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, what several societies reported first, then the oldest first."""
    wanted = Filter.parse(request.GET)
    return _searched(request, wanted) if wanted.q else _queue(request, wanted)


def _queue(request: HttpRequest, wanted: Filter) -> HttpResponse:
    assert request.user.is_authenticated
    found = workbench.page(wanted, request.user, _case(request.GET.get("after", "")))
    context = {
        "wanted": wanted,
        "rows": rows(found.cases, request.user),
        "after": found.after,
        "is_first": not request.GET.get("after"),
        "counts": workbench.counts(),
        "seconds": workbench.wanting_second(),
        "recent": workbench.recent(request.user),
        "consultations": workbench.open_consultations(),
        "filters": saved_filters.of(request.user),
        "held": workbench.HELD,
        "due": workbench.DUE,
        "verbs": _for_many(),
    }
    return render(request, "moderation/queue.html", context)


#: A search reads every waiting text.
_searched = limits.limited(limits.SEARCH)(_queue)


def rows(cases: list[Case], reader: User) -> list[Row]:
    """What a list shows of cases that `workbench.page` gave; no query."""
    now = timezone.now()
    return [_row(case, reader, now) for case in cases]


def _row(case: Case, reader: User, now: datetime) -> Row:
    mark = service_time.mark(case, now)
    author = getattr(case, "argument_user" if case.argument_id else "author_user", None)
    is_running = case.claimed_until is not None and case.claimed_until > now
    return Row(
        case,
        service_time.age_in_words(case, now),
        mark,
        service_time.SIGNS[mark],
        is_own=author == reader.pk,
        held_until=case.claimed_until if is_running else None,
        is_mine=is_running and case.claimed_by_id == reader.pk,
        looks_personal=review.looks_personal(case),
    )


def _for_many() -> list[Verb]:
    return [rule for rule in states.VERBS.values() if rule.bulk]


# --- going on -----------------------------------------------------------------------------------------


@moderators_only
@require_POST
def next_case(request: HttpRequest) -> HttpResponse:
    """Claim the next one that the filter shows and open it."""
    return go_on(request, Filter.parse(QueryDict(request.POST.get("query", ""))), _case(request.POST.get("after", "")))


def go_on(request: HttpRequest, wanted: Filter, after: Case | None = None) -> HttpResponse:
    """Open the next free case, claimed, with the filter that is worked through; the list where none is left."""
    assert request.user.is_authenticated
    found = workbench.claim_next(actor=request.user, wanted=wanted, after=after)
    if found is None:
        messages.info(request, _("Nothing more waits for you here."))
        return redirect(address("moderation", wanted))
    return redirect(address("case", wanted, found.pk))


def address(name: str, wanted: Filter, *args: Any) -> str:
    """The address of a page with the filter that is worked through."""
    path = reverse(name, args=args)
    return f"{path}?{wanted.query}" if wanted.query else path


def _case(given: str) -> Case | None:
    """The case that a page goes on from; None where the address names none."""
    try:
        return Case.objects.filter(pk=UUID(given)).first() if given else None
    except ValueError:
        return None


# --- filters to come back to ------------------------------------------------------------------------------


@moderators_only
@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    wanted = Filter.parse(QueryDict(request.POST.get("query", "")))
    try:
        saved_filters.save(user=request.user, name=str(request.POST.get("name", "")), wanted=wanted)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The filter is kept."))
    return redirect(address("moderation", wanted))


@moderators_only
@require_POST
def drop_filter(request: HttpRequest, pk: int) -> HttpResponse:
    assert request.user.is_authenticated
    if saved_filters.drop(user=request.user, pk=pk):
        messages.success(request, _("The filter is gone."))
    return redirect("moderation")
