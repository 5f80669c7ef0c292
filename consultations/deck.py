"""The deck: which opinion a member is shown next, and how far they are."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from consultations.models import Consultation, Opinion, Vote

#: The weight of what no worker has looked at yet: a new opinion without votes (`analysis.routing`).
NEW = 20.25

# Efraimidis and Spirakis: the smallest −ln(u)/w is a weighted draw. The same reader has the same u for the same
# opinion, so a page that is loaded again shows the same opinion, and what comes next is a draw without replacement.
_DRAW = """
SELECT o.id
FROM consultations_opinion o
JOIN consultations_opinionversion v ON v.id = o.version_id
LEFT JOIN consultations_route r ON r.opinion_id = o.id
WHERE o.consultation_id = %(consultation)s AND o.state = 'published' AND o.number <> ALL(%(skipped)s)
  AND NOT EXISTS (
      SELECT FROM consultations_vote mine
      JOIN consultations_participant p ON p.id = mine.participant_id
      WHERE p.consultation_id = %(consultation)s AND p.user_id = %(user)s
        AND mine.opinion_id = o.id AND mine.version_number >= v.votes_since)
ORDER BY -ln(((hashtextextended(o.id::text, %(seed)s) & 4503599627370495) + 1) / 4503599627370497.0::float8)
         / coalesce(r.weight, %(new)s), o.id
LIMIT 1
"""


@dataclass(frozen=True)
class Progress:
    """How many opinions have my vote, of how many."""

    done: int
    all: int

    @property
    def left(self) -> int:
        return self.all - self.done


def draw(*, user: Any, consultation: Consultation, skipped: list[int] | None = None) -> Opinion | None:
    """The opinion to show next: published, without a counting vote of mine, not skipped; None when none is left.

    One statement. Weights may rest on counts that are hidden from the reader: nothing shows them, and the seed
    is a secret of each reader's own, so that an order tells nothing about them.
    """
    facts: dict[str, Any] = {
        "consultation": consultation.pk,
        "user": user.pk,
        "skipped": skipped or [],
        "seed": seed_of(user.pk, consultation.pk),
        "new": NEW,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, facts)
        row = cursor.fetchone()
    return None if row is None else _open(consultation).get(pk=row[0])


def at(consultation: Consultation, number: int) -> Opinion | None:
    """A published opinion that the reader asked for by its number (after undo, or when its text changed)."""
    return _open(consultation).filter(number=number).first()


def progress(*, user: Any, consultation: Consultation) -> Progress:
    """How far a member is. Only their own votes and what everybody may read."""
    mine = Vote.objects.counting().filter(opinion__consultation=consultation, participant__user=user.pk)
    return Progress(done=mine.count(), all=consultation.opinions.published().count())


def seed_of(user_id: UUID, consultation_id: int) -> int:
    """A number of 64 bits that only the server can tell."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"deck:{user_id}:{consultation_id}".encode(), sha256)
    return int.from_bytes(made.digest()[:8], "big", signed=True)


def _open(consultation: Consultation) -> QuerySet[Opinion]:
    return consultation.opinions.published().select_related("version", "theme", "consultation")
