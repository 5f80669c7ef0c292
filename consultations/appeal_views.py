"""Appealing: the form on the page of an own opinion or an own argument, and that page of an argument."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import limits, text
from common.errors import DomainError, Invalid
from consultations import appeals, deciding, states, unsent, verdicts
from consultations.deciding import Subject
from consultations.forms_reading import AppealForm
from consultations.models import Argument
from consultations.models.opinions import READABLE
from notifications import quiet


def verdict_context(request: HttpRequest, subject: Subject, form: AppealForm | None = None) -> dict[str, Any]:
    """What the part of the page about decisions shows; the form with what was typed before a session ended."""
    assert request.user.is_authenticated
    zone = quiet.zone(request.user.time_zone)
    return {
        "verdict": verdicts.of(request.user, subject),
        "form": form or _form(request),
        "zone": zone,
        "status": 422 if form is not None else 200,
    }


def _form(request: HttpRequest) -> AppealForm:
    assert request.user.is_authenticated
    initial = {"owner": unsent.owner_of(request.user)}
    left = unsent.bring_back(request, request.user) if request.method in ("GET", "HEAD") else None
    if left is not None:
        initial["note"] = left.get("note", "")
    return AppealForm(initial=initial)


def send(request: HttpRequest, subject: Subject) -> AppealForm | None:
    """Send a posted appeal; None when it is there, else the form with what was typed and what is wrong."""
    assert request.user.is_authenticated
    form = AppealForm(request.POST)
    if not form.is_valid():
        return form
    words = form.cleaned_data["note"]
    try:
        appeals.appeal(user=request.user, subject=subject, words=words)
    except Invalid as error:
        form.explain(error.fields)
        return form
    except DomainError as error:
        if not _is_there(request, subject, words):
            form.add_error(None, str(error.message))
            return form
    messages.success(request, _("Your appeal is on its way. You are told by mail what becomes of it."))
    return None


def _is_there(request: HttpRequest, subject: Subject, words: str) -> bool:
    """Whether this person's same appeal arrived already: a double click, a page loaded again."""
    sent = deciding.decisions_on(subject).filter(verb="appeal", actor=request.user.pk, note=text.clean(words))
    return sent.exists()


def back(request: HttpRequest, page: str, **parts: object) -> str:
    """The page that the form stands on; who changed the language on a refused form keeps the choice."""
    query = request.META.get("QUERY_STRING", "") if request.method != "POST" else ""
    return reverse(page, kwargs=parts) + (f"?{query}" if query else "#appeal")


# --- an own argument --------------------------------------------------------------------------------


def own_argument(request: HttpRequest, pk: UUID) -> Argument:
    """An argument that the reader wrote; 404 for every other."""
    rows = Argument.objects.select_related("opinion__consultation", "opinion__version", "author")
    return get_object_or_404(rows, pk=pk, author__user=request.user.pk)


@login_required
@require_safe
def my_argument(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An own argument: where it stands, why, and what its author can do now."""
    return _argument_page(request, own_argument(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@unsent.keeps_text
@limits.limited(limits.SUBMIT)
def argument_appeal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Appeal against what was decided on an own argument; an error keeps what was typed."""
    found = own_argument(request, pk)
    form = send(request, found) if request.method == "POST" else None
    return redirect(back(request, "my-argument", pk=pk)) if form is None else _argument_page(request, found, form)


def _argument_page(request: HttpRequest, found: Argument, form: AppealForm | None = None) -> HttpResponse:
    opinion = found.opinion
    context = verdict_context(request, found, form) | {
        "argument": found,
        "opinion": opinion,
        "consultation": opinion.consultation,
        "shows_opinion": opinion.state in READABLE,
        "may_withdraw": states.allowed("withdraw", found.state) and not opinion.consultation.is_closed(timezone.now()),
    }
    return render(request, "consultations/my_argument.html", context, status=context["status"])
