"""Opinions to work with."""

from collections.abc import Callable

import pytest

from accounts.models import User
from consultations import moderation, submission
from consultations.models import Case, Consultation, Opinion, Theme

TEXT = {
    "proposal": "박사후연구원을 위한 독립 직군을 만들자",
    "problem": "국내 연구는 대학원생에게 과도하게 의존한다.",
    "reason": "학생이 졸업해도 연구가 이어진다.",
}


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
