"""Consultations, meetings, summits and digests; errors; the schema and its page."""

import hashlib
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from consultations.models import Consultation
from digests.models import Document, Edition
from summit.models import AgendaItem, Meeting, Summit
from tests.api.conftest import Api


def edition_of(consultation: Consultation, number: int, state: str = "published") -> Edition:
    made = Edition.objects.create(
        consultation=consultation, number=number, cutoff_at=timezone.now(), publish_sequence=0, content=b"{}",
        content_sha256="0" * 64, input_sha256="1" * 64,
    )  # fmt: skip
    content = b"number;proposal"
    Document.objects.create(
        edition=made, format="csv", name=f"talent-digest-{number}.csv", media_type="text/csv", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), content=content,
    )  # fmt: skip
    if state == "published":
        Edition.objects.filter(pk=made.pk).update(state=state, published_at=timezone.now())
    return made


def test_consultations(consultation: Consultation) -> None:
    listed = Api().get("/consultations/").json()["results"]
    one = Api().get("/consultations/talent/").json()
    assert listed == [one]
    assert one["title"] == {"ko": "무엇부터 바꿔야 합니까?", "en": "What should change first?"}
    assert [t["title"]["en"] for t in one["themes"]] == ["Research careers", "Pay and evaluation"]
    assert one["url"] == "http://127.0.0.1:8000/consultations/talent/"
    assert Api().get("/consultations/nowhere/").status_code == 404


def test_meetings_and_summits(meeting: Meeting, summit: Summit) -> None:
    AgendaItem.objects.create(meeting=meeting, order=1, title_ko="개회", title_en="Opening")
    one = Api().get(f"/meetings/{meeting.pk}/").json()
    assert Api().get("/meetings/").json()["results"] == [one]
    assert one["agenda"][0]["title"]["ko"] == "개회" and one["time_zone"] == "Asia/Seoul"
    assert one["calendar_url"].endswith(f"/meetings/{meeting.pk}/calendar.ics")
    found = Api().get("/summits/").json()["results"]
    assert found[0]["slug"] == "talent" and found[0]["meetings"] == [str(meeting.pk)]


def test_meetings_page_by_date(summit: Summit, meeting: Meeting) -> None:
    for n in range(5):
        Meeting.objects.create(
            summit=summit, title_ko="x", title_en=f"{n}", starts_at=meeting.starts_at, ends_at=meeting.ends_at
        )
    first = Api().get("/meetings/?page_size=4").json()
    second = Api().get(first["next"].split("/api/v1")[1]).json()
    assert len({m["id"] for m in first["results"] + second["results"]}) == 6 and second["next"] is None


def test_published_editions_with_their_files(consultation: Consultation) -> None:
    edition_of(consultation, 1)
    edition_of(consultation, 2, state="draft")
    found = Api().get("/consultations/talent/digests/").json()["results"]
    assert [e["number"] for e in found] == [1]
    file = found[0]["documents"][0]
    assert file["url"] == "http://127.0.0.1:8000/consultations/talent/digests/1/talent-digest-1.csv"
    assert (file["size"], file["sha256"]) == (15, hashlib.sha256(b"number;proposal").hexdigest())


def test_lists_cost_the_same_however_long(consultation: Consultation, meeting: Meeting) -> None:
    counted: dict[str, set[int]] = {}
    for n in (1, 2, 3):
        edition_of(consultation, n)
        Meeting.objects.create(
            summit=meeting.summit, title_ko="x", title_en="x", starts_at=meeting.starts_at, ends_at=meeting.ends_at
        )
        for address in ("/meetings/", "/summits/", "/consultations/", "/consultations/talent/digests/"):
            with CaptureQueriesContext(connection) as queries:
                assert Api().get(address).status_code == 200
            counted.setdefault(address, set()).add(len(queries))
    assert all(len(numbers) == 1 and max(numbers) <= 5 for numbers in counted.values()), counted


# --- errors and doors -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere/", 404), ("POST", "/nowhere/", 404), ("GET", "/opinions/1/", 404), ("POST", "/consultations/", 405),
     ("PATCH", "/consultations/talent/opinions/", 405), ("OPTIONS", "/consultations/", 405), ("GET", "/consultations.json", 404),
     ("GET", "/consultations/nowhere/opinions/", 404)],
)  # fmt: skip
def test_errors_are_problem_documents(method: str, path: str, status: int, dan: User) -> None:
    answer = Api(dan).call(method, path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "code"} <= set(answer.json()) and answer.json()["status"] == status


def test_a_method_cannot_be_disguised(alice: User, consultation: Consultation) -> None:
    answer = Api(alice).call("POST", "/consultations/", {}, X_HTTP_Method_Override="PUT")
    assert answer.status_code == 405


def test_an_unknown_token_is_401(consultation: Consultation) -> None:
    answer = Api().get("/consultations/", Authorization="Token 0000")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Token")


def test_nobody_between_keeps_an_answer(consultation: Consultation) -> None:
    answer = Api().get("/consultations/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert {"Authorization", "Cookie"} <= {v.strip() for v in answer.headers["Vary"].split(",")}


def test_a_forged_host_does_not_reach_links(consultation: Consultation, settings: object) -> None:
    answer = Client().get("/api/v1/consultations/", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_the_schema_names_every_address(capfd: pytest.CaptureFixture[str]) -> None:
    schema = Client().get("/api/v1/schema/?format=json").json()
    from config.api_urls import urlpatterns

    named = {
        f"/api/v1/{p.pattern}".replace("<slug:slug>", "{slug}").replace("<uuid:pk>", "{id}") for p in urlpatterns[:-3]
    }
    assert capfd.readouterr().err == ""  # nothing that the generator could not resolve
    assert set(schema["paths"]) == named
    parts = schema["components"]["schemas"]
    value = parts["VoteIn"]["properties"]["value"]
    assert parts.get(value.get("$ref", "").rpartition("/")[2], value)["enum"] == ["agree", "pass", "disagree"]
    assert set(parts["CountsOut"]["properties"]) == {"agree", "pass", "disagree"}


def test_the_page_of_the_schema_needs_no_other_host_and_no_inline_script() -> None:
    page = Client().get("/api/v1/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert not re.search(r"(src|href)=\"https?://", text) and "<style" not in text
    assert re.findall(r"<script(?![^>]*src=)", text) == []
    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    script = Client().get("/api/v1/docs/?script=")
    assert script.headers["Content-Type"].startswith("application/javascript") and b"/api/v1/schema/" in script.content
