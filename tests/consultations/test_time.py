"""Days are the society's days, moments are the database's, and the reader's clock plays no part."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import access
from accounts.models import Membership, Society, User
from consultations import organising, roll, voting
from consultations.models import Consultation, Opinion, Theme
from tests.conftest import Make
from tests.site import ROOT

#: Midnight in Seoul between 24 and 25 November is 15:00 UTC.
BEFORE = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
AFTER = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(("moment", "member"), [(BEFORE, False), (AFTER, True)], ids=["23:30", "00:30"])
def test_t03_a_membership_begins_at_midnight_of_the_society(
    make_user: Make, society: Society, consultation: Consultation, moment: datetime, member: bool
) -> None:
    person = make_user("Heidi")
    Membership.objects.create(user=person, society=society, starts_on=datetime(2026, 11, 25, tzinfo=UTC).date())
    with time_machine.travel(moment, tick=False):
        assert access.is_member(person) is member
        assert (roll.current_membership(person) is not None) is member
        roll.make(consultation)
    assert consultation.roll.filter(participant__user=person).exists() is member


@pytest.mark.parametrize(("moment", "member"), [(BEFORE, True), (AFTER, False)], ids=["23:30", "00:30"])
def test_t03_and_ends_at_midnight_too(make_user: Make, society: Society, moment: datetime, member: bool) -> None:
    person = make_user("Ivan")
    last = datetime(2026, 11, 24, tzinfo=UTC).date()
    Membership.objects.create(user=person, society=society, starts_on=last - timedelta(days=9), ends_on=last)
    with time_machine.travel(moment, tick=False):
        assert access.is_member(person) is member


def test_t05_no_script_of_ours_reads_the_readers_clock() -> None:
    for script in (ROOT / "static").glob("*.js"):
        assert "Date" not in script.read_text(), script.name


def test_t08_closing_moved_into_the_past_ends_voting_and_opening_again_goes_on(
    dan: User, frank: User, opinion: Opinion, consultation: Consultation, theme: Theme
) -> None:
    themes = [(t.title_ko, t.title_en) for t in consultation.themes.all()]
    voting.cast(user=frank, opinion=opinion, value=1)
    consultation.submissions_close_at = timezone.now() - timedelta(days=2)
    consultation.voting_close_at = timezone.now() - timedelta(seconds=1)
    organising.save(actor=dan, consultation=consultation, themes=themes)
    with pytest.raises(voting.VotingClosed):
        voting.cast(user=frank, opinion=opinion, value=-1)
    consultation.voting_close_at = timezone.now() + timedelta(days=1)
    organising.save(actor=dan, consultation=consultation, themes=themes)
    voting.cast(user=frank, opinion=opinion, value=0)
    assert opinion.votes.counting().get().value == 0
