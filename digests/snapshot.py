"""What a digest is compiled from: everything read at one moment of the database.

The moment lies between votes: the consultation's exclusive lock waits for every vote under way, the snapshot begins
while it is held, and it is let go at once, so that voting goes on while we read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Q

from common.db import Lock, now
from consultations.models import Consultation, Decision, Opinion, Vote
from digests import blocks, errata, responses
from digests.models import Edition
from summit.models import Meeting

#: Raised when the figures, the wording or the layout change, so that an old draft does not pass for a new one.
COMPILER = "1"


@dataclass(frozen=True)
class Snapshot:
    """The moment, and what stood in the database then, as plain JSON data."""

    cutoff_at: datetime
    facts: dict[str, Any]


def take(consultation: Consultation, meeting: Meeting | None = None) -> Snapshot:
    """Read everything that a digest needs, in one repeatable-read transaction begun under the exclusive lock.

    Must not be called inside a transaction. Seven queries, whatever the number of opinions and votes.
    """
    with transaction.atomic(durable=True):
        with _nobody_is_voting(consultation.pk):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cutoff = now()  # the first query fixes the snapshot
        return Snapshot(cutoff, _read(consultation.pk, meeting, cutoff))


@contextmanager
def _nobody_is_voting(consultation_id: int) -> Iterator[None]:
    """Hold the consultation's exclusive lock in a second session, so that it can end before the reading does."""
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(Lock.CONSULTATION), consultation_id])
            yield
            cursor.execute("COMMIT")
    finally:
        beside.close()


def _read(consultation_id: int, meeting: Meeting | None, cutoff: datetime) -> dict[str, Any]:
    consultation = Consultation.objects.select_related("summit").get(pk=consultation_id)
    zone = meeting.time_zone if meeting else settings.TIME_ZONE
    return {
        "compiler": COMPILER,
        "site": settings.SITE_URL,
        "time_zone": str(ZoneInfo(zone)),
        "voting_closed": consultation.is_closed(cutoff),
        "summit": {
            "title": _both(consultation.summit, "title"),
            "hosts": _both(consultation.summit, "hosts"),
            "is_sample": consultation.summit.is_sample,
        },
        "meeting": _meeting(meeting),
        "consultation": _consultation(consultation),
        "themes": [{"id": t.pk, "title": _both(t, "title")} for t in consultation.themes.order_by("order", "id")],
        "before": _edition_before(consultation_id),
        "opinions": _opinions(consultation, _tallies(consultation_id)),
        "voters": _counting(consultation_id).aggregate(n=Count("participant_id", distinct=True))["n"],
        "roll": _roll(consultation, cutoff),
        "moderation": _moderation(consultation_id),
        # what organisers wrote, and what officials answered
        "blocks": blocks.facts(consultation_id),
        "errata": errata.facts(consultation_id),
        "answers": responses.facts(consultation_id, cutoff),
    }


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _both(row: Any, name: str) -> dict[str, str]:
    return {language: getattr(row, f"{name}_{language}").strip() for language in ("ko", "en")}


def _meeting(meeting: Meeting | None) -> dict[str, Any] | None:
    if meeting is None:
        return None
    return {
        "id": str(meeting.pk),
        "title": _both(meeting, "title"),
        "place": _both(meeting, "place"),
        "starts_at": iso(meeting.starts_at),
        "ends_at": iso(meeting.ends_at),
    }


def _consultation(consultation: Consultation) -> dict[str, Any]:
    moments = ("submissions_open_at", "submissions_close_at", "voting_open_at", "voting_close_at")
    return {
        "slug": consultation.slug,
        "title": _both(consultation, "title"),
        "about": _both(consultation, "about"),
        "is_imported": consultation.is_imported,
        "attribution": consultation.attribution,
        **{name: iso(getattr(consultation, name)) for name in moments},
    }


def _edition_before(consultation_id: int) -> dict[str, Any] | None:
    last = (
        Edition.objects.published()
        .filter(consultation=consultation_id)
        .order_by("-number")
        .values("number", "publish_sequence", "cutoff_at", "content_sha256")
        .first()
    )
    return {**last, "cutoff_at": iso(last["cutoff_at"])} if last else None


# --- opinions and votes -----------------------------------------------------------------------------


def _counting(consultation_id: int) -> Any:
    return Vote.objects.counting().filter(opinion__consultation=consultation_id)


def _tallies(consultation_id: int) -> dict[Any, list[int]]:
    """Agree, pass, disagree, and votes that were given on an earlier text, of each published opinion."""
    rows = (
        _counting(consultation_id)
        .values_list("opinion_id")
        .annotate(agree=Count("pk", Q(value=1)), passed=Count("pk", Q(value=0)), disagree=Count("pk", Q(value=-1)))
        .order_by()
    )
    tallies = {opinion: [agree, passed, disagree, 0] for opinion, agree, passed, disagree in rows}
    earlier = (
        Vote.objects.filter(
            opinion__consultation=consultation_id,
            opinion__state="published",
            version_number__lt=F("opinion__version__votes_since"),
            participant__voided_at=None,
        )
        .values_list("opinion_id")
        .annotate(Count("pk"))
        .order_by()
    )
    for opinion, count in earlier:
        tallies.setdefault(opinion, [0, 0, 0, 0])[3] = count
    return tallies


def _opinions(consultation: Consultation, tallies: dict[Any, list[int]]) -> list[dict[str, Any]]:
    rows = (
        Opinion.objects.published()
        .filter(consultation=consultation)
        .select_related("version", "author__user", "author__roll_entry")
        .order_by("number")
    )
    closed = consultation.voting_close_at
    return [_opinion(row, tallies.get(row.pk, [0, 0, 0, 0]), closed) for row in rows]


def _opinion(opinion: Opinion, tally: list[int], voting_closed_at: datetime) -> dict[str, Any]:
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
        "tally": tally,
    }


# --- people and moderation --------------------------------------------------------------------------


_ROLL = """
SELECT r.society_id, s.name_ko, s.name_en, count(*), count(v.participant_id), count(*) FILTER (WHERE r.entered_at <= %s)
FROM consultations_rollentry r
JOIN accounts_society s ON s.id = r.society_id
LEFT JOIN ({voters}) v ON v.participant_id = r.participant_id
WHERE r.consultation_id = %s AND r.entered_at <= %s
GROUP BY r.society_id, s.name_ko, s.name_en ORDER BY r.society_id
"""


def _roll(consultation: Consultation, cutoff: datetime) -> list[dict[str, Any]] | None:
    """Each society's people on the roll (at the cut-off and at voting's opening) and voters; None when imported."""
    if consultation.is_imported:
        return None
    # A join and not IN: PostgreSQL would compare each person with a million votes one by one.
    voters, values = _counting(consultation.pk).order_by().values("participant_id").distinct().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_ROLL.format(voters=voters), [consultation.voting_open_at, *values, consultation.pk, cutoff])
        names = ("id", "ko", "en", "people", "voters", "at_opening")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _moderation(consultation_id: int) -> dict[str, Any]:
    opinions = Opinion.objects.filter(consultation=consultation_id).exclude(state="draft")
    states = opinions.values_list("state").annotate(Count("pk")).order_by("state")
    decisions = (
        Decision.objects.filter(opinion__consultation=consultation_id)
        .values_list("verb", "reason")
        .annotate(Count("pk"))
        .order_by("verb", "reason")
    )
    return {"states": dict(states), "decisions": [list(row) for row in decisions]}
