"""How an author is shown, by the author's own choice; the same on the site and in documents."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import Society, User
from consultations.models import Argument, CoAuthor, Consultation, Opinion, Participant, RollEntry
from consultations.models.opinions import ShownAs, Source

#: A society with fewer people on the roll is not named: its name would be nearly a person's.
SMALLEST_SOCIETY = 5
#: What a list joins to its rows, so that `bylines_of_joined` asks nothing more.
JOINED = ("author__user", "author__roll_entry__society")


Written = Opinion | Argument


class Named(NamedTuple):
    """A society with enough people on a consultation's roll to be named."""

    pk: int
    name: str


def named_societies(consultation: Consultation) -> list[Named]:
    """The societies of a roll that may be named, in the order of their names; one query."""
    rows = (
        RollEntry.objects.filter(consultation=consultation)
        .values_list("society_id", "society__name_ko", "society__name_en")
        .annotate(people=Count("pk"))
        .filter(people__gte=SMALLEST_SOCIETY)
    )
    found = [Named(pk, Society(name_ko=ko, name_en=en).name) for pk, ko, en, _people in rows]
    return sorted(found, key=lambda named: named.name)


def bylines_of_joined(opinions: Sequence[Opinion], societies: Iterable[Named]) -> dict[UUID, str]:
    """`bylines` of opinions of one consultation that were read with `JOINED`; no query."""
    named = {society.pk for society in societies}
    lines = {}
    for opinion in opinions:
        entry: RollEntry | None = getattr(opinion.author, "roll_entry", None)
        lines[opinion.pk] = _line(opinion, entry, named=entry is not None and entry.society_id in named)
    return _with_coauthors(opinions, lines)


def bylines(opinions: Iterable[Written]) -> dict[UUID, str]:
    """A byline for each opinion or argument (two queries, whatever their number); empty for imported ones."""
    shown = [o for o in opinions if o.author_id is not None]
    entries = {
        e.participant_id: e
        for e in RollEntry.objects.filter(participant__in=[o.author_id for o in shown]).select_related(
            "society", "participant__user"
        )
    }
    sizes = _sizes({e.consultation_id for e in entries.values()})
    named = {place for place, people in sizes.items() if people >= SMALLEST_SOCIETY}
    lines = {}
    for written in shown:
        entry = entries.get(written.author_id or 0)
        is_named = entry is not None and (entry.consultation_id, entry.society_id) in named
        lines[written.pk] = _line(written, entry, named=is_named)
    return _with_coauthors(shown, lines)


def _with_coauthors(written: Iterable[Written], lines: dict[UUID, str]) -> dict[UUID, str]:
    """Joint texts name everybody who wrote them, each once; queries only where there is one."""
    joint = {o.pk: o for o in written if isinstance(o, Opinion) and o.source == Source.MERGE}
    if not joint:
        return lines
    rows = CoAuthor.objects.filter(opinion__in=joint).select_related(
        "participant__user", "participant__roll_entry__society", "participant__roll_entry__participant__user"
    )
    found = list(rows)
    sizes = _sizes({joint[row.opinion_id].consultation_id for row in found})
    together = {pk: [lines.get(pk, "")] for pk in joint}
    for row in found:
        entry: RollEntry | None = getattr(row.participant, "roll_entry", None)
        place = None if entry is None else (entry.consultation_id, entry.society_id)
        named = place is not None and sizes.get(place, 0) >= SMALLEST_SOCIETY
        together[row.opinion_id].append(_line(joint[row.opinion_id], entry, named=named))
    return lines | {pk: " · ".join(dict.fromkeys(filter(None, parts))) for pk, parts in together.items()}


def _sizes(consultation_ids: set[int]) -> dict[tuple[int, int], int]:
    rows = (
        RollEntry.objects.filter(consultation__in=consultation_ids)
        .values_list("consultation_id", "society_id")
        .annotate(people=Count("pk"))
    )
    return {(consultation, society): people for consultation, society, people in rows}


def _line(opinion: Written, entry: RollEntry | None, *, named: bool) -> str:
    if entry is None:
        return ""
    if opinion.shown_as == ShownAs.MEMBER:
        return _("A member")
    person = entry.participant.user
    if opinion.shown_as == ShownAs.NAME and person is not None and person.name:
        if not named:
            return _("%(name)s, of a society") % {"name": person.name}
        return _("%(name)s, %(society)s") % {"name": person.name, "society": entry.society.name}
    if not named:
        return _("A member of a society")
    return _("A member of %(society)s") % {"society": entry.society.name}


# --- several authors --------------------------------------------------------------------------------


def participants_of(written: Written) -> list[Participant]:
    """Everybody who wrote this, the first author first; nobody for imported ones and for words from the floor."""
    first = [] if written.author is None else [written.author]
    if isinstance(written, Argument) or written.source != Source.MERGE:
        return first
    others = CoAuthor.objects.filter(opinion=written).select_related("participant__user")
    return first + [row.participant for row in others]


def people_of(written: Written) -> list[User]:
    """The accounts of everybody who wrote this."""
    return [p.user for p in participants_of(written) if p.user is not None]
