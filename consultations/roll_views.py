"""Choosing which of one's societies one counts for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.guards import signed_in_or_back_to
from accounts.views import local_path
from common import limits
from common.errors import DomainError
from consultations import listing, roll
from consultations.models import Consultation


@signed_in_or_back_to("consultation", "slug")
@require_POST
@limits.limited(limits.WRITE)
def choose_society(request: HttpRequest, slug: str) -> HttpResponse:
    """Count for the society that was chosen; afterwards the page that was left."""
    consultation = get_object_or_404(Consultation, slug=slug)
    assert request.user.is_authenticated
    society = listing.number(request.POST.get("society"))
    try:
        entry = roll.choose_society(user=request.user, consultation=consultation, society_id=society or 0)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Here you count for %(society)s now.") % {"society": entry.society.name})
    back = local_path(request, request.POST.get("next", ""))
    return redirect(back or consultation.get_absolute_url())
