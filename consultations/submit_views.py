"""The opinion form: a new opinion, or another text of an own one. An error keeps what was typed."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.models import User
from common import given, limits
from common.errors import DomainError, Invalid
from consultations import drafts, personal_data, roll, similarity, submission, unsent, versions
from consultations.forms import OpinionForm
from consultations.models import Consultation, Draft, Opinion
from consultations.models.opinions import State


@dataclass(frozen=True)
class Desk:
    """Whose form it is, and of what: a new opinion, or another text of an own one."""

    person: User
    consultation: Consultation
    opinion: Opinion | None = None

    @property
    def form_name(self) -> str:
        return f"text:{self.opinion.number}" if self.opinion else "opinion"

    @property
    def address(self) -> str:
        if self.opinion:
            return reverse("another-text", args=[self.consultation.slug, self.opinion.number])
        return reverse("submit", args=[self.consultation.slug])

    @property
    def is_open(self) -> bool:
        if self.opinion and self.opinion.state == State.CHANGES_REQUESTED:
            return True
        return self.consultation.submissions_are_open(timezone.now())

    def draft(self) -> Draft | None:
        return drafts.current(user=self.person, consultation=self.consultation, form=self.form_name)

    def save(self, posted: QueryDict) -> Draft:
        return drafts.save(
            user=self.person,
            consultation=self.consultation,
            form=self.form_name,
            fields=fields_of(posted),
            key=drafts.as_key(posted.get("key", "")),
            revision=revision_of(posted) or 0,
        )

    def send(self, fields: dict[str, Any], key: str | None) -> Opinion:
        if self.opinion is None:
            return submission.submit(
                user=self.person, consultation=self.consultation, fields=fields, idempotency_key=key
            )
        if self.opinion.state == State.PUBLISHED:
            versions.propose_version(user=self.person, opinion=self.opinion, fields=fields, key=key)
            return self.opinion
        return versions.resubmit(user=self.person, opinion=self.opinion, fields=fields, key=key)


def desk_of(request: HttpRequest, slug: str, number: int | None) -> Desk:
    """The form's desk. 404 for another person's opinion, and where no text is awaited."""
    person = request.user
    assert person.is_authenticated
    if number is None:
        return Desk(person, get_object_or_404(Consultation, slug=slug))
    opinion = get_object_or_404(
        Opinion.objects.by(person).select_related("consultation", "version", "author"),
        consultation__slug=slug,
        number=number,
    )
    if opinion.state not in (State.PUBLISHED, State.CHANGES_REQUESTED):
        raise Http404
    return Desk(person, opinion.consultation, opinion)


@require_http_methods(["GET", "HEAD", "POST"])
@unsent.keeps_text
def submit(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The form; with POST, sent. Who is signed out meanwhile signs in and finds the text again."""
    desk = desk_of(request, slug, number)
    if not access.is_member(desk.person):
        return redirect("ask-your-society")
    if request.method == "POST":
        return _send(request, desk)
    left = unsent.take(request, desk.person)
    return _save_then_show(request, desk, left) if left is not None else show(request, desk)


