"""Who sees counts."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from consultations import counts, voting
from consultations.models import Consultation, Opinion


@pytest.mark.parametrize(
    ("setting", "visitor", "voter", "other", "organiser"),
    [
        ("live", True, True, True, True),
        ("after_voting", False, True, False, True),
        ("at_close", False, False, False, True),
    ],
)
def test_before_closing(
    setting: str,
    visitor: bool,
    voter: bool,
    other: bool,
    organiser: bool,
    opinion: Opinion,
    frank: User,
    bob: User,
    dan: User,
) -> None:
    Consultation.objects.update(counts=setting)
    voting.cast(user=frank, opinion=opinion, value=1)
    opinion = Opinion.objects.select_related("consultation").get()
    seen = [counts.visible_counts(r, opinion) is not None for r in (AnonymousUser(), frank, bob, dan)]
    assert seen == [visitor, voter, other, organiser]


def test_retracting_hides_them_again(opinion: Opinion, frank: User) -> None:
    Consultation.objects.update(counts="after_voting")
    opinion = Opinion.objects.select_related("consultation").get()
    voting.cast(user=frank, opinion=opinion, value=1)
    assert counts.visible_counts(frank, opinion)
    voting.retract(user=frank, opinion=opinion)
    assert counts.visible_counts(frank, opinion) is None


def test_after_closing_everybody_sees_them(opinion: Opinion) -> None:
    now = timezone.now()
    Consultation.objects.update(
        counts="at_close", submissions_close_at=now - timedelta(days=3), voting_close_at=now - timedelta(seconds=1)
    )
    opinion = Opinion.objects.select_related("consultation").get()
    assert counts.visible_counts(AnonymousUser(), opinion) is not None


def test_an_opinion_that_is_not_published_shows_none(submitted: Opinion, dan: User) -> None:
    assert counts.visible_counts(dan, submitted) is None


def test_the_bar_fills_the_line_and_hides_no_small_part() -> None:
    parts = counts.Counts(412, 1, 37).bar
    assert [p.word for p in parts] == ["agree", "pass", "disagree"]
    assert all(p.width > 0 for p in parts)
    assert counts.Counts(0, 0, 0).bar == []
