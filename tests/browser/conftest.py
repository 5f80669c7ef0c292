"""Browser tests: a real browser against a real web server with a real worker and beat, on the test database."""

import os
import warnings

import pytest

from tests.browsers import CHROMIUM


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser these tests are left out, loudly; on CI that is an error."""
    mine = [item for item in items if "tests/browser/" in str(item.path)]
    for item in mine:
        item.add_marker(pytest.mark.browser)
    if mine and not CHROMIUM:
        if os.environ.get("CI"):
            raise pytest.UsageError("CI needs Chromium: the browser tests are compulsory there.")
        message = "NO BROWSER FOUND: the browser tests do not run. Install Chromium or set CHROMIUM=/path/to/it."
        warnings.warn(pytest.PytestWarning(message), stacklevel=1)
        for item in mine:
            item.add_marker(pytest.mark.skip(reason=message))
