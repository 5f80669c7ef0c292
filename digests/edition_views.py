"""What happens to an edition: review, sign-off, corrections, withdrawing files; and who signs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guards import organisers_only
from common import limits
from common.errors import DomainError, Invalid
from consultations.models import Consultation
from digests import editions, errata, signoff, withdrawal
from digests.block_views import actor
from digests.forms import ErratumForm, HostForm, WithdrawForm, explain
from digests.models import Edition, Erratum, Host
from summit.models import Summit

page = require_http_methods(["GET", "HEAD", "POST"])


# --- named hosts ------------------------------------------------------------------------------------


@organisers_only
@page
@limits.limited(limits.WRITE)
def consultation_hosts(request: HttpRequest, slug: str) -> HttpResponse:
    return _hosts(request, get_object_or_404(Consultation.objects.select_related("summit"), slug=slug))


@organisers_only
@page
@limits.limited(limits.WRITE)
def summit_hosts(request: HttpRequest, slug: str) -> HttpResponse:
    return _hosts(request, get_object_or_404(Summit, slug=slug))


def _hosts(request: HttpRequest, place: Consultation | Summit) -> HttpResponse:
    """Who signs editions off; the form names one more."""
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signoff.name_host(actor=actor(request), place=place, **form.cleaned_data)
        except Invalid as error:
            explain(form, error)
        else:
            messages.success(request, _("Named. Editions of this are published when this person has signed, too."))
            return redirect(request.path)
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "hosts": place.named_hosts.select_related("user"),
        "consultation": place if isinstance(place, Consultation) else None,
    }
    if isinstance(place, Consultation):
        context["of_the_summit"] = place.summit.named_hosts.select_related("user")
    return render(request, "digests/hosts.html", context, status=422 if form.errors else 200)


@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def host_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Host.objects.select_related("consultation", "summit"), pk=pk)
    signoff.remove_host(actor=actor(request), host=found)
    messages.success(request, _("Nobody waits for this person any more."))
    if found.consultation is not None:
        return redirect("consultation-hosts", found.consultation.slug)
    assert found.summit is not None
    return redirect("summit-hosts", found.summit.slug)


# --- review and sign-off ----------------------------------------------------------------------------


@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def ask_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a draft before its named hosts."""
    edition = _edition(pk)
    try:
        signoff.ask(actor=actor(request), edition=edition)
        messages.success(request, _("The named hosts are told. This page shows who has signed."))
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("digests", edition.consultation.slug)
    return redirect(edition)


@login_required
@require_POST
@limits.limited(limits.WRITE)
def sign(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Sign an edition off, with one click on its page; to others than its readers it does not exist."""
    found = Edition.objects.select_related("consultation").defer("content")
    edition = get_object_or_404(found, consultation__slug=slug, number=number)
    if not editions.may_read(request.user, edition):
        raise Http404
    try:
        signoff.sign(actor=actor(request), edition=edition, content_sha256=request.POST.get("content_sha256", ""))
        messages.success(request, _("Thank you. Your sign-off is recorded."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect(edition)


# --- corrections ------------------------------------------------------------------------------------


@organisers_only
@page
@limits.limited(limits.WRITE)
def edition_errata(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The corrections of a published edition; the form writes one more."""
    edition = _published(pk)
    form = ErratumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            errata.write(actor=actor(request), edition=edition, **form.cleaned_data)
        except DomainError as error:
            _explain(form, error)
        else:
            messages.success(request, _("Saved. The next edition carries it."))
            return redirect("errata", pk)
    context = {"form": form, "edition": edition, "errata": edition.errata.select_related("carried_in")}
    return render(request, "digests/errata.html", context, status=422 if form.errors else 200)


@organisers_only
@page
@limits.limited(limits.WRITE)
def erratum_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _erratum(pk)
    form = ErratumForm(request.POST or None, initial={"text_ko": found.text_ko, "text_en": found.text_en})
    if request.method == "POST" and form.is_valid():
        try:
            errata.change(actor=actor(request), erratum=found, **form.cleaned_data)
        except DomainError as error:
            _explain(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("errata", found.edition_id)
    context = {"form": form, "edition": found.edition, "erratum": found}
    return render(request, "digests/erratum.html", context, status=422 if form.errors else 200)


@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def erratum_delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _erratum(pk)
    try:
        errata.delete(actor=actor(request), erratum=found)
        messages.success(request, _("Taken out."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("errata", found.edition_id)


# --- withdrawing ------------------------------------------------------------------------------------


@organisers_only
@page
@limits.limited(limits.WRITE)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose files of a published edition and say why they go."""
    edition = _published(pk)
    documents = list(edition.documents.defer("content"))
    form = WithdrawForm(request.POST or None, documents=documents)
    if request.method == "POST" and form.is_valid():
        try:
            gone = withdrawal.withdraw(actor=actor(request), edition=edition, **form.cleaned_data)
        except DomainError as error:
            _explain(form, error)
        else:
            done = ngettext("%(count)d file is withdrawn.", "%(count)d files are withdrawn.", len(gone))
            messages.success(request, done % {"count": len(gone)})
            messages.info(request, _("Now write what was wrong; the next edition carries it."))
            return redirect("errata", pk)
    context = {"form": form, "edition": edition, "documents": documents}
    return render(request, "digests/withdraw.html", context, status=422 if form.errors else 200)


# --- the parts --------------------------------------------------------------------------------------


def _edition(pk: UUID) -> Edition:
    return get_object_or_404(Edition.objects.select_related("consultation").defer("content"), pk=pk)


def _published(pk: UUID) -> Edition:
    found = Edition.objects.published().select_related("consultation").defer("content")
    return get_object_or_404(found, pk=pk)


def _erratum(pk: UUID) -> Erratum:
    """A correction that can still be changed."""
    found = Erratum.objects.waiting().select_related("edition__consultation").defer("edition__content")
    return get_object_or_404(found, pk=pk)


def _explain(form: Any, error: DomainError) -> None:
    if isinstance(error, Invalid):
        explain(form, error)
    else:
        form.add_error(None, str(error.message))
