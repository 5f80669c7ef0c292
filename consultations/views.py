"""Pages of consultations and opinions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.views import local_path
from common.errors import DomainError
from consultations import authors, counts, listing, voting
from consultations.models import Consultation, Opinion
from consultations.models.votes import VALUES
from consultations.roll import base_of


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


@require_safe
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """The opinions of one consultation."""
    found = get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)
    now = timezone.now()
    page = listing.read(found, request.user, request.GET)
    template = "consultations/list_page.html" if getattr(request, "htmx", False) else "consultations/consultation.html"
    return render(
        request,
        template,
        {
            "consultation": found,
            "page": page,
            "themes": found.themes.all(),
            "submissions_open": found.submissions_are_open(now),
            "voting_open": found.voting_is_open(now),
            "now": now,
            "published": found.opinions.published().count(),
        },
    )


def _published_or_own(request: HttpRequest, slug: str, number: int) -> Opinion:
    """An opinion that this reader may read: published ones everybody; others their author and moderators."""
    opinion = get_object_or_404(
        Opinion.objects.select_related("consultation", "version", "theme", "author"),
        consultation__slug=slug,
        number=number,
    )
    own = opinion.author is not None and request.user.is_authenticated and opinion.author.user_id == request.user.pk
    if opinion.state == "published" or own or access.is_moderator(request.user):
        return opinion
    raise Http404


@require_safe
def opinion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One opinion with its text, its count and its base."""
    found = _published_or_own(request, slug, number)
    return render(request, "consultations/opinion.html", _opinion_context(request, found))


def _opinion_context(request: HttpRequest, found: Opinion) -> dict[str, object]:
    vote = voting.vote_of(request.user, found)
    consultation = found.consultation
    return {
        "opinion": found,
        "consultation": consultation,
        "byline": authors.bylines([found]).get(found.pk, ""),
        "counts": counts.visible_counts(request.user, found, has_voted=vote is not None, exact=True),
        "my_vote": None if vote is None else vote.value,
        "could_have": None if consultation.is_imported else base_of(consultation),
        "voting_open": consultation.voting_is_open(timezone.now()),
        "decisions": found.decisions.all() if found.state != "published" else [],
    }


@login_required
@require_POST
def vote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Cast a vote from a button; with htmx the card comes back, without it the page that was left."""
    found = get_object_or_404(
        Opinion.objects.select_related("consultation", "version", "theme", "author"),
        consultation__slug=slug,
        number=number,
    )
    assert request.user.is_authenticated
    values, versions = request.POST.getlist("value"), request.POST.getlist("version")
    problem = ""
    if (
        len(values) != 1
        or values[0] not in VALUES
        or len(versions) > 1
        or not all(v.isascii() and v.isdigit() for v in versions)
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
        context = _opinion_context(request, found) | {"problem": problem}
        return render(request, "consultations/vote_panel.html", context)
    return redirect(local_path(request, request.POST.get("next", "")) or found.get_absolute_url())
