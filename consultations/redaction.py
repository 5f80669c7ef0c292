"""Redacting a part of a text: a moderator marks it, a second one confirms, then it is overwritten.

Hash, place and reason stay. Each character of the part becomes █, so that every other place keeps its number. Beside
erasure this is the only thing that overwrites a version's text; arguments are redacted in the same way.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Invalid
from consultations import deciding, overwriting, recording, refusals, telling
from consultations.deciding import Desk, NotPossible, Subject, TextMoved
from consultations.models import Argument, Case, Decision, OpinionVersion, Redaction

MARK = "█"
#: The fields of a version that hold words, and of an argument.
FIELDS = ("proposal", "problem", "reason", "addressee", "interests", "evidence")
ARGUMENT_FIELDS = ("text",)
MOST_PLACES = 100


class Place(NamedTuple):
    """Where a part stands: the version (None: an argument's text), the field, the first character and how many.

    A version's evidence is several lines; it counts as one text with the lines joined by line ends.
    """

    version_id: int | None
    field: str
    start: int
    length: int


def find(subject: Subject, words: str) -> list[Place]:
    """Every place where these words stand, in all versions of an opinion or in an argument; overlaps are left out."""
    if not words:
        return []
    return [
        Place(version_id, name, start, len(words))
        for version_id, name, text in texts(subject)
        for start in _starts(text, words)
    ]


def propose(
    *,
    actor: User,
    subject: Subject,
    places: Sequence[Place],
    reason: str,
    note: str = "",
    case: Case | None = None,
    seen: Mapping[Place, str] | None = None,
) -> Decision:
    """Mark parts of a text for redaction; the text stays as it is until a second moderator confirms within 24 hours.

    `seen`: place → the fingerprint of what stood there as the moderator read it; other words by now are refused.
    Exclusive lock; the other moderators are told. Raises `Invalid` (no place, or one that is not there), `NotPossible`
    (marked already), `TextMoved`, and what `deciding.check` raises.
    """
    deciding.check_words("redact", reason, note)
    with transaction.atomic():
        desk = deciding.open_for("redact", actor=actor, subject=subject, case=case)
        if pending(desk.subject) is not None:
            raise NotPossible(_("A redaction of this is proposed already."))
        ordered = _checked(places)
        rows = [_marked(desk.subject, place) for place in ordered]
        if any(
            (seen or {}).get(place, row.fingerprint) != row.fingerprint
            for place, row in zip(ordered, rows, strict=True)
        ):
            raise refusals.text_moved()
        named = sorted({place.version_id for place in places if place.version_id is not None})
        decision = recording.record(desk, reason=reason, note=note, versions=named)
        for row in rows:
            row.decision = decision
        Redaction.objects.bulk_create(rows)
        telling.second_wanted(decision)
        return decision


def confirm(*, actor: User, first: Decision, note: str = "") -> Decision:
    """Overwrite the marked parts, as the second of two, and let go of every other copy. It cannot be undone.

    Exclusive lock; the author is told. Raises `TextMoved` when another text stands at a place, `NotAllowed` for who
    marked it, `TooLate` after 24 hours, `AlreadyDecided`.
    """
    deciding.check_words("confirm_redaction", "", note)
    with transaction.atomic():
        desk = deciding.open_for("confirm_redaction", actor=actor, subject=first.subject, first=first)
        replaced = [_overwrite(desk, row) for row in first.redactions.select_related("version")]
        decision = recording.record(desk, reason=first.reason, note=note or first.note, versions=first.versions)
        overwriting.forget(desk.opinion, replaced)
        recording.finish(desk, decision)
        telling.second_answered(decision)
        return decision


def decline(*, actor: User, first: Decision, note: str = "") -> Decision:
    """Say no to a redaction, as the second of two: nothing changes, and who marked it is told. Errors as `confirm`."""
    deciding.check_words("decline_redaction", "", note)
    with transaction.atomic():
        desk = deciding.open_for("decline_redaction", actor=actor, subject=first.subject, first=first)
        decision = recording.record(desk, note=note, versions=first.versions)
        telling.second_answered(decision)
        return decision


def pending(subject: Subject) -> Decision | None:
    """The redaction that wants a second person."""
    return deciding.decisions_on(subject).pending().filter(verb="redact").first()


def fingerprint(words: str) -> str:
    """The keyed hash of a redacted part: comparable by who has the site's key, not to be guessed from a short text."""
    return salted_hmac("consultations.redaction", words, algorithm="sha256").hexdigest()


# --- places -----------------------------------------------------------------------------------------


def texts(subject: Subject) -> Iterable[tuple[int | None, str, str]]:
    """Every text that can be redacted: the version (None: an argument's), the field, the words."""
    if isinstance(subject, Argument):
        yield from ((None, name, _text_of(subject, name)) for name in ARGUMENT_FIELDS)
        return
    for version in subject.versions.order_by("number"):
        yield from ((version.pk, name, _text_of(version, name)) for name in FIELDS)


def _text_of(row: OpinionVersion | Argument, name: str) -> str:
    value: Any = getattr(row, name)
    return "\n".join(value) if isinstance(value, list) else str(value)


def _starts(text: str, words: str) -> Iterable[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


def _checked(places: Sequence[Place]) -> Sequence[Place]:
    if not places:
        raise Invalid(_("Please mark the part that shall go."))
    if len(places) > MOST_PLACES:
        raise Invalid(_("At most %(most)d places at once.") % {"most": MOST_PLACES})
    ordered = sorted(set(places), key=lambda place: (place.version_id or 0, place.field, place.start))
    for place, after in pairwise(ordered):
        if place[:2] == after[:2] and after.start < place.start + place.length:
            raise Invalid(_("Two of the places overlap."))
    return ordered


def _marked(subject: Subject, place: Place) -> Redaction:
    """The row of a place, with the hash of what stands there now."""
    row = _row_of(subject, place.version_id)
    is_argument = isinstance(row, Argument)
    known = ARGUMENT_FIELDS if is_argument else FIELDS
    words = _text_of(row, place.field)[place.start : place.start + place.length] if place.field in known else ""
    if place.start < 0 or place.length < 1 or len(words) != place.length:
        raise Invalid(_("This place is not in the text."))
    return Redaction(
        version=None if isinstance(row, Argument) else row,
        argument=row if isinstance(row, Argument) else None,
        field=place.field,
        start=place.start,
        length=place.length,
        fingerprint=fingerprint(words),
    )


def _row_of(subject: Subject, version_id: int | None) -> OpinionVersion | Argument:
    if isinstance(subject, Argument):
        return subject
    found = None if version_id is None else subject.versions.filter(pk=version_id).first()
    if found is None:
        raise Invalid(_("This place is not in the text."))
    return found


# --- overwriting ------------------------------------------------------------------------------------


def _overwrite(desk: Desk, place: Redaction) -> tuple[str, str]:
    """Put marks in the place of the words; line ends stay. Gives what stood there and what stands there now."""
    row: OpinionVersion | Argument | None = desk.argument
    if row is None:
        assert place.version_id is not None
        row = OpinionVersion.objects.select_for_update().get(pk=place.version_id)
    text, end = _text_of(row, place.field), place.start + place.length
    words = text[place.start : end]
    if fingerprint(words) != place.fingerprint:
        raise TextMoved(_("The text has changed since it was marked. Please mark it again."))
    marks = "".join("\n" if sign == "\n" else MARK for sign in words)
    changed = text[: place.start] + marks + text[end:]
    setattr(row, place.field, changed.split("\n") if place.field == "evidence" else changed)
    if isinstance(row, OpinionVersion):
        with overwriting.allowed():
            row.save(update_fields=[place.field])
        if desk.opinion.version_id == row.pk:
            desk.opinion.version = row
    return words, marks
