"""The form of a mail: languages, links, headers, and what people wrote in it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from accounts.models import User
from notifications import delivery, mail, occasions
from notifications.folder import FolderBackend
from notifications.kinds import Mail
from notifications.models import Message
from tests.mailserver import MailServer

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    """The targets and tags of an HTML text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attributes if name in ("href", "src")]


def send(post: MailServer, user: User, **facts: Any) -> Any:
    occasions.notify("alarm", target="x", people=[user], facts=facts)
    assert delivery.run() == 1
    return post.mails[0]


def test_korean_subject_and_parts(post: MailServer, alice: User) -> None:
    alice.language = "ko"
    alice.save()
    subject = "이공계 인재 서밋 1차 회의가 이틀 남았습니다: 장소와 의제를 확인하고 참석 여부를 알려 주십시오"
    letter = send(post, alice, subject=subject, text="본문 “따옴표” 안내", link="http://127.0.0.1:8000/meetings/?a=1")
    assert letter["Subject"] == subject
    assert letter["Content-Language"] == "ko"
    assert letter["Auto-Submitted"] == "auto-generated"
    raw = post.received[0].split(b"\r\n\r\n")[0]
    assert all(byte < 128 for byte in raw)  # headers are encoded by RFC 2047
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain.get_content_charset() == html.get_content_charset() == "utf-8"
    assert "본문 “따옴표” 안내" in plain.get_content()
    assert "http://127.0.0.1:8000/meetings/?a=1&lang=ko" in plain.get_content()
    assert "http://127.0.0.1:8000/meetings/?a=1&lang=ko" in Links(html.get_content()).found
    assert '<html lang="ko">' in html.get_content()


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b", "\x00"])
def test_no_header_gets_in_through_a_subject(post: MailServer, alice: User, break_: str) -> None:
    letter = (
        send(post, alice, subject=f"회의{break_}Bcc: eve@sample.test{break_}{break_}<p>") if break_ != "\x00" else None
    )
    if letter is None:
        message = Message(user=alice, address=alice.email, language="ko", message_id="<x@y>")
        letter = mail.build(message, Mail(subject="회의\x00Bcc: eve@sample.test", paragraphs=[])).message()
    assert letter["Bcc"] is None
    assert "\n" not in str(letter["Subject"])


@pytest.mark.parametrize(
    "payload",
    [
        "http://evil.example/x",
        "[a](//evil.example)",
        "<a href='//evil.example'>x</a>",
        "www.evil.example",
        "eve@evil.example",
    ],
)
def test_what_people_wrote_is_no_link_and_no_markup(post: MailServer, alice: User, payload: str) -> None:
    letter = send(post, alice, subject=payload, text=f"제목: {payload}", link="http://127.0.0.1:8000/x/")
    html = letter.get_body(("html",)).get_content()
    links = Links(html)
    assert set(links.found) == {"http://127.0.0.1:8000/x/?lang=ko", "http://127.0.0.1:8000"}
    text = letter.get_body(("plain",)).get_content()
    assert not re.search(r"evil\.example|\w@\w", text)
    assert not re.search(r"evil\.example", html.split("</h1>")[1])


def test_a_calendar_file_arrives_byte_by_byte(post: MailServer, alice: User) -> None:
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:회의\r\nEND:VCALENDAR\r\n"
    letter = send(post, alice, calendar=calendar)
    (part,) = letter.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "PUBLISH"
    assert part.get_filename() == "meeting.ics"
    assert part.get_payload(decode=True) == calendar.encode()


def test_lines_that_begin_with_a_dot_arrive(post: MailServer, alice: User) -> None:
    letter = send(post, alice, text=".\n..\n.dot")
    assert ".\n..\n.dot" in letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


@pytest.fixture
def folder(settings: Any, tmp_path: Any) -> Iterator[Any]:
    settings.EMAIL_BACKEND = "notifications.folder.FolderBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    yield settings.MAIL_FOLDER


def test_mail_as_files(folder: Any, alice: User, eve: User) -> None:
    assert FolderBackend(timeout=5).folder == folder
    occasions.notify("alarm", target="x", people=[alice, eve], facts={"subject": "안내"})
    assert delivery.run() == 2
    assert len(list(folder.glob("*.eml"))) == 2
    assert not list(folder.glob("*.part"))


def test_the_page_of_sample_mail(folder: Any, alice: User, client: Any) -> None:
    here = {"headers": {"host": "127.0.0.1:8000"}}
    assert "No mail yet" in client.get("/sample/mail/?lang=en", **here).content.decode()
    occasions.notify(
        "alarm", target="x", people=[alice], facts={"subject": "<b>안내</b>", "calendar": "BEGIN:VCALENDAR\r\n"}
    )
    delivery.run()
    page = client.get("/sample/mail/?lang=ko", **here)
    assert re.search(r"20\d\d년 \d+월 \d+일\(.\) \d\d:\d\d", page.content.decode())
    assert "&lt;b&gt;안내&lt;/b&gt;" in page.content.decode()
    name = next(folder.glob("*.eml")).name
    letter = client.get(f"/sample/mail/{name}/", **here).content.decode()
    assert "meeting.ics" in letter
    assert "Message-ID" in letter
    assert client.get("/sample/mail/..%2Fmail/", **here).status_code == 404
    assert client.get("/sample/mail/20260826T000000000000-00000000.eml/", **here).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "summit.example"},
        {"host": "127.0.0.1", "forwarded": "for=1.2.3.4"},
        {"host": "127.0.0.1", "x-forwarded-for": "1.2.3.4"},
        {"host": "127.0.0.1", "x-forwarded-host": "127.0.0.1"},
    ],
)
def test_sample_pages_do_not_exist_for_others(client: Any, settings: Any, headers: dict[str, str]) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert client.get("/sample/mail/", headers=headers).status_code == 404


def test_sample_pages_do_not_exist_elsewhere(client: Any, settings: Any) -> None:
    settings.SAMPLE_SITE = False
    assert client.get("/sample/mail/", headers={"host": "127.0.0.1"}).status_code == 404
