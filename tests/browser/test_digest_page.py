"""An edition with everything in it, in a real browser: accessible and fitting, every fold open."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from consultations.models import Consultation
from tests import site
from tests.digests import sample_content
from tests.digests.test_edition_page import stored

pytestmark = pytest.mark.django_db(transaction=True)


def faults(browser: Browser, url: str, width: int, scheme: Literal["light", "dark"]) -> list[str]:
    """What is wrong with the page at one width in one scheme."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.goto(url)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    if page.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 0:
        said.append("too wide")
    said += [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"]]
    context.close()
    return [f"{width} {scheme} {fault}" for fault in said]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_edition_is_accessible_and_fits(consultation: Consultation, browser: Browser, language: str) -> None:
    """U02, U06, U07: for the page of a digest."""
    path = stored(consultation, sample_content.rich()).get_absolute_url()
    wrong: list[str] = []
    with site.running() as address:
        for width in (1280, 390):
            wrong += faults(browser, f"{address}{path}?lang={language}", width, "light")
        wrong += faults(browser, f"{address}{path}?lang={language}", 1280, "dark")
    assert wrong == [], "\n".join(wrong)
