"""Making and changing summits, meetings and agendas. For organisers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import text
from common.errors import Invalid, NotAllowed
from notifications import occasions
from summit.models import AgendaItem, Meeting, Summit

M = TypeVar("M", bound=Model)

#: `/organise/summits/new/` makes a new one.
RESERVED = frozenset({"new"})

SUMMIT_FIELDS = [f"{name}_{language}" for name in ("title", "question", "about", "hosts") for language in ("ko", "en")]
MEETING_TEXTS = [
    f"{name}_{lang}" for name in ("title", "about", "place", "address", "minutes") for lang in ("ko", "en")
]
MEETING_FIELDS = ["starts_at", "ends_at", "time_zone", "capacity", *MEETING_TEXTS]
AGENDA_FIELDS = ["title_ko", "title_en", "speaker_ko", "speaker_en", "minutes_long"]
#: What a calendar must take over.
CALENDAR_FIELDS = [
    "starts_at", "ends_at", "time_zone", "is_cancelled",
    "title_ko", "title_en", "place_ko", "place_en", "address_ko", "address_en",
]  # fmt: skip


def create_summit(*, actor: User, slug: str, fields: Mapping[str, Any]) -> Summit:
    """Make a summit. Raises `NotAllowed` and `Invalid` (with each field's messages)."""
    _check_organiser(actor)
    if slug in RESERVED:
        message = str(_("This word is taken by a page of its own; please choose another."))
        raise Invalid(message, fields={"slug": [message]})
    return _store(Summit(slug=slug), fields, SUMMIT_FIELDS)


def update_summit(*, actor: User, summit: Summit, fields: Mapping[str, Any]) -> Summit:
    """Change a summit's texts. Its address stays: others have written it down."""
    _check_organiser(actor)
    with transaction.atomic():
        fresh = Summit.objects.select_for_update(no_key=True).get(pk=summit.pk)
        return _store(fresh, fields, SUMMIT_FIELDS)


def create_meeting(*, actor: User, summit: Summit, fields: Mapping[str, Any]) -> Meeting:
    """Add a meeting to a summit. Raises `NotAllowed` and `Invalid`."""
    _check_organiser(actor)
    return _store(Meeting(summit=summit), fields, MEETING_FIELDS)


def update_meeting(*, actor: User, meeting: Meeting, fields: Mapping[str, Any]) -> Meeting:
    """Change a meeting; fields that are not given stay.

    What calendars must take over raises its sequence, and registrants are told with a new calendar file,
    in the same transaction; a second call with the same fields does nothing. Locks the meeting's row.
    """
    _check_organiser(actor)
    return _change(meeting, fields, MEETING_FIELDS)


def cancel_meeting(*, actor: User, meeting: Meeting) -> Meeting:
    """Call a meeting off: registrants are told, reminders that have not gone out are called off. Again: nothing."""
    _check_organiser(actor)
    return _change(meeting, {"is_cancelled": True}, ["is_cancelled"])


def restore_meeting(*, actor: User, meeting: Meeting) -> Meeting:
    """Take a cancellation back; registrants are told. Again: nothing."""
    _check_organiser(actor)
    return _change(meeting, {"is_cancelled": False}, ["is_cancelled"])


def set_agenda(
    *, actor: User, meeting: Meeting, items: Sequence[Mapping[str, Any]], remove: Iterable[UUID | str] = ()
) -> list[AgendaItem]:
    """Write a meeting's agenda in the order given, at once or not at all.

    An item with an `id` of this meeting is changed, one without is added; those in `remove` are deleted, the
    rest stay behind. Locks the meeting's row. Raises `NotAllowed` and `Invalid`.
    """
    _check_organiser(actor)
    with transaction.atomic():
        Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        meeting.agenda.filter(pk__in=list(remove)).delete()
        known = {str(item.pk): item for item in meeting.agenda.all()}
        written = []
        for order, fields in enumerate(items, start=1):
            item = known.pop(str(fields.get("id") or ""), None) or AgendaItem(meeting=meeting)
            item.order = order
            # The order is only unique when all are written: the database checks it at the commit.
            written.append(_store(item, fields, AGENDA_FIELDS, unchecked=["order"]))
        for order, item in enumerate(known.values(), start=len(written) + 1):
            AgendaItem.objects.filter(pk=item.pk).update(order=order)
    return written


# --- the parts ------------------------------------------------------------------------------------


def _check_organiser(actor: User) -> None:
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers may do this."))


def _change(meeting: Meeting, fields: Mapping[str, Any], allowed: list[str]) -> Meeting:
    with transaction.atomic():
        fresh = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        before = _calendar_facts(fresh)
        _store(fresh, fields, allowed)
        if _calendar_facts(fresh) != before:
            fresh.sequence += 1
            Meeting.objects.filter(pk=fresh.pk).update(sequence=fresh.sequence, changed_at=Now())
            fresh.refresh_from_db(fields=["changed_at"])
            _tell(fresh)
    return fresh


def _calendar_facts(meeting: Meeting) -> list[Any]:
    return [getattr(meeting, name) for name in CALENDAR_FIELDS]


def _tell(meeting: Meeting) -> None:
    """Tell registrants the last state only: what was to be told about an earlier one is called off."""
    target, version = f"meeting:{meeting.pk}", str(meeting.sequence)
    occasions.cancel("meeting_changed", target=target, keep_version=version)
    if meeting.is_cancelled:
        occasions.cancel("meeting_reminder", target=target)
    kind = "meeting_cancelled" if meeting.is_cancelled else "meeting_changed"
    occasions.plan(kind, target=target, version=version, due_at=meeting.changed_at)


def _store(row: M, fields: Mapping[str, Any], allowed: list[str], *, unchecked: Sequence[str] = ()) -> M:
    """Put the fields on the row, check them, save."""
    for name in allowed:
        if name in fields:
            value = fields[name]
            setattr(row, name, text.clean(value) if isinstance(value, str) else value)
    try:
        row.full_clean(exclude=unchecked)
    except ValidationError as error:
        raise Invalid(_("Some fields need mending."), fields=_messages(error)) from error
    row.save()
    return row


def _messages(error: ValidationError) -> dict[str, list[str]]:
    messages: dict[str, list[str]] = error.message_dict
    return messages
