"""Entering an opinion for a member, or from the floor of a meeting. Who is looked for stands in no address."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.models import User
from common import limits
from common.errors import DomainError, Invalid
from common.templatetags.summit_tags import moment
from consultations import candidates, floor, submission, unsent
from consultations.appeal_views import back
from consultations.candidates import Candidate, Found
from consultations.forms import OpinionForm
from consultations.models import Consultation, Opinion
from consultations.models.opinions import ShownAs
from summit.models import Meeting


class EnterForm(OpinionForm):
    """The form of an opinion, with for whom and where it was said."""

    find = forms.CharField(
        required=False,
        label=gettext_lazy("Find a member"),
        help_text=gettext_lazy("A part of the name, or the whole e-mail address."),
    )
    member = forms.CharField(required=False, max_length=36, label=gettext_lazy("For whom"))
    meeting = forms.ChoiceField(required=False, label=gettext_lazy("Said at the meeting"))

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, consultation=consultation, **kwargs)
        meetings = consultation.summit.meetings.filter(is_cancelled=False).order_by("starts_at")
        named = [(str(m.pk), f"{m.title}, {moment(m.starts_at, m.time_zone)}") for m in meetings]
        self.fields["meeting"].choices = [("", _("At none")), *named]  # type: ignore[attr-defined]

    def names(self, society: str, name: str) -> dict[str, Any]:
        return {
            ShownAs.SOCIETY: society or _("A member of their society"),
            ShownAs.NAME: _("Their name, %(name)s") % {"name": name} if name else "",
            ShownAs.MEMBER: ShownAs.MEMBER.label,
        }


def _only_who_enters(request: HttpRequest) -> User:
    if not (request.user.is_authenticated and floor.enters_for_others(request.user)):
        raise PermissionDenied(_("This page is for moderators and society secretaries."))
    return request.user


@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The consultations that take opinions now; the only one is opened at once."""
    _only_who_enters(request)
    now = timezone.now()
    taking = Consultation.objects.filter(submissions_open_at__lte=now, submissions_close_at__gt=now)
    found = list(taking.filter(is_imported=False).order_by("submissions_close_at"))
    if len(found) == 1:
        return redirect("enter-opinion", slug=found[0].slug)
    return render(request, "consultations/enter_choose.html", {"consultations": found})


@require_http_methods(["GET", "HEAD", "POST"])
@unsent.keeps_text
@limits.limited(limits.WRITE)
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; with POST, sent. An error keeps what was typed and who was chosen."""
    actor, consultation = _only_who_enters(request), _consultation(slug)
    if request.method == "POST":
        return _send(request, actor, consultation)
    return _show(request, actor, consultation, unsent.bring_back(request, actor))


@require_http_methods(["GET", "HEAD", "POST"])
@unsent.keeps_text
@limits.limited(limits.SEARCH)
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """The form again, with the members that were looked for; nothing is stored."""
    actor, consultation = _only_who_enters(request), _consultation(slug)
    if request.method != "POST":
        return redirect(back(request, "enter-opinion", slug=slug))
    try:
        found = candidates.find(actor=actor, consultation=consultation, words=request.POST.get("find", ""))
    except Invalid as error:
        return _show(request, actor, consultation, request.POST, errors=error.fields)
    return _show(request, actor, consultation, request.POST, found=found)


def _consultation(slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)


def _send(request: HttpRequest, actor: User, consultation: Consultation) -> HttpResponse:
    posted = request.POST.copy()
    member = _member(posted, actor, consultation)
    form = EnterForm(posted, consultation=consultation, author=member.user if member else None)
    if posted.get("member") and member is None:
        form.add_error("member", _("Please choose one of the people who were found."))
    if form.is_valid():
        try:
            made = floor.enter(
                actor=actor,
                consultation=consultation,
                fields=form.cleaned_data,
                member=member.user if member else None,
                meeting=_meeting(form.cleaned_data["meeting"]),
                key=form.cleaned_data["key"] or None,
            )
        except submission.KeyReused as error:
            form.add_error(None, str(error.message))
            posted["key"] = str(uuid4())
        except DomainError as error:
            _explain(form, error)
        else:
            messages.success(request, _thanks(made))
            return redirect("enter-opinion", slug=consultation.slug)
    return _show(request, actor, consultation, posted, errors=form.errors)


def _explain(form: EnterForm, error: DomainError) -> None:
    """Each message at its field; one that belongs to none above the form."""
    fields = error.fields if isinstance(error, Invalid) else {}
    form.explain(fields)
    if not fields:
        form.add_error(None, str(error.message))


def _thanks(made: Opinion) -> str:
    said = _("It has the number %(number)d and waits for a moderator.") % {"number": made.number}
    receipt = _("The member gets a receipt by mail.")
    return f"{said} {receipt}" if made.author_id else said


def _member(posted: QueryDict, actor: User, consultation: Consultation) -> Candidate | None:
    return candidates.chosen(actor=actor, consultation=consultation, pk=posted.get("member", ""))


def _meeting(pk: str) -> Meeting | None:
    """A choice of the form, which offers only meetings of the consultation's summit."""
    return Meeting.objects.get(pk=UUID(pk)) if pk else None


def _show(
    request: HttpRequest,
    actor: User,
    consultation: Consultation,
    posted: QueryDict | None = None,
    *,
    errors: Any = None,
    found: Found | None = None,
) -> HttpResponse:
    """The page, with what was typed; `errors` by field."""
    member = _member(posted, actor, consultation) if posted is not None else None
    initial: dict[str, Any] = {"key": str(uuid4()), "shown_as": "society", "meeting": request.GET.get("meeting", "")}
    if posted is not None:
        initial |= {name: posted.get(name, "") for name in EnterForm.base_fields}
        initial |= {"quote": posted.get("quote", "") not in ("", "false"), "key": posted.get("key") or initial["key"]}
    initial["owner"] = unsent.owner_of(actor)
    form = EnterForm(posted, consultation=consultation, author=member.user if member else None, initial=initial)
    if posted is not None:
        form.is_valid()
        form.errors.clear()
        form.errors.update(errors or {})
    people = found.people if found is not None else []
    listed = [one for one in people if member is None or one.user.pk != member.user.pk]
    entered = Opinion.objects.filter(consultation=consultation, entered_by=actor).select_related("version")
    context = {
        "consultation": consultation,
        "form": form,
        "member": member,
        "people": listed,
        "searched": found is not None,
        "has_more": found is not None and found.has_more,
        "may_without": access.is_moderator(actor),
        "submissions_open": consultation.submissions_are_open(timezone.now()),
        "entered": entered.order_by("-number")[:10],
    }
    return render(request, "consultations/enter.html", context, status=422 if errors else 200)
