"""One decision on many in the admin: looked at first, confirmed with its words, kept, and undone within ten minutes."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common import given, text
from common.errors import DomainError, Invalid
from consultations import bulk, colleagues, states, together
from consultations.admin.filters import OfManyVerb
from consultations.admin.parts import Page, ReadOnly, actor, moderators_only, moment
from consultations.forms import DecideForm
from consultations.models import Bulk, Case


def actions() -> dict[str, Any]:
    """The verbs that are said about many, as the admin's list of actions wants them."""
    return {rule.verb: (_look, rule.verb, f"{rule.act} …") for rule in states.VERBS.values() if rule.bulk}


def _look(page: Page, request: HttpRequest, chosen: QuerySet[Case]) -> HttpResponse | None:
    """What would become of each, and a form for the words; nothing is decided yet."""
    moderators_only(request)
    verb = str(request.POST.get("action", ""))
    try:
        return _shown(page, request, verb, list(chosen[: bulk.MOST + 1]))
    except DomainError as error:
        messages.error(request, str(error.message))
        return None


def confirm(page: Page, request: HttpRequest) -> HttpResponse:
    """Say the verb about those that were looked at; a text that changed since is refused."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    who, verb = moderators_only(request), str(request.POST.get("verb", ""))
    seen = _read(request.POST.getlist("case")[: bulk.MOST + 1])
    found = page.get_queryset(request).in_bulk(seen)
    cases = [found[pk] for pk in seen if pk in found]
    reason, note = (text.clean(str(request.POST.get(name, ""))) for name in ("reason", "note"))
    try:
        made = bulk.run(
            actor=who,
            verb=verb,
            cases=cases,
            reason=reason,
            note=note,
            seen=seen,
            key=given.uuid(request.POST.get("key")),
        )
    except Invalid as error:
        if not error.fields:
            messages.error(request, str(error.message))
            return redirect(_list(page))
        return _shown(page, request, verb, cases, DecideForm.refused(request.POST, error), status=422)
    return redirect(f"{page.admin_site.name}:consultations_bulk_change", made.pk)


def _shown(
    page: Page, request: HttpRequest, verb: str, cases: list[Case], form: DecideForm | None = None, status: int = 200
) -> HttpResponse:
    verdicts = bulk.preview(actor=actor(request), verb=verb, cases=cases)
    rule = states.VERBS[verb]
    context = {
        **page.around(request, str(rule.act)),
        "rule": rule,
        "verdicts": [(verdict, together.text_read(verdict.case)) for verdict in verdicts],
        "key": given.uuid(request.POST.get("key")) or uuid4(),
        "possible": sum(verdict.is_possible for verdict in verdicts),
        "wants_reason": rule.needs_reason or rule.needs_note,
        "form": form or DecideForm(),
        "back": _list(page),
    }
    return TemplateResponse(request, "admin/consultations/many.html", context, status=status)


def _list(page: Page) -> str:
    return reverse(f"{page.admin_site.name}:consultations_case_changelist")


def _read(posted: list[str]) -> dict[UUID, int]:
    """The cases in the order in which they were shown, each with the version that was read: `<case>:<version>`."""
    found = {}
    for one in posted:
        pk, _colon, version = one.partition(":")
        key, number = given.uuid(pk), given.number(version)
        if key is not None and number is not None:
            found[key] = number
    return found


# --- what was done ------------------------------------------------------------------------------------


@admin.register(Bulk)
class BulkAdmin(ReadOnly, Page):
    """Acts on many and what became of each case; undone here within ten minutes, through the same function."""

    list_display = ("when", "what", "who", "became")
    list_filter = (OfManyVerb,)
    ordering = ("-created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bulk]:
        rows = Bulk.objects.select_related("actor", "undoes", "undone_by")
        return rows.annotate(all=Count("rows"), done=Count("rows__decision"))

    @admin.display(description=gettext_lazy("When"), ordering="created_at")
    def when(self, act: Bulk) -> str:
        return moment(act.created_at)

    @admin.display(description=gettext_lazy("What was done"))
    def what(self, act: Bulk) -> str:
        return states.label(act.verb)

    @admin.display(description=gettext_lazy("Decided by"))
    def who(self, act: Bulk) -> str:
        return colleagues.named(act.actor)

    @admin.display(description=gettext_lazy("What became of it"))
    def became(self, act: Any) -> str:
        return _("%(done)d of %(all)d done") % {"done": act.done, "all": act.all}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.undo)
        return [path("<path:object_id>/undo/", view, name="consultations_bulk_undo"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        act = self.seen(request, object_id)
        rows = act.rows.select_related("case__opinion", "case__version", "case__argument")
        context = {
            **self.around(request, f"{self.what(act)}: {self.became(act)}", act),
            "act": act,
            "who": self.who(act),
            "rows": rows,
            "can_undo": can_undo(actor(request), act),
        }
        return TemplateResponse(request, "admin/consultations/bulk.html", context)

    def undo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take it back where nothing was voted or decided since; what became of each is an act of its own."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        who, act = moderators_only(request), self.seen(request, object_id)
        try:
            act = bulk.undo(actor=who, bulk=act)
        except DomainError as error:
            messages.error(request, str(error.message))
        return redirect(f"{self.admin_site.name}:consultations_bulk_change", act.pk)


def can_undo(person: User, act: Bulk) -> bool:
    """Whether to offer it; what stands against each row is said when it is done."""
    is_new = timezone.now() < act.created_at + states.TIME_TO_UNDO
    return act.actor_id == person.pk and is_new and act.undoes_id is None and not hasattr(act, "undone_by")
