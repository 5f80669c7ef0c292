"""Adding an argument, marking one as helpful, reporting an opinion."""

from typing import TypeVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.guards import signed_in_or_back_to
from common import limits
from common.errors import DomainError, Invalid
from consultations import arguments, reports, unsent
from consultations.forms_reading import ArgumentForm, Explaining, ReportForm
from consultations.models import Opinion
from consultations.models.opinions import State

AnyForm = TypeVar("AnyForm", bound=Explaining)


def _published(slug: str, number: int) -> Opinion:
    return get_object_or_404(
        Opinion.objects.select_related("consultation", "version"),
        consultation__slug=slug,
        number=number,
        state=State.PUBLISHED,
    )


def _form(request: HttpRequest, kind: type[AnyForm], **initial: str) -> AnyForm:
    """The form as it was posted, or as it was when its author was signed out, or empty."""
    assert request.user.is_authenticated
    if request.method == "POST":
        return kind(request.POST)
    left = unsent.bring_back(request, request.user)
    if left is not None:
        initial |= {name: left.get(name, "") for name in kind.base_fields}
    return kind(initial=initial | {"owner": unsent.owner_of(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@unsent.keeps_text
@limits.limited(limits.SUBMIT)
def argue(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The form for an argument; an error keeps what was typed."""
    found = _published(slug, number)
    assert request.user.is_authenticated
    if not access.is_member(request.user):
        return redirect("ask-your-society")
    form = _form(request, ArgumentForm, key=str(uuid4()), side=request.GET.get("side", ""))
    if request.method == "POST" and form.is_valid():
        try:
            arguments.submit(user=request.user, opinion=found, fields=form.cleaned_data, key=form.cleaned_data["key"])
        except Invalid as error:
            form.explain(error.fields)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Thank you. A moderator reads your argument before it is shown."))
            return redirect(f"{found.get_absolute_url()}#arguments")
    context = {"opinion": found, "consultation": found.consultation, "form": form}
    return render(request, "consultations/argue.html", context, status=422 if form.errors else 200)


@signed_in_or_back_to("consultations")
@require_POST
@limits.limited(limits.VOTE)
def helpful(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark an argument as helpful, or take the mark back."""
    found = arguments.readable(pk)
    if found is None:
        raise Http404
    assert request.user.is_authenticated
    try:
        arguments.mark(user=request.user, argument=found, helpful=request.POST.get("helpful") != "no")
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect(f"{found.opinion.get_absolute_url()}#argument-{found.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@unsent.keeps_text
@limits.limited(limits.WRITE)
def report(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Report an opinion to the moderators; an error keeps what was typed."""
    found = _published(slug, number)
    assert request.user.is_authenticated
    if not access.is_member(request.user):
        return redirect("ask-your-society")
    form = _form(request, ReportForm)
    if request.method == "POST" and form.is_valid():
        try:
            sent = form.cleaned_data
            reports.report(user=request.user, opinion=found, reason=sent["reason"], note=sent["note"])
        except Invalid as error:
            form.explain(error.fields)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(
                request, _("Thank you. The moderators will look at it. The opinion stays until they decide.")
            )
            return redirect(found.get_absolute_url())
    context = {"opinion": found, "consultation": found.consultation, "form": form}
    return render(request, "consultations/report.html", context, status=422 if form.errors else 200)
