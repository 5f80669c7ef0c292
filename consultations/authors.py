"""How an author is shown, by the author's own choice; the same on the site and in documents."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from consultations.models import Opinion, RollEntry
from consultations.models.opinions import ShownAs

#: A society with fewer people on the roll is not named: its name would be nearly a person's.
SMALLEST_SOCIETY = 5


def bylines(opinions: Iterable[Opinion]) -> dict[UUID, str]:
    """A byline for each opinion (two queries, whatever their number); empty for imported ones."""
    shown = [o for o in opinions if o.author_id is not None]
    entries = {
        e.participant_id: e
        for e in RollEntry.objects.filter(participant__in=[o.author_id for o in shown]).select_related(
            "society", "participant__user"
        )
    }
    sizes = _sizes({e.consultation_id for e in entries.values()})
    return {o.pk: _byline(o, entries.get(o.author_id or 0), sizes) for o in shown}


def _sizes(consultation_ids: set[int]) -> dict[tuple[int, int], int]:
    rows = (
        RollEntry.objects.filter(consultation__in=consultation_ids)
        .values_list("consultation_id", "society_id")
        .annotate(people=Count("pk"))
    )
    return {(consultation, society): people for consultation, society, people in rows}


def _byline(opinion: Opinion, entry: RollEntry | None, sizes: dict[tuple[int, int], int]) -> str:
    if entry is None:
        return ""
    if opinion.shown_as == ShownAs.MEMBER:
        return _("A member")
    named = sizes.get((entry.consultation_id, entry.society_id), 0) >= SMALLEST_SOCIETY
    society = entry.society.name if named else _("A society")
    if opinion.shown_as == ShownAs.NAME and entry.participant.user is not None and entry.participant.user.name:
        return f"{entry.participant.user.name}, {society}"
    return society
