"""Texts of an opinion: what its author sees and does, and how readers compare versions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.guards import signed_in_or_back_to
from common.errors import DomainError
from consultations import comparing, deciding, states, versions
from consultations.models import Opinion, OpinionVersion
from consultations.models.opinions import READABLE, State


def _own(request: HttpRequest, slug: str, number: int) -> Opinion:
    return get_object_or_404(
        Opinion.objects.by(request.user).select_related("consultation", "version", "theme"),
        consultation__slug=slug,
        number=number,
    )


@login_required
@require_safe
def my_opinion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An own opinion: where it stands, what happened to it, and what its author can do now."""
    found = _own(request, slug, number)
    now = timezone.now()
    is_published = found.state == State.PUBLISHED
    context = {
        "opinion": found,
        "consultation": found.consultation,
        "pending": versions.pending(found) if is_published else None,
        "may_propose": is_published and now < found.consultation.submissions_close_at,
        "may_withdraw": states.allowed("withdraw", found.state) and not found.consultation.is_closed(now),
        "texts": found.versions.count(),
        "history": [d for d in deciding.decisions_on(found) if states.is_for_authors(d.verb)],
    }
    return render(request, "consultations/my_opinion.html", context)


@login_required
@require_safe
def my_opinions(request: HttpRequest) -> HttpResponse:
    """Everything that I submitted, the newest first."""
    found = Opinion.objects.by(request.user).select_related("consultation", "version")
    return render(request, "consultations/my_opinions.html", {"opinions": found.order_by("-submitted_at")})


@signed_in_or_back_to("my-opinion", "slug", "number")
@require_POST
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take an own opinion back; the box must be ticked, because it cannot be undone."""
    found = _own(request, slug, number)
    assert request.user.is_authenticated
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Please tick the box first: withdrawing cannot be undone."))
        return redirect("my-opinion", slug=slug, number=number)
    try:
        versions.withdraw(user=request.user, opinion=found)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Your opinion is withdrawn."))
    return redirect("my-opinion", slug=slug, number=number)


@require_safe
def compare(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The texts that were or are in force, two of them side by side; its author and moderators see every text."""
    found = get_object_or_404(
        Opinion.objects.select_related("consultation", "version", "author"), consultation__slug=slug, number=number
    )
    own = request.user.is_authenticated and Opinion.objects.by(request.user).filter(pk=found.pk).exists()
    sees_all = own or access.is_moderator(request.user)
    if found.state not in READABLE and not sees_all:
        raise Http404
    texts = list(found.versions.order_by("number") if sees_all else versions.public(found))
    before, after = _chosen(request, texts)
    context = {
        "opinion": found,
        "consultation": found.consultation,
        "texts": texts,
        "before": before,
        "after": after,
        "changes": comparing.compare(before, after),
    }
    return render(request, "consultations/versions.html", context)


def _chosen(request: HttpRequest, texts: list[OpinionVersion]) -> tuple[OpinionVersion, OpinionVersion]:
    """The two that were asked for by number, else the last two."""
    by_number = {str(version.number): version for version in texts}
    after = by_number.get(request.GET.get("to", ""), texts[-1])
    earlier = [v for v in texts if v.number < after.number]
    before = by_number.get(request.GET.get("from", ""), earlier[-1] if earlier else after)
    return before, after
