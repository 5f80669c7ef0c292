"""The moderators' page of all that waits: filtered, searched, counted; filters kept; the next one claimed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import moderators_only
from accounts.models import User
from common import given, limits
from common.errors import DomainError
from consultations import saved_filters, service_time, states, workbench
from consultations.models import Case
from consultations.states import Verb
from consultations.workbench import Filter, Waiting


@dataclass(frozen=True)
class Row:
    """One waiting case as the list shows it: its sentence, and what stands below it (a class of style, the words)."""

    pk: UUID
    #: What is posted when it is chosen: the case, and the version that was read.
    value: str
    sentence: str
    language: str
    name: str
    meta: list[tuple[str, str]]


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
        "query": wanted.suffix,
        "rows": rows(found.rows, request.user),
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


def rows(waiting: Iterable[Waiting], reader: User) -> list[Row]:
    """What a list shows of rows that `workbench.page` gave; no query."""
    now = timezone.now()
    return [_row(one, reader, now) for one in waiting]


def _row(one: Waiting, reader: User, now: datetime) -> Row:
    kind, number = str(Case.Kind(one.kind).label), _("No. %(n)s") % {"n": one.number}
    meta = [("", kind), ("short", number)]
    meta.append((f"age age-{service_time.mark_of(one, now)}", service_time.in_words(one, now)))
    if one.urgent_since is not None:
        meta.append(("warn", _("reported by several societies")))
    if one.looks_personal:
        meta.append(("warn", _("possible personal data")))
    if one.held_until is not None and one.held_until > now:
        facts = {"who": one.holder_name or _("A moderator"), "at": date_format(localtime(one.held_until), "H:i")}
        mine = one.holder == reader.pk
        meta.append(("", (_("held by you until %(at)s") if mine else _("held by %(who)s until %(at)s")) % facts))
    if (one.argument_author if one.argument_id else one.author) == reader.pk:
        meta.append(("", _("your own")))
    if one.theme:
        meta.append(("", one.theme))
    sentence, language = (one.argument[:140], one.argument_language) if one.argument else (one.sentence, one.language)
    value = str(one.pk) if one.kind == Case.Kind.REPORT else f"{one.pk}:{one.version_id}"
    return Row(one.pk, value, sentence, language or "", f"{kind}, {number}", meta)


def _for_many() -> list[Verb]:
    return [rule for rule in states.VERBS.values() if rule.bulk]


# --- going on -----------------------------------------------------------------------------------------


@moderators_only
@require_POST
def next_case(request: HttpRequest) -> HttpResponse:
    """Claim the next one that the filter shows and open it."""
    return go_on(request, posted_filter(request), _case(request.POST.get("after", "")))


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
    return reverse(name, args=args) + wanted.suffix


def posted_filter(request: HttpRequest) -> Filter:
    """The filter that is worked through, as a form carries it along."""
    return Filter.parse(QueryDict(request.POST.get("query", "")))


def _case(asked: str) -> Case | None:
    """The case that a page goes on from; None where the address names none."""
    pk = given.uuid(asked)
    return None if pk is None else Case.objects.filter(pk=pk).first()


# --- filters to come back to ------------------------------------------------------------------------------


@moderators_only
@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    wanted = posted_filter(request)
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
