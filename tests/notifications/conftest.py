from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from notifications import kinds, wake
from notifications.kinds import Kind, Mail
from notifications.models import Occasion
from tests import mailserver


def say(occasion: Occasion, user: User) -> Mail | None:
    """Whatever the facts say."""
    if occasion.facts.get("fails"):
        raise ValueError("a bad row")
    if occasion.facts.get("unwanted"):
        return None
    return Mail(
        subject=str(occasion.facts.get("subject", "안내")),
        paragraphs=[str(occasion.facts.get("text", "내용"))],
        link=str(occasion.facts.get("link", "")),
        link_text="열기",
        calendar=str(occasion.facts.get("calendar", "")),
    )


def everyone(occasion: Occasion) -> Any:
    if occasion.facts.get("audience_fails"):
        raise ValueError("a bad audience")
    return User.objects.all()


@pytest.fixture(autouse=True)
def some_kinds() -> Iterator[None]:
    """Kinds of the tests' own: plain, urgent, secret, with an audience."""
    kinds.register(Kind("note", say))
    kinds.register(Kind("alarm", say, urgent=True))
    kinds.register(Kind("whisper", say, urgent=True, secret=True))
    kinds.register(Kind("circular", say, audience=everyone))
    yield
    for key in ("note", "alarm", "whisper", "circular"):
        kinds._kinds.pop(key)


@pytest.fixture(autouse=True)
def daytime(settings: Any) -> None:
    """Quiet hours have tests of their own; the others hold at night, too."""
    settings.SAMPLE_SITE = True


@pytest.fixture
def post(settings: Any) -> Iterator[mailserver.MailServer]:
    with mailserver.running(settings) as server:
        yield server


@pytest.fixture
def people(make_user: Callable[..., User]) -> list[User]:
    return [make_user(f"Reader{n}") for n in range(5)]


@pytest.fixture(autouse=True)
def broker_is_back() -> Iterator[None]:
    wake._away_until = 0.0
    yield
    wake._away_until = 0.0


@pytest.fixture(autouse=True)
def static_folder(settings: Any) -> None:
    """WhiteNoise wants its folder to be there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
