"""Opinions to work with."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Society, User
from consultations import moderation, roll, submission
from consultations.models import Case, Consultation, Opinion, OpinionVersion, Theme
from consultations.models.opinions import State
from tests.conftest import Make
from tests.consultations.stage import TEXT, Stage, set_up

__all__ = ["TEXT"]


@pytest.fixture
def submitted(alice: User, consultation: Consultation, theme: Theme) -> Opinion:
    """Alice's opinion, waiting for a moderator."""
    return submission.submit(user=alice, consultation=consultation, fields={**TEXT, "theme": theme.pk})


@pytest.fixture
def publish(bob: User) -> Callable[[Opinion], Opinion]:
    def act(opinion: Opinion) -> Opinion:
        moderation.publish(actor=bob, case=Case.objects.get(opinion=opinion, closed_at=None))
        opinion.refresh_from_db()
        return opinion

    return act


@pytest.fixture
def opinion(submitted: Opinion, publish: Callable[[Opinion], Opinion]) -> Opinion:
    """Alice's opinion, published by Bob."""
    return publish(submitted)


@pytest.fixture
def many(alice: User, consultation: Consultation, theme: Theme) -> Callable[[int], list[Opinion]]:
    """Publish so many opinions of Alice's, written straight into the tables, the oldest first."""

    def make(size: int) -> list[Opinion]:
        with transaction.atomic():
            author = roll.enter(user=alice, consultation=consultation)
        made = []
        for _ in range(size):
            last = consultation.opinions.aggregate(last=Max("number"))["last"] or 0
            opinion = Opinion.objects.create(
                consultation=consultation, number=last + 1, author=author, theme=theme, language="ko",
                state=State.PUBLISHED, publish_sequence=last + 1, published_at=timezone.now(),
            )  # fmt: skip
            text = {**TEXT, "proposal": f"{TEXT['proposal']} {last + 1}"}
            opinion.version = OpinionVersion.objects.create(opinion=opinion, number=1, votes_since=1, **text)
            opinion.save(update_fields=["version"])
            made.append(opinion)
        consultation.refresh_from_db()
        return made

    return make


@pytest.fixture
def stage(make_user: Make, society: Society, consultation: Consultation) -> Stage:
    """Everything to bring a text into any state."""
    return set_up(make_user, society, consultation)


@pytest.fixture
def pair(stage: Stage) -> tuple[Opinion, Opinion]:
    """The author's and the member's, published."""
    return stage.publish(), stage.another()


@pytest.fixture
def voters(make_user: Make, society: Society) -> list[User]:
    """Four members who vote."""
    return [make_user(f"Voter{n}", society) for n in range(4)]
