"""What moderators decide about arguments and reports."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.guards import moderators_only
from common.errors import DomainError, Invalid
from consultations import arguments, moderation_views, reports
from consultations.forms import RejectForm
from consultations.models import Case


def _case(pk: UUID) -> Case:
    return get_object_or_404(Case.objects.select_related("opinion__author"), pk=pk)


@moderators_only
@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    assert request.user.is_authenticated
    try:
        arguments.publish(actor=request.user, case=_case(pk))
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("case", pk=pk)
    messages.success(request, _("Published. Its author is told."))
    return redirect("moderation")


@moderators_only
@require_POST
def reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    assert request.user.is_authenticated
    reason, note = (str(request.POST.get(name, ""))[:2000] for name in ("reason", "note"))
    try:
        arguments.reject(actor=request.user, case=_case(pk), reason=reason, note=note)
    except Invalid as error:
        form = RejectForm(request.POST)
        form.is_valid()
        form.errors.clear()
        for name, texts in error.fields.items():
            form.add_error(name, texts)
        request.method = "GET"
        return moderation_views.case(request, pk, form=form, status=422)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("case", pk=pk)
    messages.success(request, _("Rejected. Its author is told the reason."))
    return redirect("moderation")


@moderators_only
@require_POST
def dismiss(request: HttpRequest, pk: UUID) -> HttpResponse:
    assert request.user.is_authenticated
    try:
        reports.dismiss(actor=request.user, case=_case(pk), note=str(request.POST.get("note", ""))[:2000])
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("case", pk=pk)
    messages.success(request, _("The report is closed. The opinion stays."))
    return redirect("moderation")
