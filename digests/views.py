"""The pages of digests: editions, one edition, its files; compiling and publishing for organisers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from common.errors import DomainError
from consultations.models import Consultation
from digests import compile as compiling
from digests import downloads, editions, pages, records, withdrawal
from digests.models import Compilation, Document, Edition
from summit.models import Meeting


@require_safe
def edition_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)
    organises = access.is_organiser(request.user)
    context: dict[str, Any] = {
        "consultation": consultation,
        "shelf": records.shelf(editions.visible_to(request.user, consultation)),
        "organises": organises,
    }
    if organises:
        context["meetings"] = consultation.summit.meetings.all()
        context["compilations"] = consultation.compilations.select_related("edition").defer("edition__content")[:5]
    return render(request, "digests/editions.html", context)


@require_safe
def edition_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The edition as a page, rendered from its stored JSON alone; beside it, what has happened since."""
    edition = _visible(request, slug, number)
    context = {
        "edition": edition,
        "consultation": edition.consultation,
        "documents": list(edition.documents.defer("content")),
        "organises": access.is_organiser(request.user),
        "records": records.of(edition, request.user),
    }
    if edition.withdrawn_at is not None:
        return render(request, "digests/withdrawn.html", context)
    language = "en" if (get_language() or "ko").startswith("en") else "ko"
    context["page"] = pages.build(editions.content_of(edition), language)
    return render(request, "digests/edition.html", context)


@require_safe
def document(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    found = get_object_or_404(
        Document.objects.select_related("edition__consultation").defer("content", "edition__content"),
        edition__consultation__slug=slug,
        edition__number=number,
        name=name,
    )
    if not editions.may_read(request.user, found.edition):
        raise Http404
    if found.withdrawn_at is not None:
        return withdrawal.gone(request, found)
    published = found.edition.state == Edition.State.PUBLISHED
    return downloads.serve(request, found, published=published)


@require_POST
@login_required
def compile_digest(request: HttpRequest, slug: str) -> HttpResponse:
    _only_organisers(request)
    consultation = get_object_or_404(Consultation, slug=slug)
    meeting = _meeting(request)
    try:
        compilation = compiling.request(consultation=consultation, meeting=meeting, requested_by=_user(request))
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("digests", slug)
    return redirect("compilation", compilation.pk)


@require_safe
@login_required
def compilation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far compiling is; htmx asks for the fragment every second, without JavaScript the page reloads itself."""
    _only_organisers(request)
    found = get_object_or_404(
        Compilation.objects.select_related("consultation", "edition__consultation").defer("edition__content"), pk=pk
    )
    wants_fragment = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    template = "digests/progress.html" if wants_fragment else "digests/compilation.html"
    response = render(request, template, {"compilation": found, "running": found.is_open})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    _only_organisers(request)
    found = get_object_or_404(Compilation, pk=pk)
    try:
        compiling.cancel(compilation=found, actor=_user(request))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("compilation", pk)


@require_POST
@login_required
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    _only_organisers(request)
    edition = get_object_or_404(Edition.objects.select_related("consultation").defer("content"), pk=pk)
    try:
        edition = editions.publish(edition=edition, actor=_user(request))
        messages.success(request, _("Edition %(number)s is published.") % {"number": edition.number})
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("digests", edition.consultation.slug)
    return redirect("edition", edition.consultation.slug, edition.number)


def _visible(request: HttpRequest, slug: str, number: int) -> Edition:
    found: Edition = get_object_or_404(
        Edition.objects.select_related("consultation"), consultation__slug=slug, number=number
    )
    if not editions.may_read(request.user, found):
        raise Http404
    return found


def _meeting(request: HttpRequest) -> Meeting | None:
    wanted = request.POST.get("meeting", "")
    if not wanted:
        return None
    try:
        return get_object_or_404(Meeting, pk=UUID(wanted))
    except ValueError:
        raise Http404 from None


def _only_organisers(request: HttpRequest) -> None:
    if not access.is_organiser(request.user):
        raise PermissionDenied


def _user(request: HttpRequest) -> Any:
    return request.user
