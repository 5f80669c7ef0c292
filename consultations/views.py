"""Pages of consultations and opinions."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.views import local_path
from common import limits
from common.errors import DomainError
from consultations import voting
from consultations.models import Consultation, Opinion
from consultations.models.votes import VALUES
from consultations.reading_views import opinion_context


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """All consultations, the open ones first."""
    now = timezone.now()
    found = list(Consultation.objects.select_related("summit"))
    return render(
        request,
        "consultations/consultations.html",
        {
            "now": now,
            "open": [c for c in found if not c.is_closed(now)],
            "closed": [c for c in found if c.is_closed(now)],
        },
    )


@limits.limited(limits.VOTE)
@require_POST
def vote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Cast a vote from a button; with htmx the card comes back, without it the page that was left."""
    found = get_object_or_404(
        Opinion.objects.select_related("consultation", "version", "theme", "author"),
        consultation__slug=slug,
        number=number,
    )
    if not request.user.is_authenticated:
        return _to_sign_in(request, found)
    values, versions = request.POST.getlist("value"), request.POST.getlist("version")
    problem = ""
    if (
        len(values) != 1
        or values[0] not in VALUES
        or len(versions) > 1
        or not all(v.isascii() and v.isdigit() and len(v) < 6 for v in versions)
    ):
        return HttpResponse(_("This vote cannot be read."), status=400, content_type="text/plain; charset=utf-8")
    try:
        version = int(versions[0]) if versions else None
        voting.cast(user=request.user, opinion=found, value=VALUES[values[0]], version=version)
    except DomainError as error:
        if getattr(request, "htmx", False):
            problem = str(error.message)
        else:
            messages.error(request, str(error.message))
    if getattr(request, "htmx", False):
        context = opinion_context(request, found) | {"problem": problem}
        return render(request, "consultations/vote_panel.html", context)
    return redirect(local_path(request, request.POST.get("next", "")) or found.get_absolute_url())


def _to_sign_in(request: HttpRequest, found: Opinion) -> HttpResponse:
    """Lead who is signed out (meanwhile) to the sign-in page, and from there back to the opinion."""
    answer = redirect_to_login(found.get_absolute_url())
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(answer.headers["Location"])
    return answer
