"""The pages of meetings, for everyone and for organisers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.models import Occasion
from summit import registration
from summit.models import AgendaItem, Meeting, Registration, Summit

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


def typed(**changes: Any) -> dict[str, Any]:
    """A meeting as it is typed."""
    year = timezone.now().year + 1
    return {
        "title_ko": "둘째 회의", "title_en": "Second meeting", "time_zone": "Asia/Seoul",
        "starts_local": f"{year}-09-02T14:00", "ends_local": f"{year}-09-02T17:00", **changes,
    }  # fmt: skip


def test_public_pages(client: Client, summit: Summit, meeting: Meeting) -> None:
    AgendaItem.objects.create(meeting=meeting, order=1, title_ko="개회", title_en="Opening", minutes_long=10)
    Meeting.objects.update(minutes_ko="회의록 <b>", minutes_en="Minutes <b>", place_en="Seoul")
    for address in ("/summits/", f"/summits/{summit.slug}/", f"/meetings/{meeting.pk}/"):
        for language, title in (("en", "First meeting"), ("ko", "1차 회의")):
            answer = client.get(f"{address}?lang={language}")
            assert answer.status_code == 200
            assert title in answer.content.decode()
            assert client.post(address).status_code == 405
    page = client.get(f"/meetings/{meeting.pk}/?lang=en").content.decode()
    assert "Opening" in page
    assert "Minutes &lt;b&gt;" in page
    assert "Asia/Seoul, KST" in page
    assert "style=" not in page.replace("stylesheet", "")


def test_what_is_not_there(client: Client) -> None:
    for address in (
        "/summits/none/", "/summits/none/calendar.ics", "/meetings/00000000-0000-4000-8000-000000000000/",
        "/meetings/00000000-0000-4000-8000-000000000000/calendar.ics", "/meetings/7/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_list_costs_the_same_whatever_its_length(
    client: Client, summit: Summit, rows: int, django_assert_num_queries: Any
) -> None:
    start = timezone.now() + timedelta(days=3)
    Meeting.objects.bulk_create(
        Meeting(summit=summit, title_ko="회의", title_en="Meeting", starts_at=start, ends_at=start + timedelta(hours=1))
        for _ in range(rows)
    )
    for address, queries in (("/summits/", 2), (f"/summits/{summit.slug}/", 3)):
        with django_assert_num_queries(queries):
            client.get(address)


def test_a_reader_abroad_sees_both_clocks(as_: SignIn, alice: User, meeting: Meeting) -> None:
    alice.time_zone = "Europe/Berlin"
    alice.save()
    page = as_(alice).get(f"/meetings/{meeting.pk}/?lang=en").content.decode()
    assert "On your clock" in page
    assert "Europe/Berlin" in page
    alice.time_zone = "Asia/Tokyo"
    alice.save()
    assert "On your clock" not in as_(alice).get(f"/meetings/{meeting.pk}/?lang=en").content.decode()


def test_registering_on_the_page(as_: SignIn, alice: User, meeting: Meeting) -> None:
    address = f"/meetings/{meeting.pk}/"
    visitor = as_(None)
    assert visitor.post(f"{address}register/").status_code == 302
    assert registration.taken(meeting) == 0
    client = as_(alice)
    assert client.get(f"{address}register/").status_code == 405
    page = client.post(f"{address}register/?lang=en", follow=True).content.decode()
    assert "You are registered." in page
    assert registration.taken(meeting) == 1
    client.post(f"{address}unregister/")
    assert registration.taken(meeting) == 0


def test_a_full_meeting_says_so(as_: SignIn, alice: User, eve: User, meeting: Meeting) -> None:
    Meeting.objects.update(capacity=1)
    registration.register(user=eve, meeting=meeting)
    page = as_(alice).post(f"/meetings/{meeting.pk}/register/?lang=en", follow=True).content.decode()
    assert "All places at this meeting are taken." in page


ORGANISERS = ["/organise/summits/new/", "/organise/summits/talent/", "/organise/summits/talent/meetings/new/"]
POSTS = ["", "agenda/", "invite/", "remind/", "cancel/"]


def test_organisers_only(as_: SignIn, alice: User, bob: User, dan: User, meeting: Meeting) -> None:
    posts = [f"/organise/meetings/{meeting.pk}/{end}" for end in POSTS]
    for person in (alice, bob):
        client = as_(person)
        assert {client.get(address).status_code for address in ORGANISERS} == {403}
        assert {client.post(address).status_code for address in posts} == {403}
    assert {as_(None).get(address).status_code for address in ORGANISERS} == {302}
    assert {as_(dan).get(address).status_code for address in [*ORGANISERS, posts[0]]} == {200}
    assert {as_(dan).get(address).status_code for address in posts[1:]} == {405}


def test_making_a_summit_and_a_meeting(as_: SignIn, dan: User) -> None:
    client = as_(dan)
    answer = client.post("/organise/summits/new/", {"slug": "series", "title_ko": "서밋", "title_en": "Summit"})
    assert answer["Location"] == "/organise/summits/series/"
    answer = client.post("/organise/summits/series/meetings/new/", typed(time_zone="Europe/Berlin"))
    made = Meeting.objects.get()
    assert answer["Location"] == f"/organise/meetings/{made.pk}/"
    assert (made.starts_at.hour, made.sequence) == (12, 0)  # 14:00 in Berlin's summer
    answer = client.post("/organise/summits/series/", {"title_ko": "새 서밋", "title_en": "Summit", "slug": "other"})
    assert Summit.objects.get().title_ko == "새 서밋"
    assert Summit.objects.get().slug == "series"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title_ko": ""}, "This field is required"),
        ({"time_zone": "Mars/Olympus"}, "is not a time zone"),
        ({"starts_local": "tomorrow"}, "Write date and time like this"),
        ({"ends_local": "2020-01-01T00:00"}, "A meeting ends after it starts"),
        ({"time_zone": "Europe/Berlin", "starts_local": "2026-03-29T02:30"}, "does not exist in Europe/Berlin"),
        ({"capacity": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_bad_form_comes_back_as_it_was_typed(
    as_: SignIn, dan: User, summit: Summit, meeting: Meeting, changes: dict[str, str], said: str
) -> None:
    sent = typed(**changes, place_ko="한국과학기술회관 <지하>")
    for address in (f"/organise/summits/{summit.slug}/meetings/new/", f"/organise/meetings/{meeting.pk}/"):
        answer = as_(dan).post(f"{address}?lang=en", sent)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert said in page
        assert "한국과학기술회관 &lt;지하&gt;" in page
        for value in changes.values():
            assert value in page
    assert Meeting.objects.count() == 1


def test_changing_a_meeting_keeps_its_times_on_its_own_clock(as_: SignIn, dan: User, meeting: Meeting) -> None:
    address = f"/organise/meetings/{meeting.pk}/"
    Meeting.objects.update(time_zone="America/Los_Angeles")
    before = Meeting.objects.get()
    shown = as_(dan).get(address).context["form"]
    sent: dict[str, Any] = {name: shown[name].value() or "" for name in shown.fields}
    sent |= {name: sent[name].strftime("%Y-%m-%dT%H:%M") for name in ("starts_local", "ends_local")}
    assert as_(dan).post(address, sent).status_code == 302
    after = Meeting.objects.get()
    assert after.starts_at == before.starts_at.replace(second=0, microsecond=0)
    assert after.time_zone == "America/Los_Angeles"


def test_the_agenda_on_the_page(as_: SignIn, dan: User, meeting: Meeting) -> None:
    client, address = as_(dan), f"/organise/meetings/{meeting.pk}/agenda/"
    form = {"agenda-TOTAL_FORMS": "2", "agenda-INITIAL_FORMS": "0"}
    client.post(address, form | {"agenda-0-title_ko": "개회", "agenda-0-title_en": "Opening"})
    (item,) = meeting.agenda.all()
    bad = form | {
        "agenda-INITIAL_FORMS": "1",
        "agenda-0-id": str(item.pk),
        "agenda-0-title_ko": "바꿈",
        "agenda-0-title_en": "",
    }
    answer = client.post(address, bad)
    assert answer.status_code == 400
    assert "바꿈" in answer.content.decode()
    client.post(address, bad | {"agenda-0-title_en": "Changed"})
    item.refresh_from_db()
    assert item.title_en == "Changed"
    client.post(address, bad | {"agenda-0-title_en": "Changed", "agenda-0-DELETE": "on"})
    assert not meeting.agenda.exists()


def test_inviting_by_address(as_: SignIn, dan: User, eve: User, meeting: Meeting) -> None:
    client, address = as_(dan), f"/organise/meetings/{meeting.pk}/invite/"
    answer = client.post(f"{address}?lang=en", {"addresses": "new@sample.test\nnot an address"})
    assert answer.status_code == 400
    assert "Not an e-mail address: not an address" in answer.content.decode()
    assert not User.objects.filter(email="new@sample.test").exists()
    client.post(address, {"addresses": f"NEW@sample.test\n\n{eve.email}, \nnew@sample.test"})
    assert Registration.objects.filter(meeting=meeting, state="invited").count() == 2
    assert Occasion.objects.filter(kind="meeting_invited").count() == 2


def test_the_button_says_what_happened(as_: SignIn, dan: User, alice: User, meeting: Meeting) -> None:
    registration.register(user=alice, meeting=meeting)
    client, address = as_(dan), f"/organise/meetings/{meeting.pk}/remind/?lang=en"
    assert "on its way" in client.post(address, follow=True).content.decode()
    assert "within the last hour" in client.post(address, follow=True).content.decode()
    client.post(f"/organise/meetings/{meeting.pk}/cancel/")
    assert "nobody is reminded" in client.post(address, follow=True).content.decode()
    client.post(f"/organise/meetings/{meeting.pk}/cancel/", {"restore": "1"})
    assert Meeting.objects.get().is_cancelled is False


def test_the_admin_calls_the_same_functions(as_: SignIn, dan: User, summit: Summit, meeting: Meeting) -> None:
    client = as_(dan)
    item = AgendaItem.objects.create(meeting=meeting, order=1, title_ko="개회", title_en="Opening")
    base = f"/admin/summit/meeting/{meeting.pk}/change/"
    assert client.get(base).status_code == 200
    agenda = {
        "agenda-TOTAL_FORMS": "2", "agenda-INITIAL_FORMS": "1", "agenda-MIN_NUM_FORMS": "0", "agenda-MAX_NUM_FORMS": "1000",
        "agenda-0-id": str(item.pk), "agenda-0-meeting": str(meeting.pk), "agenda-0-order": "2",
        "agenda-0-title_ko": "개회", "agenda-0-title_en": "Opening",
        "agenda-1-meeting": str(meeting.pk), "agenda-1-order": "1", "agenda-1-title_ko": "등록", "agenda-1-title_en": "Desk",
    }  # fmt: skip
    answer = client.post(base, typed() | agenda)
    assert answer.status_code == 302, answer.context["errors"]
    meeting.refresh_from_db()
    assert (meeting.title_en, meeting.sequence) == ("Second meeting", 1)
    assert [one.title_en for one in meeting.agenda.all()] == ["Desk", "Opening"]
    none = {"agenda-TOTAL_FORMS": "0", "agenda-INITIAL_FORMS": "0"}
    answer = client.post("/admin/summit/meeting/add/", typed(summit=str(summit.pk)) | none)
    assert answer.status_code == 302
    assert Meeting.objects.count() == 2
    answer = client.post("/admin/summit/summit/add/", {"slug": "other", "title_ko": "서밋", "title_en": "Summit"})
    assert answer.status_code == 302
    assert Summit.objects.count() == 2
    for page in (
        "/admin/summit/summit/",
        "/admin/summit/meeting/",
        "/admin/summit/registration/",
        f"/admin/summit/summit/{summit.pk}/change/",
    ):
        assert client.get(page).status_code == 200
    assert client.post(f"/admin/summit/meeting/{meeting.pk}/delete/").status_code == 403
