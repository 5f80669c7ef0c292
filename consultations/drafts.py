"""What somebody is still writing: saved while typing, never lost silently, seen by nobody else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import text
from common.errors import DomainError, Invalid, NotAllowed
from consultations.models import Consultation, Draft, Opinion

FIELDS = (
    "proposal",
    "problem",
    "reason",
    "theme",
    "addressee",
    "horizon",
    "evidence",
    "interests",
    "language",
    "shown_as",
    "quote",
)
#: All fields of a draft together; far more than can be submitted, so that a long paste is kept and can be cut.
LONGEST = 2_000_000
#: So long a deleted draft can be had back.
RECOVERABLE = timedelta(days=30)


class Conflict(DomainError):
    """The draft was changed elsewhere meanwhile; nothing is stored. Fact: `draft`, as it is saved."""

    code = "draft_changed"


class AlreadySent(DomainError):
    """What was written under this key is submitted; the draft is closed. Fact: `number` of the opinion, or None."""

    code = "already_sent"


class Deleted(DomainError):
    """The draft was deleted elsewhere; it can be had back."""

    code = "draft_deleted"


class AnotherDraft(DomainError):
    """There is already a draft of this form."""

    code = "another_draft"


def current(*, user: User, consultation: Consultation, form: str = "opinion") -> Draft | None:
    """The draft that the form opens with."""
    return Draft.objects.of(user).active().filter(consultation=consultation, form=form).first()


@transaction.atomic
def save(
    *,
    user: User,
    consultation: Consultation,
    fields: Mapping[str, Any],
    key: UUID | None = None,
    revision: int = 0,
    form: str = "opinion",
) -> Draft:
    """Save what is typed, as it is, whatever the phase; the revision goes up by one.

    The same text again changes nothing and is no conflict (an answer was lost, two tabs agree). Locks the
    person's row, so that saving and submitting follow each other. Raises `Conflict` when the saved revision is
    not the one that was known, `AlreadySent`, `Deleted`, `NotAllowed` (somebody else's key) and `Invalid`.
    """
    kept = tidy(fields)
    key = key or uuid4()
    _hold(user)
    _refuse_closed(user, key)
    found = current(user=user, consultation=consultation, form=form)
    if found is None:
        return Draft.objects.create(
            pk=key, user=user, consultation=consultation, form=form, fields=kept, saved_at=timezone.now()
        )
    if found.fields == kept:
        return found
    if found.pk != key or found.revision != revision:
        raise Conflict(_("This draft was changed in another window. Nothing was overwritten."), draft=found)
    found.fields, found.revision, found.saved_at = kept, found.revision + 1, timezone.now()
    found.save(update_fields=["fields", "revision", "saved_at"])
    return found


def tidy(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields as a draft keeps them: clean text of any length, but not endless."""
    kept = {name: text.clean(str(fields.get(name) or "")) for name in FIELDS if name != "quote"}
    kept["proposal"] = text.clean_line(kept["proposal"])
    if sum(map(len, kept.values())) > LONGEST:
        raise Invalid(_("This is too long to be kept. Please shorten it."))
    return kept | {"quote": fields.get("quote", True) not in (False, "false", "0", "")}


def check_current(
    *, user: User, consultation: Consultation, key: UUID | None, revision: int, fields: Mapping[str, Any], form: str
) -> None:
    """Raise `Conflict` when another window saved something else since; for who sends or saves by a button."""
    found = current(user=user, consultation=consultation, form=form)
    if found is None or found.fields == tidy(fields) or (found.pk == key and found.revision == revision):
        return
    raise Conflict(_("This draft was changed in another window. Nothing was overwritten."), draft=found)


def finish(*, user: User, key: UUID | str | None) -> None:
    """Close the draft of what is being submitted, in the caller's transaction; its text lives in the opinion now.

    Locks the person's row: what was saved before is closed, what is saved later finds it closed.
    """
    found = as_key(key)
    if found is None:
        return
    _hold(user)
    Draft.objects.of(user).filter(pk=found).update(sent_at=timezone.now(), fields={})


@transaction.atomic
def delete(*, user: User, draft: Draft) -> None:
    """Put a draft away; for 30 days it can be had back. Again changes nothing."""
    _hold(user)
    Draft.objects.of(user).active().filter(pk=draft.pk).update(deleted_at=timezone.now())


@transaction.atomic
def restore(*, user: User, draft: Draft) -> Draft:
    """Have a deleted draft back. Raises `AnotherDraft` when a newer one of the same form is there."""
    _hold(user)
    found = Draft.objects.of(user).filter(pk=draft.pk, sent_at=None).exclude(deleted_at=None).first()
    if found is None:
        raise Deleted(_("This draft is gone."))
    if current(user=user, consultation=found.consultation, form=found.form) is not None:
        raise AnotherDraft(_("You have begun another draft here. Send or delete it first."))
    found.deleted_at = None
    found.save(update_fields=["deleted_at"])
    return found


def purge(now: datetime) -> int:
    """Really delete what was deleted, or sent, more than 30 days ago; for the clock."""
    long_ago = now - RECOVERABLE
    deleted, _each = Draft.objects.filter(deleted_at__lt=long_ago).delete()
    sent, _each = Draft.objects.filter(sent_at__lt=long_ago).delete()
    return deleted + sent


def as_key(value: object) -> UUID | None:
    """A form's key, when it is one."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None


def _hold(user: User) -> None:
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)


def _refuse_closed(user: User, key: UUID) -> None:
    number = (
        Opinion.objects.filter(author__user=user, idempotency_key=str(key)).values_list("number", flat=True).first()
    )
    known = Draft.objects.filter(pk=key).first()
    if known is not None and known.user_id != user.pk:
        raise NotAllowed(_("This draft is somebody else's."))
    if number is not None or (known is not None and known.sent_at is not None):
        raise AlreadySent(_("This was submitted already."), number=number)
    if known is not None and known.deleted_at is not None:
        raise Deleted(_("This draft was deleted in another window."))
