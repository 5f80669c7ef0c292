"""Drafts: saved while typing or by a button, read, downloaded, deleted, had back; and what is similar."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import signed_in_or_back_to
from common import limits
from common.errors import DomainError
from consultations import drafts, personal_data, similarity, submit_views, unsent, voting
from consultations.forms import OpinionForm
from consultations.models import Draft, Opinion
from consultations.models.votes import Value


@require_POST
def autosave(request: HttpRequest, slug: str, number: int | None = None) -> JsonResponse:
    """Save while typing: JSON for the page's script. 401 when the session has ended, 409 for an older window."""
    if not request.user.is_authenticated:
        return JsonResponse({"code": "signed_out", "message": _("You are signed out.")}, status=401)
    try:
        limits.check(limits.WRITE, request)
        draft = submit_views.desk_of(request, slug, number).save(request.POST)
    except DomainError as error:
        return JsonResponse({"code": error.code, "message": str(error.message)}, status=error.status)
    noted = render_to_string("consultations/personal_note.html", {"personal": personal_data.notes(draft.fields)})
    return JsonResponse({"key": str(draft.pk), "revision": draft.revision, "personal": noted})


@require_safe
@never_cache
def token(request: HttpRequest) -> JsonResponse:
    """A new form token for a form that is open since before its author signed in again, and whose it is."""
    if not request.user.is_authenticated:
        return JsonResponse({"code": "signed_out", "message": _("You are signed out.")}, status=401)
    return JsonResponse({"token": get_token(request), "owner": unsent.owner_of(request.user)})


@require_POST
@unsent.keeps_text
@limits.limited(limits.WRITE)
def save(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Save by the button; two texts that differ are shown side by side."""
    desk = submit_views.desk_of(request, slug, number)
    try:
        desk.save(request.POST)
    except drafts.Conflict as error:
        return submit_views.conflict(request, desk, request.POST, error)
    except DomainError as error:
        messages.error(request, str(error.message))
        return submit_views.show(request, desk, request.POST.copy())
    messages.success(request, _("Your draft is saved."))
    return redirect(desk.address)


@login_required
@require_safe
@never_cache
def similar(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """The box of similar opinions, for the page's script."""
    draft = get_object_or_404(
        Draft.objects.of(request.user).active().select_related("consultation"), pk=key, consultation__slug=slug
    )
    found = similarity.to_draft(draft)
    return render(request, "consultations/similar.html", {"similar": found, "consultation": draft.consultation})


@require_POST
@unsent.keeps_text
@limits.limited(limits.VOTE)
def support(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Support an opinion instead of writing another one: an ordinary vote; the draft stays."""
    assert request.user.is_authenticated
    opinion = get_object_or_404(
        Opinion.objects.published().select_related("consultation"), consultation__slug=slug, number=number
    )
    desk = submit_views.Desk(request.user, opinion.consultation)
    with contextlib.suppress(DomainError):  # what is saved stays as it is; supporting goes on
        desk.save(request.POST)
    version = request.POST.get("support", "")
    try:
        if not (version.isascii() and version.isdigit() and len(version) < 6):
            raise Http404
        voting.cast(user=request.user, opinion=opinion, value=Value.AGREE, version=int(version))
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("You agree with this opinion. Your draft is kept."))
    return redirect(opinion.get_absolute_url())


@login_required
@require_safe
def my_drafts(request: HttpRequest) -> HttpResponse:
    """What I am writing, and what I deleted in the last 30 days."""
    mine = Draft.objects.of(request.user).filter(sent_at=None).select_related("consultation").order_by("-saved_at")
    return render(
        request,
        "consultations/drafts.html",
        {"drafts": [d for d in mine if d.deleted_at is None], "deleted": [d for d in mine if d.deleted_at]},
    )


@login_required
@require_safe
@never_cache
def download(request: HttpRequest, key: UUID) -> HttpResponse:
    """An own draft as plain text, whatever the phase."""
    mine = Draft.objects.of(request.user).filter(sent_at=None).select_related("consultation")
    draft = get_object_or_404(mine, pk=key)
    assert request.user.is_authenticated
    form = OpinionForm(consultation=draft.consultation, author=request.user)
    said = {name: form.says(name, draft.fields.get(name, "")) for name in drafts.FIELDS[:8]}
    parts = [f"{form.fields[name].label}\n{text}\n" for name, text in said.items() if text]
    answer = HttpResponse("\n".join(parts), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="draft.txt"'
    return answer


@signed_in_or_back_to("my-drafts")
@require_POST
def delete(request: HttpRequest, key: UUID) -> HttpResponse:
    assert request.user.is_authenticated
    drafts.delete(user=request.user, draft=get_object_or_404(Draft.objects.of(request.user), pk=key))
    messages.success(request, _("The draft is deleted. For 30 days you can have it back here."))
    return redirect("my-drafts")


@signed_in_or_back_to("my-drafts")
@require_POST
def restore(request: HttpRequest, key: UUID) -> HttpResponse:
    assert request.user.is_authenticated
    draft = get_object_or_404(Draft.objects.of(request.user).select_related("consultation"), pk=key)
    try:
        drafts.restore(user=request.user, draft=draft)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("my-drafts")
    return redirect(draft.address)
