"""A consultation with people, opinions and votes, made by rows; editions with and without their files set."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Role, Society, User
from consultations.models import Consultation, Opinion, OpinionVersion, Participant, RollEntry, Vote
from digests import compile as compiling
from digests import content, editions, snapshot
from digests.models import Block, Document, Edition, Recommendation
from tests.conftest import Make
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


# --- what organisers write, and who answers ---------------------------------------------------------


@pytest.fixture
def olga(make_user: Make) -> User:
    """An official."""
    return make_user("Olga", role=Role.OFFICIAL)


@pytest.fixture
def ada(make_user: Make) -> User:
    """An auditor."""
    return make_user("Ada", role=Role.AUDITOR)


def drafted(consultation: Consultation) -> Edition:
    """A draft as compiling stores it, with files that nobody set: quick, and possible inside a test's transaction."""
    cutoff = timezone.now()
    facts, _given = snapshot._read(consultation.pk, None, cutoff)
    number = editions.next_number(consultation.pk)
    canonical = content.canonical(content.build(facts, number=number, cutoff_at=cutoff))
    Edition.objects.unpublished().filter(consultation=consultation).delete()
    edition = Edition.objects.create(
        consultation=consultation, number=number, cutoff_at=cutoff, publish_sequence=content.last_sequence(facts),
        content=canonical, content_sha256=hashlib.sha256(canonical).hexdigest(), input_sha256=content.digest_of(facts),
    )  # fmt: skip
    files = [
        ("pdf", "ko", b"%PDF ko"),
        ("pdf", "en", b"%PDF en"),
        ("csv", "", b"a,b"),
        ("zip", "", b"PK"),
        ("json", "", canonical),
    ]
    Document.objects.bulk_create(
        Document(
            edition=edition, format=form, language=language, media_type="application/octet-stream", content=data,
            name=".".join(part for part in (f"talent-digest-{number}", language, form) if part), size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        for form, language, data in files
    )  # fmt: skip
    return edition


def published(consultation: Consultation) -> Edition:
    return editions.publish(edition=drafted(consultation))


WriteBlock = Callable[..., Block]


@pytest.fixture
def write(consultation: Consultation) -> WriteBlock:
    """A block that can be published, bound to opinion No. 1 unless told otherwise."""

    def make(**fields: Any) -> Block:
        place = Block.objects.filter(consultation=consultation).count() + 1
        whole: dict[str, Any] = {
            "title_ko": "박사후연구원 직군", "title_en": "Posts for postdocs", "body_ko": "{{1.agree}}명이 찬성했습니다.",
            "body_en": "{{1.agree}} people agree.", "opinions": [1], "addressee_ko": "가상부", "addressee_en": "Imaginary Ministry",
            "due_on": timezone.localdate() + timedelta(days=30), "order": place,
        }  # fmt: skip
        return Block.objects.create(consultation=consultation, **(whole | fields))

    return make


@pytest.fixture
def recommendation(consultation: Consultation, publish: Publish, write: WriteBlock) -> Recommendation:
    """A published recommendation, due in thirty days."""
    publish()
    write()
    published(consultation)
    return Recommendation.objects.select_related("edition__consultation").get()
