"""An edition with everything in it, in a real browser: accessible and fitting, every fold open."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from consultations.models import Consultation
from tests import site
from tests.digests import sample_content
from tests.digests.test_edition_page import stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_edition_is_accessible_and_fits(consultation: Consultation, browser: Browser, language: str) -> None:
    path = stored(consultation, sample_content.rich()).get_absolute_url()
    wrong: list[str] = []
    said: list[str] = []
    with site.running() as address:
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
                )
                page = context.new_page()
                page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
                page.goto(f"{address}{path}?lang={language}")
                page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
                if page.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 0:
                    wrong.append(f"{width}: too wide")
                found = Axe().run(page).response["violations"]
                wrong += [f"{width} {scheme} {v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
                context.close()
    wrong += said
    assert wrong == [], "\n".join(wrong)
