"""The sample's votes, from a seeded model: three kinds of members, who agree on some things and not on others."""

import random

from django.db.models import Exists, OuterRef, Q

from config.sample import content
from config.sample.dates import Dates
from config.sample.people import People
from consultations.models import Consultation, Opinion, Participant, RollEntry, Vote
from consultations.models.votes import Value

SEED = 826
#: How probably somebody passes, whatever the opinion.
PASSES = 0.08


def make(opinions: list[Opinion], people: People, dates: Dates) -> int:
    """Votes of the members who are no personas, each on 60 to 100 percent of the opinions; how many.

    A member of one kind sometimes thinks like another (one in sixteen does): nobody is only their kind.
    """
    rng = random.Random(SEED)  # noqa: S311 - a model, no secret
    agree = [entry.agree for entry in content.opinions() if entry.is_published]
    participants = {row.user_id: row for row in Participant.objects.filter(user__in=[u for u, _kind in people.members])}
    votes = []
    for user, kind in people.members:
        thinks = rng.randrange(3) if rng.random() < 0.06 else kind
        share = rng.uniform(0.6, 1.0)
        for opinion, chances in zip(opinions, agree, strict=True):
            if rng.random() >= share:
                continue
            assert opinion.published_at is not None
            at = opinion.published_at + (dates.voted_until - opinion.published_at) * rng.random()
            value = _value(rng.random(), chances[thinks])
            votes.append(
                Vote(
                    opinion=opinion, participant=participants[user.pk], version_number=1, value=value,
                    created_at=at, changed_at=at,
                )
            )  # fmt: skip
    Vote.objects.bulk_create(votes)
    return len(votes)


def _value(draw: float, agrees: float) -> Value:
    if draw < PASSES:
        return Value.PASS
    return Value.AGREE if draw < PASSES + (1 - PASSES) * agrees else Value.DISAGREE


def fix_roll(consultation: Consultation) -> None:
    """Date the roll to the opening, and fix the society of who voted or wrote, as their first act did."""
    opened = consultation.voting_open_at
    Consultation.objects.filter(pk=consultation.pk).update(roll_made_at=opened)
    roll = RollEntry.objects.filter(consultation=consultation)
    roll.update(entered_at=opened)
    voted = Exists(Vote.objects.filter(participant=OuterRef("participant")))
    wrote = Exists(Opinion.objects.filter(author=OuterRef("participant")))
    roll.filter(Q(voted) | Q(wrote)).update(fixed_at=opened)
