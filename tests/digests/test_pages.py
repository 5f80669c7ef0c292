"""The pages and downloads, from outside."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import parse_header_parameters

from accounts.models import Society, User
from consultations.models import Consultation
from digests import editions
from digests.models import Compilation, Edition
from summit.models import Meeting
from tests.digests.conftest import Join, Publish, compiled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(consultation: Consultation, meeting: Meeting, society: Society, join: Join, publish: Publish) -> Edition:
    voters = join(society, 12)
    publish("연구직군을 신설한다 <b>", voters, [1] * 10 + [0, -1])
    publish("둘로 갈린다", voters, [1, -1] * 6)
    return compiled(consultation, meeting=meeting)


@pytest.fixture
def edition(draft: Edition) -> Edition:
    return editions.publish(edition=draft)


def address(edition: Edition, name: str) -> str:
    return reverse("document", args=["talent", edition.number, name])


def test_a_visitor_reads_and_downloads(edition: Edition, client: Client) -> None:
    page = client.get("/consultations/talent/digests/1/?lang=en")
    assert page.status_code == 200
    text = page.content.decode()
    assert "연구직군을 신설한다 &lt;b&gt;" in text
    assert "What members agree on" in text
    for document in edition.documents.all():
        response = client.get(address(edition, document.name))
        assert response.status_code == 200
        assert response.content == bytes(document.content)
        assert response["Content-Type"] == document.media_type
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["ETag"] == f'"{document.sha256}"'
        kind, parameters = parse_header_parameters(response["Content-Disposition"])
        assert (kind, parameters["filename"]) == ("attachment", document.name)
        assert document.name in text
        assert document.sha256 in text


def test_the_page_is_in_the_readers_language(edition: Edition, client: Client) -> None:
    assert "회원들이 찬성하는 것" in client.get("/consultations/talent/digests/1/?lang=ko").content.decode()


def test_the_list_shows_published_editions(edition: Edition, client: Client) -> None:
    assert edition.get_absolute_url() in client.get("/consultations/talent/digests/").content.decode()


@pytest.mark.parametrize("path", ["1/", "1/talent-digest-1.json", "1/talent-digest-1.ko.pdf"])
def test_a_draft_is_there_for_organisers_only(
    draft: Edition, as_: Any, alice: User, bob: User, dan: User, path: str
) -> None:
    for person, status in ((None, 404), (alice, 404), (bob, 404), (dan, 200)):
        response = as_(person).get(f"/consultations/talent/digests/{path}")
        assert response.status_code == status, person
    assert path == "1/" or response["Cache-Control"] == "private, no-store"


def test_a_draft_is_in_no_list(draft: Edition, as_: Any, alice: User, dan: User) -> None:
    assert draft.get_absolute_url() not in as_(alice).get("/consultations/talent/digests/").content.decode()
    assert draft.get_absolute_url() in as_(dan).get("/consultations/talent/digests/").content.decode()


@pytest.mark.parametrize("path", ["2/", "1/other.pdf", "1/talent-digest-2.json", "1/..%2f..%2fetc%2fpasswd"])
def test_what_is_not_there_is_404(edition: Edition, client: Client, path: str) -> None:
    assert client.get(f"/consultations/talent/digests/{path}").status_code == 404


# --- RFC 9110 ---------------------------------------------------------------------------------------


def test_head_has_the_headers_and_no_body(edition: Edition, client: Client) -> None:
    document = edition.documents.get(format="csv")
    response = client.head(address(edition, document.name))
    assert response.status_code == 200
    assert int(response["Content-Length"]) == document.size
    assert response.content == b""


def test_who_has_it_is_told_so(edition: Edition, client: Client) -> None:
    document = edition.documents.get(format="json")
    url = address(edition, document.name)
    for known in (f'"{document.sha256}"', f'W/"{document.sha256}"', f'"x", "{document.sha256}"', "*"):
        response = client.get(url, headers={"If-None-Match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == f'"{document.sha256}"'
    assert client.get(url, headers={"If-None-Match": '"old"'}).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "first", "last"), [("bytes=0-0", 0, 1), ("bytes=10-19", 10, 20), ("bytes=100-", 100, None), ("bytes=-7", -7, None), ("bytes=5-99999999", 5, None)]
)  # fmt: skip
def test_a_range(edition: Edition, client: Client, wanted: str, first: int, last: int | None) -> None:
    document = edition.documents.get(name="talent-digest-1.ko.pdf")
    response = client.get(address(edition, document.name), headers={"Range": wanted})
    expected = bytes(document.content)[first:last]
    start = first if first >= 0 else document.size + first
    assert response.status_code == 206
    assert response.content == expected
    assert response["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{document.size}"
    assert int(response["Content-Length"]) == len(expected)


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_end(edition: Edition, client: Client, wanted: str) -> None:
    document = edition.documents.get(format="csv")
    response = client.get(address(edition, document.name), headers={"Range": wanted})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{document.size}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-2", "bytes=-", "bytes=a-b", "0-1"])
def test_what_is_no_single_range_gets_everything(edition: Edition, client: Client, wanted: str) -> None:
    document = edition.documents.get(format="csv")
    response = client.get(address(edition, document.name), headers={"Range": wanted})
    assert response.status_code == 200
    assert len(response.content) == document.size


def test_a_range_of_another_file_gets_everything(edition: Edition, client: Client) -> None:
    document = edition.documents.get(format="csv")
    for etag, status in ((f'"{document.sha256}"', 206), ('"another"', 200)):
        headers = {"Range": "bytes=0-9", "If-Range": etag}
        assert client.get(address(edition, document.name), headers=headers).status_code == status


# --- organisers -------------------------------------------------------------------------------------


def test_an_organiser_compiles_and_publishes(
    consultation: Consultation, meeting: Meeting, publish: Publish, as_: Any, dan: User
) -> None:
    publish()
    client = as_(dan)
    response = client.post(reverse("compile", args=["talent"]), {"meeting": str(meeting.pk)})
    compilation = Compilation.objects.get()
    assert response.url == reverse("compilation", args=[compilation.pk])
    page = client.get(response.url)
    assert b'hx-trigger="every 1s"' in page.content
    assert b'http-equiv="refresh"' in page.content
    from digests import tasks

    tasks.compile_edition(str(compilation.pk))
    fragment = client.get(response.url, headers={"HX-Request": "true"})
    assert b"hx-trigger" not in fragment.content
    assert b"<html" not in fragment.content
    edition = Edition.objects.get()
    assert edition.get_absolute_url().encode() in fragment.content
    assert client.post(reverse("publish", args=[edition.pk])).url == edition.get_absolute_url()
    edition.refresh_from_db()
    assert (edition.state, edition.published_by, edition.meeting) == ("published", dan, meeting)


def test_others_do_neither(draft: Edition, as_: Any, alice: User, bob: User) -> None:
    asked = Compilation.objects.count()
    for person, status in ((None, 302), (alice, 403), (bob, 403)):
        client = as_(person)
        compilation = Compilation.objects.get()
        assert client.post(reverse("compile", args=["talent"])).status_code == status
        assert client.post(reverse("publish", args=[draft.pk])).status_code == status
        assert client.get(reverse("compilation", args=[compilation.pk])).status_code == status
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert Compilation.objects.count() == asked


def test_reading_changes_nothing(draft: Edition, as_: Any, dan: User) -> None:
    client = as_(dan)
    assert client.get(reverse("compile", args=["talent"])).status_code == 405
    assert client.get(reverse("publish", args=[draft.pk])).status_code == 405


def test_a_failure_is_shown(consultation: Consultation, as_: Any, dan: User) -> None:
    Consultation.objects.update(about_en="Only in English")
    from digests import compile as compiling
    from digests import tasks

    compilation = compiling.request(consultation=consultation, wake=False)
    tasks.compile_edition(str(compilation.pk))
    assert "consultation.about (ko)" in as_(dan).get(reverse("compilation", args=[compilation.pk])).content.decode()


def test_queries_do_not_grow_with_editions(
    consultation: Consultation, publish: Publish, client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        publish()
        editions.publish(edition=compiled(consultation))
        with django_assert_max_num_queries(5):
            client.get("/consultations/talent/digests/")
        with django_assert_max_num_queries(7):
            client.get("/consultations/talent/digests/1/")


def test_the_meetings_shelf(edition: Edition, meeting: Meeting, django_assert_num_queries: Any) -> None:
    from django.template import Context, Template

    template = Template("{% load digests %}{% meeting_digests meeting %}")
    with django_assert_num_queries(2):
        shown = template.render(Context({"meeting": meeting}))
    for document in edition.documents.all():
        assert address(edition, document.name) in shown


def test_a_web_process_brings_no_typesetter() -> None:
    import subprocess
    import sys

    code = (
        "import django, sys; django.setup(); import config.urls; from django.urls import get_resolver; get_resolver().url_patterns;"
        "sys.exit(','.join(m for m in ('typst', 'numpy', 'scipy', 'matplotlib') if m in sys.modules) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""
