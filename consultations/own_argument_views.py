"""What the author of an argument does later: other words when changes were asked for, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guards import signed_in_or_back_to
from common import limits
from common.errors import DomainError, Invalid
from consultations import arguments, unsent
from consultations.appeal_views import own_argument
from consultations.forms_reading import ArgumentForm
from consultations.models import Argument

_FIELDS = ("side", "text", "shown_as")


@require_http_methods(["GET", "HEAD", "POST"])
@unsent.keeps_text
@limits.limited(limits.SUBMIT)
def other_words(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a request for changes; an error keeps what was typed."""
    found = own_argument(request, pk)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid() and _sent(request, found, form):
        messages.success(request, _("Thank you. A moderator reads your argument before it is shown."))
        return redirect("my-argument", pk=pk)
    context = {"opinion": found.opinion, "consultation": found.opinion.consultation, "form": form, "argument": found}
    return render(request, "consultations/argue.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, found: Argument) -> ArgumentForm:
    assert request.user.is_authenticated
    if request.method == "POST":
        return ArgumentForm(request.POST)
    initial = {name: str(getattr(found, name)) for name in _FIELDS} | {"key": str(found.pk)}
    left = unsent.bring_back(request, request.user)
    if left is not None:
        initial |= {name: left.get(name, "") for name in _FIELDS}
    return ArgumentForm(initial=initial | {"owner": unsent.owner_of(request.user)})


def _sent(request: HttpRequest, found: Argument, form: ArgumentForm) -> bool:
    assert request.user.is_authenticated
    try:
        arguments.resubmit(user=request.user, argument=found, fields=form.cleaned_data)
    except Invalid as error:
        form.explain(error.fields)
    except DomainError as error:
        form.add_error(None, str(error.message))
    return not form.errors


@signed_in_or_back_to("my-argument", "pk")
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back, when the box is ticked."""
    found = own_argument(request, pk)
    assert request.user.is_authenticated
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Please tick the box first: withdrawing cannot be undone."))
        return redirect("my-argument", pk=pk)
    try:
        arguments.withdraw(user=request.user, argument=found)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Your argument is withdrawn."))
    return redirect("my-argument", pk=pk)
