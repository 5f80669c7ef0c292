"""Quiet hours on the reader's clock, over the nights on which clocks are changed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from notifications import delivery, occasions, quiet
from notifications.models import Delivery, Occasion
from tests.mailserver import MailServer

SEOUL, ANGELES, BERLIN, KATHMANDU = "Asia/Seoul", "America/Los_Angeles", "Europe/Berlin", "Asia/Kathmandu"


def at(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("zone", "due", "release"),
    [
        (SEOUL, (2026, 8, 25, 20, 59), (2026, 8, 25, 20, 59)),
        (SEOUL, (2026, 8, 25, 21, 0), (2026, 8, 26, 8, 0)),
        (SEOUL, (2026, 8, 26, 7, 59), (2026, 8, 26, 8, 0)),
        (SEOUL, (2026, 8, 26, 8, 0), (2026, 8, 26, 8, 0)),
        (SEOUL, (2026, 12, 31, 23, 0), (2027, 1, 1, 8, 0)),
        (KATHMANDU, (2026, 8, 25, 23, 0), (2026, 8, 26, 8, 0)),
        (ANGELES, (2026, 3, 7, 22, 0), (2026, 3, 8, 8, 0)),  # clocks go forward in that night
        (ANGELES, (2026, 10, 31, 22, 0), (2026, 11, 1, 8, 0)),  # and back
        (BERLIN, (2026, 3, 28, 23, 0), (2026, 3, 29, 8, 0)),
        (BERLIN, (2026, 10, 24, 23, 0), (2026, 10, 25, 8, 0)),
        (SEOUL, (1987, 5, 9, 23, 0), (1987, 5, 10, 8, 0)),  # Korea's own summer time
    ],
)
def test_the_next_morning(zone: str, due: tuple[int, ...], release: tuple[int, ...]) -> None:
    assert quiet.release_at(at(zone, *due), zone) == at(zone, *release)


def test_a_night_with_summer_time_is_an_hour_shorter() -> None:
    due = at(BERLIN, 2026, 3, 28, 22, 0)
    assert quiet.release_at(due, BERLIN) - due == timedelta(hours=9)
    due = at(BERLIN, 2026, 10, 24, 22, 0)
    assert quiet.release_at(due, BERLIN) - due == timedelta(hours=11)


def test_what_starts_soon_does_not_wait() -> None:
    due = at(SEOUL, 2026, 8, 26, 5, 0)
    assert quiet.release_at(due, SEOUL, event=at(SEOUL, 2026, 8, 26, 7, 30)) == due
    assert quiet.release_at(due, SEOUL, event=at(SEOUL, 2026, 8, 26, 9, 0)) == at(SEOUL, 2026, 8, 26, 8, 0)


def test_never_carried_past_the_event() -> None:
    event = at(SEOUL, 2026, 8, 27, 7, 0)
    assert quiet.release_at(at(SEOUL, 2026, 8, 26, 23, 0), SEOUL, event=event) == at(SEOUL, 2026, 8, 26, 23, 0)
    assert quiet.release_at(at(SEOUL, 2026, 8, 26, 5, 0), SEOUL, event=event) == at(SEOUL, 2026, 8, 26, 8, 0)


def test_an_unknown_zone_is_the_sites_own() -> None:
    assert quiet.zone("Mars/Olympus").key == SEOUL
    assert quiet.zone("../../etc/passwd").key == SEOUL


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
    st.sampled_from([SEOUL, ANGELES, BERLIN, KATHMANDU, "Australia/Lord_Howe", "America/Sao_Paulo"]),
)
def test_always_awake_soon_and_never_early(moment: datetime, zone: str) -> None:
    due = moment.replace(tzinfo=UTC)
    release = quiet.release_at(due, zone)
    local = release.astimezone(ZoneInfo(zone)).time()
    assert due <= release <= due + timedelta(hours=12)
    assert quiet.UNTIL <= local < quiet.FROM


@pytest.mark.django_db
def test_deliveries_wait_for_the_readers_morning(post: MailServer, settings: Any, alice: User, eve: User) -> None:
    """23:00 in Seoul is the afternoon of a reader in Berlin."""
    settings.SAMPLE_SITE = False
    eve.time_zone = BERLIN
    eve.save()
    with time_machine.travel(at(SEOUL, 2026, 8, 25, 23, 0), tick=False):
        occasions.notify("note", target="x", people=[alice, eve])
        occasions.notify("alarm", target="x", people=[alice])
    release = dict(Delivery.objects.filter(occasion__kind="note").values_list("user__name", "release_at"))
    assert release == {"Alice": at(SEOUL, 2026, 8, 26, 8, 0), "Eve": at(SEOUL, 2026, 8, 25, 23, 0)}
    assert Delivery.objects.get(occasion__kind="alarm").release_at == at(SEOUL, 2026, 8, 25, 23, 0)


@pytest.mark.django_db
def test_a_release_ahead_is_not_sent(post: MailServer, alice: User) -> None:
    occasions.notify("note", target="x", people=[alice])
    Delivery.objects.update(release_at=datetime.now(UTC) + timedelta(minutes=1))
    assert delivery.run() == 0
    Delivery.objects.update(release_at=datetime.now(UTC))
    assert delivery.run() == 1
    assert Occasion.objects.count() == 1
