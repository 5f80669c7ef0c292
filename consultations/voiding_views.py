"""Ending and restoring somebody's part in a consultation: an organiser's page. Who is looked for stands in no address."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import addresses
from accounts.guards import organisers_only, signed_in_or_back_to
from common import given, limits
from common.errors import DomainError, Invalid
from consultations import voiding
from consultations.forms_reading import Explaining
from consultations.models import Consultation, Participant, Voiding, Vote


class FindForm(Explaining):
    """Whose part it is."""

    email = forms.CharField(required=False, label=gettext_lazy("E-mail address"))


class VoidForm(Explaining):
    """Why it is ended or restored; the person is told."""

    participant = forms.CharField(max_length=18, widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The person reads it, and it stays on record. At most 300 characters."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
@limits.limited(limits.SEARCH)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What was done here; with POST, the participant of an address, with what would leave the counts."""
    consultation = _consultation(slug)
    if request.method != "POST":
        return _show(request, consultation, find=FindForm())
    find = FindForm(request.POST)
    find.is_valid()
    found = _find(consultation, find)
    if found is None:
        return _show(request, consultation, find=find)
    return _show(request, consultation, find=find, found=found, form=VoidForm(initial={"participant": found.pk}))


@signed_in_or_back_to("voiding", "slug")
@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def void(request: HttpRequest, slug: str) -> HttpResponse:
    """End somebody's part; an error keeps the reason."""
    return _change(request, slug, voids=True)


@signed_in_or_back_to("voiding", "slug")
@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Let it count again; an error keeps the reason."""
    return _change(request, slug, voids=False)


def _consultation(slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)


def _find(consultation: Consultation, form: FindForm) -> Participant | None:
    """The participant of an address; None with the reason on the form."""
    try:
        email = addresses.normal(form.cleaned_data.get("email", ""))
    except Invalid as error:
        form.add_error("email", str(error.message))
        return None
    rows = Participant.objects.select_related("user", "roll_entry__society")
    found = rows.filter(consultation=consultation, user__email=email).first()
    if found is None:
        form.add_error("email", _("Nobody with this address takes part here."))
    return found


def _change(request: HttpRequest, slug: str, *, voids: bool) -> HttpResponse:
    consultation, form = _consultation(slug), VoidForm(request.POST)
    found = _participant(consultation, request.POST.get("participant", ""))
    assert request.user.is_authenticated
    form.is_valid()
    act, done = (
        (voiding.void, _("Ended. The votes left every count; the person is told."))
        if voids
        else (voiding.restore, _("Restored. The votes count again; the person is told."))
    )
    try:
        act(actor=request.user, participant=found, reason=form.cleaned_data.get("reason", ""))
    except Invalid as error:
        form.explain(error.fields)
    except DomainError as error:
        form.add_error(None, str(error.message))
    else:
        messages.success(request, done)
        return redirect("voiding", slug=slug)
    return _show(request, consultation, find=FindForm(), found=found, form=form)


def _participant(consultation: Consultation, pk: str) -> Participant:
    number = given.number(pk, digits=18)
    if number is None:
        raise Http404
    rows = Participant.objects.select_related("user", "roll_entry__society").exclude(user=None)
    return get_object_or_404(rows, consultation=consultation, pk=number)


def _show(
    request: HttpRequest,
    consultation: Consultation,
    *,
    find: FindForm,
    found: Participant | None = None,
    form: VoidForm | None = None,
) -> HttpResponse:
    is_wrong = bool(find.errors or (form is not None and form.errors))
    records = Voiding.objects.filter(participant__consultation=consultation)
    context: dict[str, Any] = {
        "consultation": consultation,
        "find": find,
        "found": found,
        "form": form,
        "votes": Vote.objects.filter(participant=found).count() if found is not None else 0,
        "records": records.select_related("participant__user", "actor").order_by("-pk")[:100],
    }
    return render(request, "organise/voiding.html", context, status=422 if is_wrong else 200)
