"""Closing: once, in full, by the database's clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from consultations import closing, voting
from consultations.models import Consultation, Opinion


@pytest.fixture
def over(consultation: Consultation) -> None:
    """Its voting time is over."""
    now = timezone.now()
    Consultation.objects.update(
        submissions_close_at=now - timedelta(days=5), voting_close_at=now - timedelta(seconds=1)
    )


def test_v10_it_closes_once(frank: User, opinion: Opinion) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    assert closing.close_due() == []
    now = timezone.now()
    Consultation.objects.update(submissions_close_at=now - timedelta(days=5), voting_close_at=now)
    assert closing.close_due() == ["talent"]
    opinion.refresh_from_db()
    closed_at = Consultation.objects.get().closed_at
    assert opinion.agree_count == 1 and closed_at is not None and closed_at >= now
    assert closing.close_due() == [] and not closing.close(Consultation.objects.get())
    assert Consultation.objects.get().closed_at == closed_at


def test_it_counts_in_full(opinion: Opinion, over: None) -> None:
    Opinion.objects.update(agree_count=7)  # drift, and no line in the log
    closing.close_due()
    opinion.refresh_from_db()
    assert opinion.agree_count == 0


def test_a_later_date_closes_again(consultation: Consultation, over: None) -> None:
    assert closing.close_due() == ["talent"]
    now = timezone.now()
    Consultation.objects.update(voting_close_at=now + timedelta(days=1))
    assert closing.close_due() == []
    Consultation.objects.update(voting_close_at=now, closed_at=now - timedelta(hours=1))
    assert closing.close_due() == ["talent"]


def test_an_imported_one_is_left_alone(consultation: Consultation, over: None) -> None:
    Consultation.objects.update(is_imported=True)
    assert closing.close_due() == []
