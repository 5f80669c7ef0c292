"""Browser tests: a real browser against a real web server with a real worker and beat, on the test database."""

import os
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

from tests import site
from tests.browsers import CHROMIUM

Become = Callable[..., Page]


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
def server(django_db_setup: None) -> Iterator[str]:
    """One web server for many tests, without worker and beat: what lies in the database is each test's own."""
    with site.running(only_web=True) as address:
        yield address


@pytest.fixture
def web(server: str, transactional_db: None) -> str:
    """The address of a site with the sample summit, its first meeting ten days ahead: everything is open."""
    call_command("load_sample", first_meeting=timezone.localdate() + timedelta(days=10), verbosity=0)
    return server


@pytest.fixture
def become(browser: Browser) -> Iterator[Become]:
    """Open a window as one of the sample's people (or a visitor): a page that complains when it breaks."""
    opened: list[BrowserContext] = []
    broken: list[str] = []

    def open_window(address: str, persona: str = "", *, language: str = "ko", width: int = 1280, **more: Any) -> Page:
        size: ViewportSize = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, reduced_motion="reduce", **more)
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(f"{address}/privacy/?lang={language}")
        if persona:
            page.select_option("#sample-persona", persona)
            page.click(".sample-bar button")
            page.wait_for_url(f"{address}/")
        return page

    yield open_window
    for context in opened:
        context.close()
    assert broken == []


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it is now, and whether it is wider than the window."""
    found = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"]]
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*found, f"{overflow} pixels too wide"] if overflow > 0 else found


def press_tab_to(page: Page, wanted: Locator) -> None:
    """Walk with the keyboard until the focus is there; it must be seen on the way."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.is_visible()
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")
