"""The pictures of the README: `make pictures` starts a sample site of its own, looks at it and stops it."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browsers import ARGUMENTS, CHROMIUM
from tests.copies import Copy
from tests.site import ROOT

FOLDER = ROOT / "docs" / "pictures"
#: name → persona, language, width, path
PICTURES = {
    "home-en": ("", "en", 1280, "/"),
    "home-ko": ("", "ko", 1280, "/"),
    "opinions-ko": ("member-2", "ko", 1280, "/consultations/talent/"),
    "phone-ko": ("member-2", "ko", 390, "/consultations/talent/opinions/1/"),
    "moderation-en": ("moderator-1", "en", 1280, "/moderation/"),
}


def take(browser: Browser, address: str) -> None:
    """One picture after the other; the bar of the sample site is left out."""
    for name, (persona, language, width, path) in PICTURES.items():
        page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        page.goto(f"{address}/?lang={language}")
        if persona:
            page.select_option("#sample-persona", persona)
            page.click(".sample-bar button")
        page.goto(f"{address}{path}?lang={language}")
        page.locator(".sample-bar").evaluate("bar => bar.remove()")
        page.screenshot(path=FOLDER / f"{name}.png")


def main() -> int:
    if not CHROMIUM:
        print("Pictures need Chromium; set CHROMIUM=/path/to/it.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        copy = Copy(Path(folder) / "site")
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            take(browser, f"http://127.0.0.1:{copy.port}")
            browser.close()
        finally:
            copy.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
