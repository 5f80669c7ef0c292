"""The organisers' pages of recommendations and notes for the next edition."""

from typing import Any, Literal, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import organisers_only
from accounts.models import User
from common import limits
from common.errors import DomainError, Invalid
from consultations.models import Consultation
from digests import blocks
from digests.forms import BlockForm, explain
from digests.models import Block

page = require_http_methods(["GET", "HEAD", "POST"])


def actor(request: HttpRequest) -> User:
    """Who is signed in; the guard has looked already."""
    return cast("User", request.user)


@organisers_only
@require_safe
def block_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What the next edition takes, in order, as it would read now."""
    consultation = _consultation(slug)
    waiting = Block.objects.waiting().filter(consultation=consultation)
    context = {"consultation": consultation, "previews": blocks.preview(consultation, waiting)}
    return render(request, "digests/blocks.html", context)


@organisers_only
@page
@limits.limited(limits.WRITE)
def block_new(request: HttpRequest, slug: str) -> HttpResponse:
    return _form(request, Block(consultation=_consultation(slug)))


@organisers_only
@page
@limits.limited(limits.WRITE)
def block_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _form(request, _waiting(pk))


@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def block_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a block change places with its neighbour."""
    found = _waiting(pk)
    direction: Literal["up", "down"] = "up" if request.POST.get("direction") == "up" else "down"
    try:
        blocks.move(actor=actor(request), block=found, direction=direction)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("blocks", found.consultation.slug)


@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def block_delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _waiting(pk)
    try:
        blocks.delete(actor=actor(request), block=found)
        messages.success(request, _("Taken out."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("blocks", found.consultation.slug)


def _consultation(slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)


def _waiting(pk: UUID) -> Block:
    """A block that can still be changed; what a published edition has taken is not found here."""
    return get_object_or_404(Block.objects.waiting().select_related("consultation__summit"), pk=pk)


def _form(request: HttpRequest, block: Block) -> HttpResponse:
    """The form of one block; “Preview” shows it with its numbers filled in and stores nothing."""
    adding = block._state.adding
    form = BlockForm(request.POST or None, instance=block)
    context: dict[str, Any] = {"form": form, "consultation": block.consultation, "changing": not adding}
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            context["previews"] = blocks.preview(block.consultation, [form.instance])
            return render(request, "digests/block.html", context)
        try:
            blocks.save(actor=actor(request), block=form.instance)
        except Invalid as error:
            explain(form, error)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("blocks", block.consultation.slug)
    return render(request, "digests/block.html", context, status=422 if form.errors else 200)
