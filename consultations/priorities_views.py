"""Pages about what I did: my five priorities and my votes."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.guards import signed_in_or_back_to
from accounts.models import User
from accounts.views import local_path
from common import limits
from common.errors import DomainError
from consultations import my_votes as own_votes
from consultations import priorities as capability
from consultations.models import Consultation, Opinion
from consultations.models.priorities import MOST


@login_required
@never_cache
@require_safe
def priorities(request: HttpRequest, slug: str) -> HttpResponse:
    """My five, in order."""
    consultation = get_object_or_404(Consultation, slug=slug)
    if not access.is_member(request.user):
        return redirect("ask-your-society")
    mine = capability.of(user=request.user, consultation=consultation)
    context = {
        "consultation": consultation,
        "priorities": mine,
        "most": MOST,
        "open": consultation.priorities_are_open(timezone.now()),
        "close_at": consultation.priorities_close_at or consultation.voting_close_at,
    }
    return render(request, "consultations/priorities.html", context)


@signed_in_or_back_to("priorities", "slug")
@limits.limited(limits.WRITE)
@require_POST
def mark(request: HttpRequest, slug: str) -> HttpResponse:
    """Pick an opinion as one of my five."""
    return _act(request, slug, capability.mark, _("Marked as one of your priorities."))


@signed_in_or_back_to("priorities", "slug")
@limits.limited(limits.WRITE)
@require_POST
def drop(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one of my five back; also when the opinion is not published any more."""
    return _act(request, slug, capability.drop, _("No longer one of your priorities."))


@signed_in_or_back_to("priorities", "slug")
@limits.limited(limits.WRITE)
@require_POST
def raise_(request: HttpRequest, slug: str) -> HttpResponse:
    """Let one of my five change places with the one before it."""
    return _act(request, slug, capability.raise_, "")


def _act(request: HttpRequest, slug: str, what: Callable[..., object], done: str) -> HttpResponse:
    """Do it for the opinion that the button names: a published one, or one that I have picked."""
    assert isinstance(request.user, User)
    number = request.POST.get("number", "")
    known = Opinion.objects.published() | Opinion.objects.filter(priorities__participant__user=request.user)
    opinion = get_object_or_404(
        known.distinct(), consultation__slug=slug, number=int(number) if number.isdecimal() and len(number) < 10 else -1
    )
    try:
        what(user=request.user, opinion=opinion)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        if done:
            messages.success(request, done)
    back = local_path(request, request.POST.get("next", ""))
    return redirect(back) if back else redirect("priorities", slug=slug)


@login_required
@never_cache
@require_safe
def my_votes(request: HttpRequest) -> HttpResponse:
    """Every vote that was acknowledged to me, with time, value and text."""
    page = own_votes.read(request.user, request.GET.get("before", ""))
    return render(request, "consultations/my_votes.html", {"page": page})
