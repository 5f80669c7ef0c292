"""A real browser against a real web server with a real worker and beat, on the test database."""

import os
import shutil
import warnings
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright runs an event loop of its own; Django takes it for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
