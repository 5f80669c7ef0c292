"""Pages about oneself and one's society."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, consent, membership
from accounts.forms import MembershipRequestForm, ProfileForm, RosterForm
from accounts.models import Membership, MembershipRequest, Role, Society
from common.errors import DomainError, Invalid


def local_path(request: HttpRequest, target: str) -> str:
    """`target` when it is a path of this site, else empty (A15)."""
    ok = target.startswith("/") and url_has_allowed_host_and_scheme(target, None, require_https=False)
    return target if ok else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_consent(request: HttpRequest) -> HttpResponse:
    """The privacy notice in short, and the button that agrees to it."""
    assert request.user.is_authenticated
    target = local_path(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "POST":
        consent.give(request.user)
        if not access.is_member(request.user) and not access.roles_of(request.user):
            return redirect("ask-your-society")
        return redirect(target or "home")
    return render(request, "accounts/consent.html", {"next": target})


@login_required
@require_POST
def withdraw_consent(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    consent.withdraw(request.user, request.session)
    return redirect("consent")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What the site knows about me, and what I may change."""
    person = request.user
    assert person.is_authenticated
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    context = {
        "form": form,
        "memberships": person.memberships.select_related("society"),
        "requests": person.membership_requests.select_related("society"),
        "today": timezone.localdate(),
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_your_society(request: HttpRequest) -> HttpResponse:
    """For who belongs to no society yet: ask one to confirm."""
    assert request.user.is_authenticated
    form = MembershipRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        membership.ask(user=request.user, society=form.cleaned_data["society"], note=form.cleaned_data["note"])
        messages.success(request, _("Your request is on its way. You get a mail when it is decided."))
        return redirect("account")
    context = {"form": form, "is_member": access.is_member(request.user)}
    return render(request, "accounts/ask.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def societies(request: HttpRequest) -> HttpResponse:
    """The societies that I vouch for."""
    found = Society.objects.filter(is_active=True)
    if not access.is_organiser(request.user):
        found = found.filter(role_grants__user=request.user.pk, role_grants__role=Role.SECRETARY)
        if len(found) == 1:
            return redirect("society", slug=found[0].slug)
    homeless = MembershipRequest.objects.filter(state="open", society=None).count()
    return render(request, "accounts/societies.html", {"societies": found, "homeless": homeless})


@login_required
@require_safe
def society(request: HttpRequest, slug: str) -> HttpResponse:
    """Requests and members of one society, for its secretary."""
    return _society_page(request, _own_society(request, slug), RosterForm())


def _own_society(request: HttpRequest, slug: str) -> Society:
    found = get_object_or_404(Society, slug=slug)
    if not access.is_secretary_of(request.user, found.pk):
        raise Http404
    return found


def _society_page(request: HttpRequest, found: Society, form: RosterForm) -> HttpResponse:
    members = Membership.objects.current(timezone.localdate()).filter(society=found).select_related("user")
    waiting = MembershipRequest.objects.filter(state="open").select_related("user", "society")
    mine = waiting.filter(society=found)
    homeless = waiting.filter(society=None) if access.is_organiser(request.user) else waiting.none()
    context = {
        "society": found,
        "requests": [*mine, *homeless],
        "members": members.order_by("user__name")[:500],
        "count": members.count(),
        "form": form,
    }
    return render(request, "accounts/society.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, pk: UUID, verdict: str) -> HttpResponse:
    """Accept or refuse one request."""
    found = _own_society(request, slug)
    asked = get_object_or_404(MembershipRequest, pk=pk)
    assert request.user.is_authenticated
    if asked.society_id not in (found.pk, None):
        raise Http404
    try:
        if verdict == "accept":
            membership.accept(actor=request.user, request=asked, society=found)
            messages.success(request, _("Accepted. The person is told."))
        else:
            membership.refuse(actor=request.user, request=asked)
            messages.success(request, _("Refused. The person is told."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("society", slug=slug)


@login_required
@require_POST
def roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Import members from a CSV."""
    found = _own_society(request, slug)
    assert request.user.is_authenticated
    form = RosterForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            result = membership.import_roster(actor=request.user, society=found, data=form.cleaned_data["file"].read())
        except Invalid as error:
            for message in error.fields.get("file", []):
                form.add_error("file", message)
        else:
            text = _("%(added)d added, %(kept)d were members already.") % {"added": result.added, "kept": result.kept}
            messages.success(request, text)
            return redirect("society", slug=slug)
    request.method = "GET"
    return _society_page(request, found, form)
