"""Production settings, error answers, doors that stay shut (A24, A25, A32)."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from config.celery import app
from tests.ops.conftest import ROOT, environment


def production(tmp_path: Path) -> dict[str, str]:
    """The documented production environment, with this machine's servers."""
    import os

    found = environment(
        SITE_URL="https://summit.example.org",
        ALLOWED_HOSTS="summit.example.org",
        REDIS_URL=os.environ["REDIS_URL"],
        EMAIL_URL="smtp+tls://user:secret@mail.example.org:587",
        DEFAULT_FROM_EMAIL="Summit <no-reply@summit.example.org>",
        BEHIND_PROXY="1",
        VAR_DIR=str(tmp_path),
        SECRET_KEY="h8Zq-4mXw2Vn7Lr_c5Tg9Yb1Kd6Fs3Jp0Qe8Ua2Wi4Oo6Rt1Ez",
    )
    found.pop("PYTHONWARNINGS")
    return found


def manage(*arguments: str, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )


def test_the_deployment_check_is_clean(db: None, tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", env=production(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


def test_static_files_can_be_collected(db: None, tmp_path: Path) -> None:
    done = manage("collectstatic", "--noinput", env=production(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_a_sample_site_does_not_start_in_public(db: None, tmp_path: Path) -> None:
    done = manage("check", env={**production(tmp_path), "SAMPLE_SITE": "1"})
    assert done.returncode != 0 and "SAMPLE_SITE" in done.stderr


def test_without_a_secret_it_does_not_start(db: None, tmp_path: Path) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        env = {key: value for key, value in production(tmp_path).items() if key != name}
        done = subprocess.run(
            [sys.executable, "-c", "import config.wsgi"], cwd=ROOT, env=env, capture_output=True, text=True
        )
        assert done.returncode != 0 and name in done.stderr


@pytest.mark.parametrize(
    "path",
    ["/metrics", "/.git/config", "/.env", "/flower/", "/__debug__/", "/static/../config/settings.py", "/debug/", "/server-status",
     "/sample/", "/sample/mail/", "/api/v1/", "/api-auth/login/", "/static/manage.py", "/phpinfo.php"],
)  # fmt: skip
def test_doors_of_the_workshop_are_shut(path: str, db: None, settings: Any) -> None:
    settings.SAMPLE_SITE = False
    assert Client().get(path).status_code == 404


def test_the_api_has_no_browsable_pages(db: None) -> None:
    answer = Client().get("/api/v1/consultations/", headers={"Accept": "text/html"})
    assert "text/html" not in answer.headers["Content-Type"]


# --- errors say nothing of the inside -------------------------------------------------------------

TELLTALE = re.compile(
    r"Traceback|File &quot;|\.py\b|SELECT|no_such_table|secret_column|victim|psycopg|Django[/ ]?[0-9]|Python/|Exception|/work|site-packages",
    re.IGNORECASE,
)


@pytest.mark.urls("tests.ops.failing_urls")
@pytest.mark.parametrize("path", ["/fail/", "/api/v1/fail/", "/nowhere/", "/api/v1/nowhere/", "/fail/?x=%00"])
def test_an_error_tells_nothing(path: str, db: None, settings: Any) -> None:
    settings.DEBUG = False
    client = Client(raise_request_exception=False)
    answer = client.get(path)
    text = answer.content.decode() + str(answer.headers)
    assert answer.status_code in (400, 404, 500)
    assert not TELLTALE.search(text), TELLTALE.search(text)
    assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers
    if path.startswith("/api/"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


# --- background work ------------------------------------------------------------------------------


def test_tasks_are_json_only() -> None:
    assert app.conf.accept_content == ["json"] and app.conf.task_serializer == "json"
    assert app.conf.task_ignore_result and not app.conf.result_backend


def test_the_broker_never_evicts(db: None) -> None:
    import redis
    from django.conf import settings

    answer = redis.Redis.from_url(settings.REDIS_URL).config_get("maxmemory-policy")
    assert answer == {"maxmemory-policy": "noeviction"}