@require_POST
@unsent.keeps_text
@limits.limited(limits.WRITE)
def preview(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The form with what its page would look like above it; the draft is saved on the way."""
    desk = desk_of(request, slug, number)
    return _saved(request, desk, lambda posted: show(request, desk, posted, preview=True))


def _send(request: HttpRequest, desk: Desk) -> HttpResponse:
    posted = request.POST.copy()
    form = make_form(desk, posted)
    if not form.is_valid():
        return _keep(request, desk, posted, form)
    key = form.cleaned_data["key"] or None
    try:
        _check_window(desk, posted)
        made = desk.send(form.cleaned_data, key)
    except drafts.Conflict as error:
        return conflict(request, desk, posted, error)
    except Invalid as error:
        form.explain(error.fields)
    except submission.KeyReused as error:
        form.add_error(None, str(error.message))
        posted["key"], posted["revision"] = str(uuid4()), "0"
    except DomainError as error:
        form.add_error(None, str(error.message))
    else:
        messages.success(request, _thanks(desk, made))
        return redirect("my-opinion", slug=made.consultation.slug, number=made.number)
    return _keep(request, desk, posted, form)


def _thanks(desk: Desk, made: Opinion) -> str:
    if desk.opinion is None:
        return _("Thank you. Your opinion has the number %(number)d.") % {"number": made.number}
    return _("Thank you. A moderator reads the new text.")


def _check_window(desk: Desk, posted: QueryDict) -> None:
    """Refuse to send from a window that missed what another one saved; a form without a draft has none."""
    revision = revision_of(posted)
    if revision is not None:
        drafts.check_current(
            user=desk.person,
            consultation=desk.consultation,
            form=desk.form_name,
            key=drafts.as_key(posted.get("key", "")),
            revision=revision,
            fields=fields_of(posted),
        )


def _keep(request: HttpRequest, desk: Desk, posted: QueryDict, form: OpinionForm) -> HttpResponse:
    """The form again with its errors, and what was typed saved as a draft when nothing newer is."""
    with contextlib.suppress(DomainError):  # the page itself still holds the text
        _follow(posted, desk.save(posted))
    return show(request, desk, posted, errors=form)


def _saved(request: HttpRequest, desk: Desk, then: "Callable[[QueryDict], HttpResponse]") -> HttpResponse:
    posted = request.POST.copy()
    try:
        _follow(posted, desk.save(posted))
    except drafts.Conflict as error:
        return conflict(request, desk, posted, error)
    except DomainError as error:
        messages.error(request, str(error.message))
    return then(posted)


def _save_then_show(request: HttpRequest, desk: Desk, posted: QueryDict) -> HttpResponse:
    """What was sent after the session had ended, as the draft that it now is."""
    try:
        desk.save(posted)
    except drafts.Conflict as error:
        return conflict(request, desk, posted, error)
    except DomainError as error:
        messages.error(request, str(error.message))
        return show(request, desk, posted)
    messages.warning(request, _("You were signed out meanwhile. Your text is here and not sent yet."))
    return show(request, desk)


def _follow(posted: QueryDict, draft: Draft) -> None:
    posted["key"], posted["revision"] = str(draft.pk), str(draft.revision)


def make_form(desk: Desk, posted: QueryDict | None = None) -> OpinionForm:
    """The form with what was posted, or the draft, or the text in force, or nothing."""
    initial: dict[str, Any] = {"key": str(uuid4()), "revision": "0", "shown_as": "society"}
    draft = desk.draft() if posted is None else None
    if draft is not None:
        initial |= draft.fields | {"key": str(draft.pk), "revision": str(draft.revision)}
    elif desk.opinion is not None and desk.opinion.version is not None:
        initial |= _fields_in_force(desk.opinion)
    initial["owner"] = unsent.owner_of(desk.person)
    return OpinionForm(posted, consultation=desk.consultation, author=desk.person, initial=initial)


def _fields_in_force(opinion: Opinion) -> dict[str, Any]:
    waiting = versions.pending(opinion) or opinion.version
    assert waiting is not None
    kept = {name: getattr(waiting, name) for name in submission.VERSION_FIELDS}
    kept["evidence"] = "\n".join(waiting.evidence)
    theme = "" if opinion.theme_id is None else str(opinion.theme_id)
    return kept | {
        "theme": theme, "language": opinion.language, "shown_as": opinion.shown_as, "quote": opinion.quote
    }  # fmt: skip


def show(
    request: HttpRequest,
    desk: Desk,
    posted: QueryDict | None = None,
    *,
    errors: OpinionForm | None = None,
    preview: bool = False,
) -> HttpResponse:
    """The page of the form."""
    form = make_form(desk, posted)
    if posted is not None:
        form.is_valid()
        form.errors.clear()
        form.errors.update(errors.errors if errors is not None else {})
    draft = desk.draft()
    context = {
        "desk": desk,
        "consultation": desk.consultation,
        "opinion": desk.opinion,
        "form": form,
        "draft": draft,
        "sent_keys": submission.keys_of(user=desk.person, consultation=desk.consultation),
        "choice": roll.choice(user=desk.person, consultation=desk.consultation, now=timezone.now()),
        "submissions_open": desk.is_open,
        "preview": submission.preview(fields_of(posted)) if preview and posted is not None else None,
        "personal": personal_data.notes(posted if posted is not None else draft.fields if draft else {}),
        "similar": similarity.to_draft(draft) if draft is not None and desk.opinion is None else None,
    }
    return render(request, "consultations/submit.html", context, status=422 if errors is not None else 200)


def conflict(request: HttpRequest, desk: Desk, posted: QueryDict, error: drafts.Conflict) -> HttpResponse:
    """Both texts side by side, and a choice; nothing is stored yet."""
    saved = error.facts["draft"]
    assert isinstance(saved, Draft)
    typed = drafts.tidy(fields_of(posted))
    form = make_form(desk, posted)
    labels = {name: form.fields[name].label for name in drafts.FIELDS}
    context = {
        "desk": desk,
        "consultation": desk.consultation,
        "saved": saved,
        "typed": typed,
        "differing": [
            (labels[n], form.says(n, typed[n]), form.says(n, saved.fields.get(n, "")))
            for n in drafts.FIELDS
            if typed[n] != saved.fields.get(n, "")
        ],
        "owner": unsent.owner_of(desk.person),
    }
    return render(request, "consultations/draft_conflict.html", context, status=409)


def fields_of(posted: QueryDict) -> dict[str, Any]:
    """The fields as posted; a box that is not ticked is not sent."""
    return {name: posted.get(name, "") for name in drafts.FIELDS} | {
        "quote": posted.get("quote", "") not in ("", "false")
    }


def revision_of(posted: QueryDict) -> int | None:
    return given.number(posted.get("revision"), digits=8)
