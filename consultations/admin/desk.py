"""A page of the admin on which one thing is read and decided: what is known of it, and a button for each verb.

It holds no rule: what can be done `review.actions` says, and `saying.say` does it or says what stands against it.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.models import User
from common.errors import DomainError, Invalid
from consultations import colleagues, deciding, desks, review, saying, states, undoing
from consultations.admin.parts import Page, ReadOnly, actor, moderators_only
from consultations.deciding import Subject
from consultations.forms import DecideForm
from consultations.models import Argument, Case, Decision, Opinion, OpinionVersion, Report
from consultations.models.opinions import State

#: Pairs of a label and what stands beside it.
Facts = list[tuple[Any, Any]]


class WordsForm(DecideForm):
    """The words of a decision, and what becomes of the votes where a new text is decided on."""

    keeps_votes = forms.ChoiceField(
        required=False,
        label=gettext_lazy("What becomes of the votes"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", gettext_lazy("A small correction: the votes stay")),
            ("no", gettext_lazy("Another proposal: everybody who voted is asked again")),
        ],
    )


@dataclass(frozen=True)
class Place:
    """What is decided on: the text, the case in which it waits, the decision that wants a second person."""

    subject: Subject
    version: OpinionVersion
    case: Case | None = None
    first: Decision | None = None

    @property
    def opinion(self) -> Opinion:
        return deciding.parts(self.subject)[0]

    @property
    def argument(self) -> Argument | None:
        return deciding.parts(self.subject)[1]


@dataclass(frozen=True)
class Line:
    """One decision in a history; `who` is empty where its author decided, or the clock."""

    decision: Decision
    what: str
    who: str
    moved: str
    can_undo: bool


@dataclass(frozen=True)
class Text:
    """An earlier or a later text of an opinion."""

    number: int
    fields: list[review.Field]


class DeskAdmin(ReadOnly, Page):
    """Reads, and decides through `saying`; there is no form that changes a column."""

    template: ClassVar[str] = "admin/consultations/desk.html"

    def place(self, obj: Any) -> Place:
        """What a row of this table is about."""
        raise NotImplementedError

    def facts(self, obj: Any, place: Place) -> Facts:
        """What stands above the text; nothing here may tell who wrote it."""
        raise NotImplementedError

    def actions_of(self, request: HttpRequest, place: Place) -> list[review.Action]:
        """The buttons: none for who is no moderator."""
        if not access.is_moderator(request.user):
            return []
        return review.actions(actor(request), place.subject, place.case, place.first, timezone.now())

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_decide"
        own = path("<path:object_id>/decide/", self.admin_site.admin_view(self.decide), name=name)
        return [own, *super().get_urls()]

    # --- looking --------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self.page(request, self.seen(request, object_id))

    def page(self, request: HttpRequest, obj: Any, form: DecideForm | None = None, status: int = 200) -> HttpResponse:
        place, reader = self.place(obj), actor(request)
        title = _("No. %(number)d") % {"number": place.opinion.number}
        context = {
            **self.around(request, title, obj),
            **of_subject(reader, place),
            "place": place,
            "facts": self.facts(obj, place),
            "decide_actions": self.actions_of(request, place),
            "form": form or WordsForm(),
            "decide_url": self.address(obj, "decide"),
            "original_url": self.address(obj),
            "is_moderator": access.is_moderator(reader),
            "workbench": workbench_address(place),
        }
        return TemplateResponse(request, self.template, context, status=status)

    def address(self, obj: Any, page: str = "change") -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[obj.pk])

    # --- deciding -------------------------------------------------------------------------------------

    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say one verb. What it lacks, and what refuses it, comes back with the page as it stands now and what was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        who = moderators_only(request)
        obj = self.seen(request, object_id)
        place = self.place(obj)
        verb = str(request.POST.get("verb", ""))
        try:
            saying.say(saying.of_form(request.POST, actor=who, subject=place.subject, case=place.case, verb=verb))
        except Invalid as error:
            return self.page(request, obj, WordsForm.refused(request.POST, error), status=422)
        except DomainError as error:
            messages.error(request, str(error.message))
            return self.page(request, self.seen(request, object_id), WordsForm(request.POST), status=409)
        done = _("No. %(number)d: %(what)s.") % {"number": place.opinion.number, "what": states.label(verb)}
        messages.success(request, done)
        return redirect(self.address(obj))


# --- what stands beside a text ------------------------------------------------------------------------


def of_subject(reader: User, place: Place) -> dict[str, Any]:
    """What is known of a text beside its words: similar ones, what changed, reports, history."""
    subject, opinion, argument = place.subject, place.opinion, place.argument
    about = Report.objects.filter(opinion=opinion, argument=argument)
    return review.beside(reader, subject, place.version, place.case) | {
        "reports": about.order_by("-created_at"),
        "history": history(reader, subject),
        "texts": [] if argument else _texts(opinion, place.version),
        "open_cases": [case for case in deciding.cases_of(subject) if case != place.case],
    }


def _texts(opinion: Opinion, shown: OpinionVersion) -> list[Text]:
    others = opinion.versions.exclude(pk=shown.pk).order_by("-number")
    return [Text(version.number, review.fields(opinion, version)) for version in others]


def history(reader: User, subject: Subject) -> list[Line]:
    """What was decided on a text, in order."""
    now = timezone.now()
    rows = deciding.decisions_on(subject).select_related("actor", "answer")
    return [
        Line(
            decision,
            states.label(decision.verb),
            colleagues.name_of_decider(decision),
            moved(decision),
            can_undo=undoing.can_undo(reader, decision, now) and not hasattr(decision, "answer"),
        )
        for decision in rows
    ]


def moved(decision: Decision) -> str:
    """From which state to which, in words; empty where it stayed."""
    if decision.from_state == decision.to_state:
        return ""
    return f"{State(decision.from_state).label} → {State(decision.to_state).label}"


def workbench_address(place: Place) -> str:
    """The page of the workbench about the same."""
    return desks.desk(place.subject) if place.case is None else reverse("case", args=[place.case.pk])
