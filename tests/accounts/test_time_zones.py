"""The time zones of the account page: those that people need first, by city, with their distance from UTC."""

from collections.abc import Callable
from zoneinfo import available_timezones

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts import time_zones
from accounts.models import User

As = Callable[[User | None], Client]


def test_what_most_people_need_comes_first() -> None:
    (label, often), *regions = time_zones.choices("Asia/Seoul")
    assert str(label) == "Often chosen"
    assert [str(text) for _name, text in often][:2] == ["Seoul (UTC+9)", "Tokyo (UTC+9)"]
    assert [str(label) for label, _group in regions][:3] == ["Asia", "America", "Europe"]
    with translation.override("ko"):
        assert str(time_zones.choices("Asia/Seoul")[0][1][0][1]) == "서울 (UTC+9)"


def test_each_is_there_once_and_is_one() -> None:
    names = [name for _label, group in time_zones.choices("Asia/Seoul") for name, _text in group]
    assert len(names) == len(set(names))
    assert set(names) <= available_timezones()
    assert {"Asia/Kathmandu", "America/Argentina/Buenos_Aires"} <= set(names)


def test_half_hours_and_long_names_are_said() -> None:
    texts = {name: str(text) for _label, group in time_zones.choices("UTC") for name, text in group}
    assert texts["Asia/Kathmandu"] == "Kathmandu (UTC+5:45)"
    assert texts["America/Argentina/Buenos_Aires"] == "Argentina, Buenos Aires (UTC−3)"


@pytest.mark.parametrize("kept", ["US/Pacific", "Etc/GMT+8"])
def test_one_that_was_chosen_before_stays(as_: As, frank: User, kept: str) -> None:
    User.objects.filter(pk=frank.pk).update(time_zone=kept)
    client = as_(frank)
    assert f'<option value="{kept}" selected>' in client.get("/account/").content.decode()
    client.post("/account/", {"name": "Frank", "language": "", "time_zone": kept, "sector": "", "stage": ""})
    frank.refresh_from_db()
    assert frank.time_zone == kept


def test_choosing_nothing_is_said_in_words(as_: As, frank: User) -> None:
    page = as_(frank).get("/account/?lang=en").content.decode()
    assert "---------" not in page
    assert page.count("Not said") == 2 and "As the browser asks for" in page
    assert timezone.get_current_timezone_name() == "Asia/Seoul"
