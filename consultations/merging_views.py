"""Merging opinions: choosing the originals, the joint text or the one that stays, what will happen, and the result."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import moderators_only, signed_in_or_back_to
from accounts.models import User
from common.errors import DomainError, Invalid
from consultations import consent, counts, deciding, listing, merging, review, search, similarity, states, undoing
from consultations.forms_moderating import JointForm, MergeForm, begin_with
from consultations.models import Consultation, Decision, Merge, Opinion
from consultations.models.opinions import State

#: So many opinions on one page, and so many found by a search.
_MOST, _FOUND = 20, 8
_PREFIX = "text"


@dataclass
class _Choice:
    """What the address says: the originals by number, and the one that stays (None: a joint text)."""

    consultation: Consultation
    originals: list[Opinion]
    into: Opinion | None
    unknown: list[int]

    def address(self, *, without: int | None = None, into: int | None = None, **more: str) -> str:
        """This page with another choice: `without` a number, or with one that stays."""
        query = QueryDict(mutable=True)
        numbers = [o.number for o in self.originals]
        if into is not None and self.into is not None:
            numbers.append(self.into.number)
        query.setlist("with", [str(n) for n in numbers if n not in (without, into)])
        kept = into or (self.into.number if self.into is not None and without != self.into.number else 0)
        if kept:
            query["into"] = str(kept)
        query.update(more)
        return f"{reverse('merge', args=[self.consultation.slug])}?{query.urlencode()}"

    def plus(self, number: int) -> str:
        return f"{self.address()}&with={number}"

    def joint(self) -> str:
        """This page with all of them going into a joint text."""
        numbers = [o.number for o in self.originals] + ([self.into.number] if self.into else [])
        query = QueryDict(mutable=True)
        query.setlist("with", [str(n) for n in numbers])
        return f"{reverse('merge', args=[self.consultation.slug])}?{query.urlencode()}"

    @property
    def is_enough(self) -> bool:
        return len(self.originals) >= (1 if self.into is not None else 2)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def merge_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose, write, and see what will happen; the button merges. Reading changes nothing."""
    consultation = get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)
    choice = _choice(consultation, request.GET)
    if request.method == "POST":
        return _merge(request, choice)
    words = MergeForm(initial={"reason": "duplicate"})
    return render(request, "moderation/merge.html", _context(request, choice, _text_form(request, choice), words))


