"""A consultation with people, opinions and votes, made by rows."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Society, User
from consultations.models import Consultation, Opinion, OpinionVersion, Participant, RollEntry, Vote
from digests import compile as compiling
from digests.models import Edition
from tests.digests import worlds


@pytest.fixture(autouse=True, scope="session")
def static_root() -> None:
    """The folder of collected static files, which the middleware warns about when it is missing."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def emptiable(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests with real transactions end by emptying every table, which decisions refuse: let go of that for the end."""
    marker = request.node.get_closest_marker("django_db")
    with_transactions = marker is not None and marker.kwargs.get("transaction")
    if with_transactions:
        request.getfixturevalue("transactional_db")
        _truncation("ENABLE")
    yield
    if with_transactions:
        _truncation("DISABLE")


def _truncation(verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE consultations_decision {verb} TRIGGER decision_no_truncate")


Publish = Callable[..., Opinion]
Join = Callable[..., list[Participant]]


@pytest.fixture
def join(consultation: Consultation) -> Join:
    """People of a society on the roll."""

    def make(society: Society, count: int, **fields: Any) -> list[Participant]:
        people = User.objects.bulk_create(
            [User(email=f"{society.slug}{i}@sample.test", name=f"Person {society.slug} {i}") for i in range(count)]
        )
        made = Participant.objects.bulk_create(
            [Participant(consultation=consultation, user=person, **fields) for person in people]
        )
        RollEntry.objects.bulk_create(
            [RollEntry(participant=p, consultation=consultation, society=society) for p in made]
        )
        return made

    return make


@pytest.fixture
def publish(consultation: Consultation) -> Publish:
    """A published opinion; `votes` is a list of values, given by `voters` in order."""
    made: list[Opinion] = []

    def make(
        proposal: str = "연구직군을 신설한다",
        voters: list[Participant] | None = None,
        votes: list[int] | None = None,
        **fields: Any,
    ) -> Opinion:
        number = len(made) + 1
        text = {name: fields.pop(name) for name in ("problem", "reason", "addressee", "evidence") if name in fields}
        fields = {
            "language": "ko",
            "state": "published",
            "published_at": timezone.now(),
            "publish_sequence": number,
        } | fields
        opinion = Opinion.objects.create(consultation=consultation, number=number, **fields)
        opinion.version = OpinionVersion.objects.create(
            opinion=opinion, number=1, votes_since=1, proposal=proposal, **text
        )
        opinion.save(update_fields=["version"])
        cast(opinion, voters or [], votes or [])
        made.append(opinion)
        return opinion

    return make


def cast(opinion: Opinion, voters: list[Participant], votes: list[int], version: int = 1) -> None:
    pairs = zip(voters, votes, strict=False)
    Vote.objects.bulk_create(
        [Vote(opinion=opinion, participant=p, value=value, version_number=version) for p, value in pairs]
    )


def close(consultation: Consultation) -> Consultation:
    """Let voting have closed an hour ago."""
    now = timezone.now()
    consultation.submissions_close_at = now - timedelta(days=2)
    consultation.voting_close_at = now - timedelta(hours=1)
    consultation.save(update_fields=["submissions_close_at", "voting_close_at"])
    return consultation


def compiled(consultation: Consultation, **fields: Any) -> Edition:
    return compiling.run(compiling.request(consultation=consultation, wake=False, **fields))


@pytest.fixture
def world(consultation: Consultation) -> worlds.World:
    """A consultation in which every part of a digest has something to say."""
    return worlds.rich(consultation)
