from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import mailserver


@pytest.fixture
def post(settings: Any) -> Iterator[mailserver.MailServer]:
    settings.SAMPLE_SITE = True  # quiet hours have tests of their own
    with mailserver.running(settings) as server:
        yield server


@pytest.fixture(autouse=True)
def static_folder(settings: Any) -> None:
    """WhiteNoise wants its folder to be there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
