"""One decision on many cases: the preview, doing it, what became of each, and undoing it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.guards import moderators_only, overseers_only, signed_in_or_back_to
from common import given
from common.errors import DomainError, Invalid
from consultations import bulk, states, together
from consultations.forms_moderating import BulkForm
from consultations.models import Bulk, Case

#: More rows than this are not shown on a page; nobody reads them.
_MOST_SHOWN = 500
_KEPT = "bulk"
#: What the page keeps for who reloads it or changes its language.
_FIELDS = ("verb", "reason", "note", "rows", "case", "key")


@dataclass
class _Choice:
    """What a page of many stands on: its rows with the version that was read, and which of them are ticked."""

    data: QueryDict
    seen: dict[UUID, int] = field(default_factory=dict)
    ticked: set[UUID] = field(default_factory=set)
    cases: list[Case] = field(default_factory=list)
    missing: int = 0

    @property
    def verb(self) -> str:
        given = str(self.data.get("verb", ""))
        return given if given in states.VERBS and states.VERBS[given].bulk else "publish"

    @property
    def key(self) -> UUID:
        return given.uuid(str(self.data.get("key", ""))) or uuid4()

    def chosen(self) -> list[Case]:
        return [case for case in self.cases if case.pk in self.ticked]


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_page(request: HttpRequest) -> HttpResponse:
    """What would become of each of the chosen ones. Looking changes nothing; reloading shows the same choice."""
    choice = _choice(_given(request))
    if not choice.cases:
        messages.error(request, _("Please choose at least one."))
        return redirect("moderation")
    if request.method == "POST":
        _remember(request, choice)
    return _page(request, choice)


@signed_in_or_back_to("bulk")
@moderators_only
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Decide on what is ticked; what is missing comes back with everything as it was."""
    assert request.user.is_authenticated
    choice = _choice(request.POST)
    _remember(request, choice)
    form = BulkForm(request.POST, verb=choice.verb)
    try:
        made = bulk.run(
            actor=request.user,
            verb=choice.verb,
            cases=choice.chosen(),
            seen=choice.seen,
            key=choice.key,
            **form.words(),
        )
    except Invalid as error:
        return _page(request, choice, error=error)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("bulk")
    request.session.pop(_KEPT, None)
    return redirect("bulk-outcome", pk=made.pk)


@overseers_only
@require_safe
def outcome(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What became of each, kept; while there is time, the button that undoes it."""
    made = get_object_or_404(Bulk.objects.select_related("actor", "undone_by", "undoes"), pk=pk)
    if made.undoes is not None:
        return redirect("bulk-outcome", pk=made.undoes.pk)
    undone = getattr(made, "undone_by", None)
    rows = list(bulk.rows_of(made))
    undoings = {row.case_id: row for row in bulk.rows_of(undone)} if undone else {}
    context = {
        "bulk": made,
        "verb": states.VERBS[made.verb],
        "rows": [(row, undoings.get(row.case_id)) for row in rows],
        "done": sum(row.decision_id is not None for row in rows),
        "refused": [row for row in rows if row.decision_id is None],
        "undone": undone,
        "undone_rows": sum(row.decision_id is not None for row in undoings.values()),
        "until": made.created_at + states.TIME_TO_UNDO,
        "can_undo": bulk.can_undo(request.user, made, timezone.now()),
        "may_decide": access.is_moderator(request.user),
    }
    return render(request, "moderation/many_outcome.html", context)


@signed_in_or_back_to("bulk-outcome", "pk")
@moderators_only
@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an own act on many back, where nothing came since."""
    assert request.user.is_authenticated
    made = get_object_or_404(Bulk, pk=pk)
    if made.actor_id != request.user.pk:
        raise PermissionDenied(_("Only who decided can undo it."))
    try:
        bulk.undo(actor=request.user, bulk=made)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("bulk-outcome", pk=pk)


# --- parts ------------------------------------------------------------------------------------------


def _page(request: HttpRequest, choice: _Choice, *, error: Invalid | None = None) -> HttpResponse:
    form = BulkForm(choice.data if error else None, initial=choice.data.dict(), verb=choice.verb)
    if error is not None:
        form.is_valid()
        form.errors.clear()
        form.explain(error.fields or {"__all__": [str(error.message)]})
    if choice.missing:
        messages.warning(request, _("%(n)d of those chosen are not there any more.") % {"n": choice.missing})
    rows = _rows(request.user, choice)
    context: dict[str, Any] = {
        "form": form,
        "verb": states.VERBS[choice.verb],
        "rows": rows,
        "all_rows": " ".join(row["value"] for row in rows),
        "key": choice.key,
        "most": bulk.MOST,
        "too_many": len(choice.ticked) > bulk.MOST,
        "ticked": sum(row["ticked"] for row in rows),
        "possible": sum(row["ticked"] and row["verdict"].is_possible for row in rows),
        "obstacles": sum(row["ticked"] and not row["verdict"].is_possible for row in rows),
    }
    return render(request, "moderation/many.html", context, status=422 if error else 200)


def _rows(person: Any, choice: _Choice) -> list[dict[str, Any]]:
    """Each row with its verdict; what changed since it was read is not ticked any more, and its new text is shown."""
    verdicts = []
    for start in range(0, len(choice.cases), bulk.MOST):
        part = choice.cases[start : start + bulk.MOST]
        verdicts += bulk.preview(actor=person, verb=choice.verb, cases=part, seen=choice.seen)
    rows = []
    for verdict in verdicts:
        case = verdict.case
        rows.append(
            {
                "case": case,
                "verdict": verdict,
                "value": f"{case.pk}:{together.text_read(case)}",
                "ticked": case.pk in choice.ticked and verdict.outcome != "text_changed",
                "version": case.opinion.version if case.kind == Case.Kind.REPORT else case.version,
            }
        )
    return rows


def _choice(data: QueryDict) -> _Choice:
    """`case` names what is ticked, `rows` all that stood on the page; each an id, or `id:version` as it was read."""
    ticked = _parse(data.getlist("case"))
    listed = _parse(str(data.get("rows", "")).split()) | ticked
    ids = list(listed)[:_MOST_SHOWN]
    found = Case.objects.filter(pk__in=ids).select_related(
        "opinion__consultation", "opinion__author__user", "opinion__theme", "opinion__version", "version",
        "argument__author__user", "claimed_by", "closed_by__actor",
    ).order_by("opened_at", "pk")  # fmt: skip
    cases = list(found)
    for case in cases:  # one object a row, so that nothing is asked for twice
        if case.argument is not None:
            case.argument.opinion = case.opinion
    known = {case.pk for case in cases}
    seen = {pk: version for pk, version in listed.items() if version is not None}
    return _Choice(data, seen, set(ticked) & known, cases, len(ids) - len(cases))


def _parse(values: list[str]) -> dict[UUID, int | None]:
    found: dict[UUID, int | None] = {}
    for value in values:
        name, _colon, number = value.partition(":")
        pk = given.uuid(name)
        if pk is not None:
            found[pk] = given.number(number)
    return found


def _given(request: HttpRequest) -> QueryDict:
    """What was posted, or stands in the address; else what this person looked at last."""
    if request.method == "POST":
        return request.POST
    if "case" in request.GET:
        return request.GET
    return QueryDict(str(request.session.get(_KEPT, "")))


def _remember(request: HttpRequest, choice: _Choice) -> None:
    kept = QueryDict(mutable=True)
    for name in _FIELDS:
        kept.setlist(name, request.POST.getlist(name))
    request.session[_KEPT] = kept.urlencode()
