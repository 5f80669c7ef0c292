"""What comes in and what goes out, on pages and API alike (A14, A33, I01, I09, I22, I24, P06, P14)."""

import ast
import logging
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from common.logs import OneLineFormatter
from consultations.models import Consultation
from tests.ops.test_tasks import FILES, calls, name_of

PAGES = [
    "/",
    "/consultations/",
    "/consultations/talent/",
    "/summits/",
    "/privacy/",
    "/accessibility/",
    "/account/sign-in/",
    "/nowhere/",
]
API = ["/api/v1/consultations/", "/api/v1/consultations/talent/", "/api/v1/nowhere/", "/api/v1/docs/"]


@pytest.mark.parametrize("path", [*PAGES, *API, "/health/live"])
def test_every_answer_carries_the_safe_headers(path: str, consultation: Consultation) -> None:
    headers = Client().get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert (
        "'unsafe" not in headers["Content-Security-Policy"]
        and "default-src 'none'" in headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize("path", [*PAGES, "/api/v1/docs/"])
def test_a_page_loads_nothing_from_elsewhere(path: str, consultation: Consultation) -> None:
    text = Client().get(path).content.decode()
    loaded = re.findall(r"<(?:script|link|img|iframe|source)[^>]*?(?:src|href)=[\"']([^\"']+)", text)
    assert not [address for address in loaded if re.match(r"(https?:)?//", address)]
    assert " style=" not in text and not re.search(r"\son[a-z]+=", text)


@pytest.mark.parametrize("path", ["/consultations/\x00/", "/consultations/?q=%00", "/api/v1/consultations/?theme=%00", "/%00",
                                  "/api/v1/consultations/talent/opinions/?cursor=%00", "/account/sign-in/?next=%00"])  # fmt: skip
def test_a_nul_is_refused(path: str, consultation: Consultation) -> None:
    assert Client().generic("GET", path.replace("\x00", "%00")).status_code == 400


def test_a_nul_in_a_form_is_never_an_error_page(consultation: Consultation) -> None:
    answer = Client(raise_request_exception=False).post("/account/sign-in/", {"email": "a\x00b@sample.test"})
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1@evil.example", "evil.example:80", "127.0.0.1, evil.example"]
)
def test_another_host_is_refused(host: str, db: None) -> None:
    assert Client().get("/", headers={"Host": host}).status_code == 400
    assert "evil" not in Client().get("/", headers={"X-Forwarded-Host": host}).content.decode()


# --- nothing of a request reaches the query builder by name ---------------------------------------

QUERYING = {
    "filter",
    "exclude",
    "get",
    "order_by",
    "annotate",
    "values",
    "values_list",
    "alias",
    "only",
    "defer",
    "extra",
}
ASKED = re.compile(r"\b(GET|POST|query_params|data|params|cleaned_data)\b")


def opened(call: ast.Call) -> list[str]:
    """What a query takes with * or ** from a request."""
    stars = [a.value for a in call.args if isinstance(a, ast.Starred)]
    stars += [k.value for k in call.keywords if k.arg is None]
    return [text for text in map(ast.unparse, stars) if ASKED.search(text)]


def test_no_query_is_made_of_what_was_asked() -> None:
    found = [f"{f}:{c.lineno}" for f in FILES for c in calls(f) if name_of(c) in QUERYING and opened(c)]
    assert found == []


def test_the_search_finds_one_that_is() -> None:
    tree = ast.parse("rows.filter(**request.GET.dict())\nrows.order_by(*request.query_params)\nrows.filter(a=1)")
    assert [bool(opened(n)) for n in ast.walk(tree) if isinstance(n, ast.Call) and name_of(n) in QUERYING][:3] == [
        True,
        True,
        False,
    ]


# --- logs and tables ------------------------------------------------------------------------------


def test_a_log_line_cannot_be_forged() -> None:
    record = logging.LogRecord(
        "x", logging.WARNING, "", 0, "Not Found: %s", ("/a\r\nERROR root forged \x1b[31m\x00",), None
    )
    text = OneLineFormatter("{levelname} {message}", style="{").format(record)
    assert "\x1b" not in text and "\r" not in text and "\x00" not in text
    assert not [line for line in text.split("\n")[1:] if not line.startswith(" ")]


def test_votes_know_no_address_and_no_browser(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_name IN ('consultations_vote', 'consultations_votelog')"
        )
        columns: list[Any] = cursor.fetchall()
    assert columns and not [
        c for c in columns if re.search("ip|agent|address|session", c[1].removeprefix("participant"))
    ]
