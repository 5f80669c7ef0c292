"""Facts of a snapshot about opinions and what was said of them; called inside its transaction."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q

from consultations.models import Argument, Consultation, Opinion, Priority, Vote
from digests.content import iso

#: So many arguments of each side are quoted.
MOST_ARGUMENTS = 3


def _earlier_text(consultation_id: int) -> dict[int, int]:
    """How many votes each opinion has that were given on a text which does not count any more."""
    rows = (
        Vote.objects.filter(
            opinion__consultation=consultation_id,
            opinion__state="published",
            opinion__version__votes_since__gt=1,
            version_number__lt=F("opinion__version__votes_since"),
            participant__voided_at=None,
        )
        .values_list("opinion__number")
        .annotate(Count("pk"))
        .order_by()
    )
    return dict(rows)


def _arguments(consultation_id: int) -> dict[int, list[dict[str, Any]]]:
    """The arguments of each opinion that are quoted, for and against, the most helpful first; no names."""
    rows = (
        Argument.objects.published()
        .filter(opinion__consultation=consultation_id)
        .annotate(helpful=Count("marks", Q(marks__participant__voided_at=None)))
        .order_by("opinion__number", "-side", "-helpful", "published_at", "text")
        .values_list("opinion__number", "side", "text", "language", "helpful")
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for number, side, text, language, helpful in rows:
        own = found.setdefault(number, [])
        if sum(argument["side"] == side for argument in own) < MOST_ARGUMENTS:
            own.append({"side": side, "text": text, "language": language, "helpful": helpful})
    return found


def priorities(consultation_id: int) -> dict[str, Any]:
    """How many people picked priorities, and [opinion number, people] of each that was picked."""
    picked = Priority.objects.counting().filter(opinion__consultation=consultation_id).order_by()
    counts = picked.values_list("opinion__number").annotate(Count("pk"))
    people = picked.aggregate(n=Count("participant_id", distinct=True))["n"]
    return {"people": people, "counts": sorted([number, count] for number, count in counts)}


def opinions(consultation: Consultation, tallies: dict[int, list[int]]) -> list[dict[str, Any]]:
    rows = (
        Opinion.objects.published()
        .filter(consultation=consultation)
        .select_related("version", "author__user", "author__roll_entry")
        .order_by("number")
    )
    earlier, arguments = _earlier_text(consultation.pk), _arguments(consultation.pk)
    return [
        _opinion(row, consultation.voting_close_at)
        | {
            "tally": [*tallies.get(row.number, [0, 0, 0]), earlier.get(row.number, 0)],
            "arguments": arguments.get(row.number, []),
        }
        for row in rows
    ]


def _opinion(opinion: Opinion, voting_closed_at: datetime) -> dict[str, Any]:
    version = opinion.version
    assert version is not None and opinion.published_at is not None  # published: the database sees to it
    entry = getattr(opinion.author, "roll_entry", None)
    user = opinion.author.user if opinion.author else None
    return {
        "number": opinion.number,
        "sequence": opinion.publish_sequence,
        "theme": opinion.theme_id,
        "language": opinion.language,
        "shown_as": opinion.shown_as if user else "",
        "society": entry.society_id if entry else None,
        "name": user.name if user and opinion.shown_as == "name" else "",
        "quote": opinion.quote,
        "version": version.number,
        "proposal": version.proposal,
        "problem": version.problem,
        "reason": version.reason,
        "addressee": version.addressee,
        "horizon": version.horizon,
        "evidence": list(version.evidence),
        "interests": version.interests,
        "published_at": iso(opinion.published_at),
        "published_after_voting": opinion.published_at >= voting_closed_at,
    }
