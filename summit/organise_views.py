"""The organisers' pages about summits and meetings."""

import copy
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guards import organisers_only
from accounts.models import User
from accounts.registration import ensure_account
from common.errors import DomainError, Invalid, NotAllowed
from notifications import progress
from summit import registration, reminders, schedule
from summit.forms import AgendaForms, InviteForm, MeetingForm, SummitForm, explain
from summit.models import Meeting, Registration, Summit

page = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 500


def _actor(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@organisers_only
@page
def summit_new(request: HttpRequest) -> HttpResponse:
    """Make a summit."""
    form = SummitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {**form.cleaned_data}
        try:
            made = schedule.create_summit(actor=_actor(request), slug=fields.pop("slug"), fields=fields)
        except Invalid as error:
            explain(form, error)
        else:
            messages.success(request, _("The summit is made. Now add its meetings."))
            return redirect("organise-summit", made.slug)
    return _form_page(request, form, _("New summit"))


@organisers_only
@page
def summit_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a summit; its meetings are listed beside."""
    found = get_object_or_404(Summit, slug=slug)
    form = SummitForm(request.POST or None, instance=copy.copy(found))
    if request.method == "POST" and form.is_valid():
        try:
            schedule.update_summit(actor=_actor(request), summit=found, fields=form.cleaned_data)
        except Invalid as error:
            explain(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("organise-summit", found.slug)
    return render(request, "summit/organise_summit.html", {"form": form, "summit": found}, status=_status(form))


@organisers_only
@page
def meeting_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a meeting to a summit."""
    found = get_object_or_404(Summit, slug=slug)
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = schedule.create_meeting(actor=_actor(request), summit=found, fields=form.cleaned_data)
        except Invalid as error:
            explain(form, error)
        else:
            messages.success(request, _("The meeting is made. Now write its agenda."))
            return redirect("organise-meeting", made.pk)
    return _form_page(request, form, _("New meeting"), summit=found)


@organisers_only
@page
def meeting_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a meeting; agenda, registrants and reminders are on the same page."""
    found = _meeting(pk)
    if request.method != "POST":
        return _meeting_page(request, found)
    form = MeetingForm(request.POST, instance=copy.copy(found))
    if form.is_valid():
        try:
            schedule.update_meeting(actor=_actor(request), meeting=found, fields=form.cleaned_data)
        except Invalid as error:
            explain(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("organise-meeting", pk)
    return _meeting_page(request, found, form=form)


@organisers_only
@require_POST
def meeting_agenda(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a meeting's agenda."""
    found = _meeting(pk)
    forms = AgendaForms(request.POST, prefix="agenda")
    if forms.is_valid():
        every = [form.cleaned_data for form in forms]
        removed = [str(fields["id"]) for fields in every if fields.get("DELETE") and fields.get("id")]
        items = [fields for fields in every if fields.get("title_ko") and not fields.get("DELETE")]
        try:
            schedule.set_agenda(actor=_actor(request), meeting=found, items=items, remove=removed)
        except Invalid as error:
            messages.error(request, " ".join(text for texts in error.fields.values() for text in texts))
        else:
            messages.success(request, _("The agenda is saved."))
            return redirect("organise-meeting", pk)
    return _meeting_page(request, found, agenda=forms)


@organisers_only
@require_POST
def meeting_invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invite people by their addresses; who has no account gets one."""
    found = _meeting(pk)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _meeting_page(request, found, invite=form)
    try:
        people = [ensure_account(address) for address in form.cleaned_data["addresses"]]
        count = registration.invite(meeting=found, people=people)
    except DomainError as error:
        messages.error(request, str(error.message))
        return _meeting_page(request, found, invite=form)
    invited = ngettext("%(count)d person invited.", "%(count)d people invited.", count) % {"count": count}
    messages.success(request, invited)
    return redirect("organise-meeting", pk)


@organisers_only
@require_POST
def meeting_remind(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remind the registrants now."""
    found = _meeting(pk)
    try:
        _occasion, is_new = reminders.remind(actor=_actor(request), meeting=found)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        if is_new:
            messages.success(request, _("The reminder is on its way. This page shows how far it has come."))
        else:
            messages.warning(
                request,
                _("A reminder went out within the last hour; no second one is sent. Below is how far it has come."),
            )
    return redirect("organise-meeting", pk)


@organisers_only
@require_POST
def meeting_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call a meeting off, or take that back."""
    found = _meeting(pk)
    act = schedule.restore_meeting if request.POST.get("restore") else schedule.cancel_meeting
    try:
        act(actor=_actor(request), meeting=found)
    except NotAllowed as error:
        raise PermissionDenied(str(error.message)) from error
    messages.success(request, _("Saved. The registrants are told."))
    return redirect("organise-meeting", pk)


# --- the parts ------------------------------------------------------------------------------------


def _meeting(pk: UUID) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("summit"), pk=pk)


def _status(*forms: Any) -> int:
    return 400 if any(form.is_bound and form.errors for form in forms) else 200


def _form_page(request: HttpRequest, form: Any, heading: str, *, summit: Summit | None = None) -> HttpResponse:
    context = {"form": form, "heading": heading, "summit": summit}
    return render(request, "summit/organise_form.html", context, status=_status(form))


def _meeting_page(
    request: HttpRequest, found: Meeting, *, form: Any = None, agenda: Any = None, invite: Any = None
) -> HttpResponse:
    """The page of one meeting; a form that could not be stored comes back as it was typed."""
    reminder = reminders.latest(found)
    people = found.registrations.exclude(state=Registration.State.CANCELLED).select_related("user")
    context = {
        "meeting": found,
        "form": form or MeetingForm(instance=copy.copy(found)),
        "agenda": agenda or AgendaForms(prefix="agenda", initial=_agenda(found)),
        "invite": invite or InviteForm(),
        "people": people.order_by("-state", "created_at")[:SHOWN],
        "registered": registration.taken(found),
        "invited": found.registrations.filter(state=Registration.State.INVITED).count(),
        "is_open": registration.is_open(found),
        "reminder": reminder,
        "progress": progress.of(reminder) if reminder else None,
    }
    bound = [one for one in (form, invite) if one is not None]
    status = 400 if agenda is not None else _status(*bound)
    return render(request, "summit/organise_meeting.html", context, status=status)


def _agenda(found: Meeting) -> list[dict[str, Any]]:
    return list(found.agenda.values("id", *schedule.AGENDA_FIELDS))
