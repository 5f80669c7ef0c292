"""The page of the API in a real browser, with collected files: it works under the Content-Security-Policy."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from config.services import Services
from tests.browsers import CHROMIUM
from tests.ops.conftest import ROOT, Site, environment


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no browser found")
def test_the_page_of_the_api_works(page: Page, serve: Callable[..., Site], broker: Services, tmp_path: Path) -> None:
    env = environment(REDIS_URL=broker.redis_url, VAR_DIR=str(tmp_path))
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=ROOT, env=env, check=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    site = serve(broker.redis_url, VAR_DIR=str(tmp_path))
    page.goto(f"{site.address}/api/v1/docs/")
    page.get_by_text("/api/v1/opinions/{id}/vote/").first.wait_for()
    assert complaints == []
