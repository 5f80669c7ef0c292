"""Texts of an opinion: what its author sees and does, and how readers compare versions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.guards import signed_in_or_back_to
from common import limits
from common.errors import DomainError
from consultations import appeal_views, comparing, states, unsent, versions
from consultations.forms_reading import AppealForm
from consultations.models import Argument, Opinion, OpinionVersion
from consultations.models.opinions import READABLE, State


def _own(request: HttpRequest, slug: str, number: int) -> Opinion:
    return get_object_or_404(
        Opinion.objects.by(request.user).select_related(
            "consultation", "version", "theme", "author", "entered_by", "meeting", "merge__target__version"
        ),
        consultation__slug=slug,
        number=number,
    )


@login_required
@require_safe
def my_opinion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An own opinion: where it stands, what happened to it and why, and what its author can do now."""
    return _page(request, _own(request, slug, number))


@require_http_methods(["GET", "HEAD", "POST"])
@unsent.keeps_text
@limits.limited(limits.SUBMIT)
def appeal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Appeal against what was decided on an own opinion; an error keeps what was typed."""
    found = _own(request, slug, number)
    form = appeal_views.send(request, found) if request.method == "POST" else None
    if form is None:
        return redirect(appeal_views.back(request, "my-opinion", slug=slug, number=number))
    return _page(request, found, form)


def _page(request: HttpRequest, found: Opinion, form: AppealForm | None = None) -> HttpResponse:
    now = timezone.now()
    is_published = found.state == State.PUBLISHED
    context = appeal_views.verdict_context(request, found, form) | {
        "opinion": found,
        "consultation": found.consultation,
        "pending": versions.pending(found) if is_published else None,
        "may_propose": is_published and now < found.consultation.submissions_close_at,
        "may_withdraw": states.allowed("withdraw", found.state) and not found.consultation.is_closed(now),
        "may_submit": found.consultation.submissions_are_open(now),
        "texts": found.versions.count(),
    }
    return render(request, "consultations/my_opinion.html", context, status=context["status"])


@login_required
@require_safe
def my_opinions(request: HttpRequest) -> HttpResponse:
    """Everything that I submitted, opinions and arguments, the newest first."""
    found = Opinion.objects.by(request.user).select_related("consultation", "version")
    argued = Argument.objects.filter(author__user=request.user.pk).select_related("opinion__consultation")
    context = {"opinions": found.order_by("-submitted_at"), "arguments": argued.order_by("-submitted_at")}
    return render(request, "consultations/my_opinions.html", context)


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
