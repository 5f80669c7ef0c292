"""Votes on a text that is not the current one any more: whose they are, and asking their voters once."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from consultations.models import Decision, Opinion, Vote
from notifications import occasions
from notifications.models import Occasion

KIND = "text_changed"
#: Voters are asked in the morning; this long before voting closes at the latest.
ASKED_AT = time(9)
_LATEST_BEFORE_CLOSING = timedelta(hours=12)


def ask_again(opinion: Opinion, now: datetime) -> None:
    """Plan the one notice of today for all who voted in this consultation on a text that was replaced today.

    Call in the transaction that replaces the text. Who is asked, and about what, is looked up when it is due.
    """
    day = timezone.localdate(now)
    morning = timezone.make_aware(datetime.combine(day + timedelta(days=1), ASKED_AT))
    latest = opinion.consultation.voting_close_at - _LATEST_BEFORE_CLOSING
    occasions.plan(
        KIND, target=f"consultation:{opinion.consultation_id}", version=day.isoformat(), due_at=min(morning, latest)
    )


def earlier_votes() -> QuerySet[Vote]:
    """Votes on an earlier text of a published opinion, by people who are not voided: listed, not counted."""
    return Vote.objects.filter(
        opinion__state="published",
        version_number__lt=F("opinion__version__votes_since"),
        participant__voided_at=None,
    )


def earlier_vote_of(user: Any, opinion: Opinion) -> Vote | None:
    """The reader's own vote on an earlier text of this opinion, while they have not voted again."""
    if not user.is_authenticated:
        return None
    return earlier_votes().filter(opinion=opinion, participant__user=user.pk).first()


def asked_about(occasion: Occasion) -> QuerySet[Vote]:
    """The earlier votes that one day's notice is about: on opinions whose text was replaced on that day."""
    day = datetime.fromisoformat(occasion.version).date()
    begin = timezone.make_aware(datetime.combine(day, time.min))
    replaced = Decision.objects.filter(
        verb="approve_version",
        created_at__gte=begin,
        created_at__lt=begin + timedelta(days=1),
        # Not a small correction: the text from which on votes count.
        opinion__versions__number=F("opinion__version__votes_since"),
        versions__0=F("opinion__versions__pk"),
    )
    return earlier_votes().filter(
        opinion__consultation=int(occasion.target.partition(":")[2]), opinion__in=replaced.values("opinion")
    )


def audience(occasion: Occasion) -> QuerySet[User]:
    return User.objects.filter(is_active=True, pk__in=asked_about(occasion).values("participant__user"))
