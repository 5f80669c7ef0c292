"""Answers to recommendations: the form behind a link, the officials' pages, the organisers' page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import officials_only, organisers_only
from common import limits
from common.errors import DomainError, Invalid
from consultations.models import Consultation
from digests import keys, responses
from digests.block_views import actor
from digests.forms import AnswerForm, LinkForm, ReturnForm, explain
from digests.models import Edition, Link, Recommendation, Response

page = require_http_methods(["GET", "HEAD", "POST"])


# --- by link ----------------------------------------------------------------------------------------


@page
def respond(request: HttpRequest, token: str) -> HttpResponse:
    """The form behind a link: GET changes nothing, POST stores. It shows what the recommendation says, and no more."""
    link = keys.read(token)
    try:
        limits.check(limits.RESPOND, request, account=f"link:{link.pk}" if link else "")
    except limits.TooMany as error:
        return _private(limits.refusal(request, error))
    if link is None:
        return _private(render(request, "digests/respond_over.html", status=404))

    def store(fields: dict[str, Any]) -> Response:
        return responses.answer(recommendation=link.recommendation, fields=fields, link=link)

    return _private(_answer(request, link.recommendation, store))


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps a page whose address is a key, and no search engine names it."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def _answer(
    request: HttpRequest, recommendation: Recommendation, store: Callable[[dict[str, Any]], Response]
) -> HttpResponse:
    """The form of an answer; what could not be stored comes back as it was typed."""
    form = AnswerForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "recommendation": recommendation, "edition": recommendation.edition}
    if request.method == "POST" and form.is_valid():
        try:
            context["stored"] = store(form.cleaned_data)
        except Invalid as error:
            explain(form, error)
        except DomainError as error:
            form.add_error(None, str(error.message))
    return render(request, "digests/respond.html", context, status=422 if form.errors else 200)


# --- officials with an account ----------------------------------------------------------------------


@officials_only
@require_safe
def response_list(request: HttpRequest) -> HttpResponse:
    """Every published recommendation, those that wait first."""
    joined = Recommendation.objects.select_related("edition__consultation").defer("edition__content")
    rows = responses.with_answers(joined.order_by("due_on", "edition_id", "number"))
    found = [responses.standing(row, timezone.localdate()) for row in rows]
    waiting = [row for row in found if row.response is None]
    context = {"waiting": waiting, "answered": [row for row in found if row.response is not None]}
    return render(request, "digests/response_list.html", context)


@officials_only
@page
@limits.limited(limits.WRITE)
def response_form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same form for an account with the role of an official."""
    recommendation = _recommendation(pk)

    def store(fields: dict[str, Any]) -> Response:
        return responses.answer(recommendation=recommendation, fields=fields, actor=actor(request))

    return _answer(request, recommendation, store)


# --- organisers -------------------------------------------------------------------------------------


@organisers_only
@require_safe
def organise(request: HttpRequest, slug: str) -> HttpResponse:
    """Every recommendation of a consultation: who is asked, what is due, which answers wait for review."""
    consultation = get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)
    joined = Recommendation.objects.filter(edition__consultation=consultation).select_related("edition__consultation")
    rows = responses.with_answers(joined.defer("edition__content").prefetch_related("links"))
    found = [responses.standing(row, timezone.localdate()) for row in rows.order_by("-edition__number", "number")]
    context = {"consultation": consultation, "rows": found, "today": timezone.localdate()}
    return render(request, "digests/organise_responses.html", context)


@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def send_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mail the addressee a link, or the same one again."""
    recommendation = _recommendation(pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["email"])))
        return _back(recommendation)
    try:
        responses.send_link(actor=actor(request), recommendation=recommendation, email=form.cleaned_data["email"])
        messages.success(request, _("The link is on its way."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return _back(recommendation)


@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def revoke_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    joined = Link.objects.select_related("recommendation__edition__consultation")
    found = get_object_or_404(joined.defer("recommendation__edition__content"), pk=pk)
    responses.revoke_link(actor=actor(request), link=found)
    messages.success(request, _("The link opens nothing any more."))
    return _back(found.recommendation)


@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Publish an answer, or send it back with a note."""
    joined = Response.objects.select_related("recommendation__edition__consultation", "given_by", "link")
    found = get_object_or_404(joined.defer("recommendation__edition__content"), pk=pk)
    try:
        if "publish" in request.POST:
            responses.publish(actor=actor(request), response=found)
            messages.success(request, _("The answer is published. Who wrote or supported the opinions is told."))
        else:
            form = ReturnForm(request.POST)
            note = form.cleaned_data["note"] if form.is_valid() else ""
            responses.send_back(actor=actor(request), response=found, note=note)
            messages.success(request, _("Sent back. Whoever gave the answer is told."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return _back(found.recommendation)


def _recommendation(pk: UUID) -> Recommendation:
    joined = Recommendation.objects.select_related("edition__consultation__summit").defer("edition__content")
    return get_object_or_404(joined, pk=pk)


def _back(recommendation: Recommendation) -> HttpResponse:
    edition: Edition = recommendation.edition
    return redirect("organise-responses", edition.consultation.slug)
