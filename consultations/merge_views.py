"""The one-click question to those who agreed with an opinion that was merged."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import limits
from common.errors import DomainError
from consultations import consent
from consultations.models import Opinion


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limits.limited(limits.VOTE)
def consent_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The text that an opinion became, and what the reader agreed with. Reading changes nothing; the button votes."""
    target = get_object_or_404(
        Opinion.objects.published().select_related("consultation", "version"), consultation__slug=slug, number=number
    )
    mine = consent.agreed_with(request.user, target)
    if not mine:
        raise Http404
    assert request.user.is_authenticated
    if request.method == "POST":
        return _say_yes(request, target)
    context = {
        "opinion": target,
        "consultation": target.consultation,
        "mine": mine,
        "answered": consent.has_answered(request.user, target),
        "voting_open": target.consultation.voting_is_open(timezone.now()),
    }
    return render(request, "consultations/consent.html", context)


def _say_yes(request: HttpRequest, target: Opinion) -> HttpResponse:
    """What cannot be done is said on the same page; a text that changed meanwhile is shown again."""
    assert request.user.is_authenticated
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0
    try:
        vote = consent.say_yes(user=request.user, target=target, version=version)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("consent", slug=target.consultation.slug, number=target.number)
    done = _("You agree with this opinion.") if vote else _("You have voted on this opinion already; that vote stays.")
    messages.success(request, done)
    return redirect(target.get_absolute_url())