@moderators_only
@require_safe
def merged(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came of a merge: where it leads, and while there is time the button that undoes it."""
    merge = get_object_or_404(Merge.objects.select_related("target__consultation", "target__version"), pk=pk)
    first = _first(merge)
    now = timezone.now()
    context = {
        "merge": merge,
        "target": merge.target,
        "consultation": merge.target.consultation,
        "originals": [d.opinion for d in merge.decisions.filter(verb="merge").select_related("opinion__version")],
        "undone": Decision.objects.filter(answers=first, verb="undo").first(),
        "until": first.created_at + states.TIME_TO_UNDO,
        "can_undo": undoing.can_undo(_person(request), first, now),
    }
    return render(request, "moderation/merged.html", context)


@signed_in_or_back_to("merged", "pk")
@moderators_only
@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an own merge back, all of it."""
    merge = get_object_or_404(Merge, pk=pk)
    try:
        undoing.undo(actor=_person(request), decision=_first(merge))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("merged", pk=pk)


# --- doing it -----------------------------------------------------------------------------------------


def _merge(request: HttpRequest, choice: _Choice) -> HttpResponse:
    """Merge; whatever stands against it comes back with everything that was typed."""
    text, words = _text_form(request, choice, request.POST), MergeForm(request.POST)
    reason = words.words()
    try:
        deciding.check_words("merge", reason["reason"], reason["note"])
    except Invalid as error:
        return _again(request, choice, text, words, error, error.fields, {})
    try:
        made = merging.merge(
            actor=_person(request),
            opinions=choice.originals,
            into=choice.into,
            fields=None if choice.into is not None else text.typed(),
            seen=_seen(request, choice),
            **reason,
        )
    except Invalid as error:
        return _again(request, choice, text, words, error, {}, error.fields)
    except DomainError as error:
        return _again(request, choice, text, words, error, {}, {})
    return redirect("merged", pk=made.pk)


def _again(
    request: HttpRequest,
    choice: _Choice,
    text: JointForm,
    words: MergeForm,
    error: DomainError,
    about_words: dict[str, list[str]],
    about_text: dict[str, list[str]],
) -> HttpResponse:
    for form, fields in ((text, about_text), (words, about_words)):
        form.is_valid()
        form.errors.clear()
        form.explain(fields)
    if not about_words and not about_text:
        words.explain({"__all__": [str(error.message)]})
    status = 422 if isinstance(error, Invalid) else error.status
    return render(request, "moderation/merge.html", _context(request, choice, text, words), status=status)


def _seen(request: HttpRequest, choice: _Choice) -> dict[UUID, int]:
    """`number:version` of each original as it stood on the page."""
    numbers = {o.number: o.pk for o in choice.originals}
    pairs = (value.partition(":")[::2] for value in request.POST.getlist("seen"))
    read = [(listing.number(number), listing.number(version)) for number, version in pairs]
    return {numbers[number]: version for number, version in read if number in numbers and version}


# --- parts ------------------------------------------------------------------------------------------


def _context(request: HttpRequest, choice: _Choice, text: JointForm, words: MergeForm) -> dict[str, Any]:
    person = _person(request)
    shown = [*choice.originals, *([choice.into] if choice.into is not None else [])]
    lines = review.bylines(person, shown)
    obstacles = {o.pk: merging.against(person, o) for o in choice.originals}
    query = request.GET.get("q", "").strip()[: search.LONGEST_QUERY]
    taken = {o.number for o in shown}
    return {
        "consultation": choice.consultation,
        "choice": choice,
        "rows": [
            {
                "opinion": o,
                "byline": lines.get(o.pk, ""),
                "against": obstacles.get(o.pk),
                "without": choice.address(without=o.number),
                "stays": choice.address(into=o.number) if o.state == State.PUBLISHED and len(shown) > 1 else "",
            }
            for o in choice.originals
        ],
        "into_row": choice.into and {"opinion": choice.into, "byline": lines.get(choice.into.pk, "")},
        "query": query,
        "found": [(o, choice.plus(o.number)) for o in _search(choice.consultation, query) if o.number not in taken],
        "similar": [(s, choice.plus(s.number)) for s in _similar(choice) if s.number not in taken],
        "form": text,
        "words": words,
        "latest": merging.latest(choice.consultation),
        "has_published": any(o.state == State.PUBLISHED for o in choice.originals),
        "asked": _asked(person, choice),
    }


def _asked(person: User, choice: _Choice) -> int | None:
    """How many will be asked; None where this reader may not see a count that it rests on."""
    published = [o for o in choice.originals if o.state == State.PUBLISHED]
    if any(counts.visible_counts(person, o) is None for o in published):
        return None
    return consent.would_be_asked(published, choice.into)


def _choice(consultation: Consultation, query: QueryDict) -> _Choice:
    numbers = [n for n in dict.fromkeys(listing.number(value) for value in query.getlist("with")) if n][:_MOST]
    known = {o.number: o for o in merging.mergeable(consultation).filter(number__in=numbers)}
    kept = listing.number(query.get("into", "")) or 0
    stays = merging.mergeable(consultation).filter(state=State.PUBLISHED, number=kept).first()
    originals = [known[n] for n in numbers if n in known and (stays is None or n != stays.number)]
    return _Choice(consultation, originals, stays, [n for n in numbers if n not in known])


def _text_form(request: HttpRequest, choice: _Choice, data: QueryDict | None = None) -> JointForm:
    """The joint text as it was typed, or the text of the first original to begin with."""
    first = choice.originals[0] if choice.originals else None
    begun = begin_with(first.version, first.theme_id, first.language) if first is not None and first.version else {}
    return JointForm(data, prefix=_PREFIX, initial=begun, consultation=choice.consultation, author=_person(request))


def _search(consultation: Consultation, query: str) -> list[Opinion]:
    """By number, or by words: published ones by full text, what waits by its sentence."""
    rows = merging.mergeable(consultation)
    if not query:
        return []
    if (number := listing.number(query.removeprefix("No.").strip())) is not None:
        return list(rows.filter(number=number))
    worded = list(search.matching(rows, query)[:_FOUND])
    waiting = rows.filter(state=State.SUBMITTED, version__proposal__icontains=query)
    return list({o.pk: o for o in (*worded, *waiting[:_FOUND])}.values())[:_FOUND]


def _similar(choice: _Choice) -> list[similarity.Similar]:
    found = [near for original in choice.originals[:3] for near in similarity.to_opinion(original)]
    return list({near.id: near for near in sorted(found, key=lambda near: -near.likeness)}.values())[: similarity.MOST]


def _first(merge: Merge) -> Decision:
    return get_object_or_404(merge.decisions.filter(verb="merge").select_related("opinion", "merge").order_by("pk")[:1])


def _person(request: HttpRequest) -> User:
    assert request.user.is_authenticated
    return request.user
