"""The sample: what a newcomer sees, whenever it is loaded, and once."""

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Count, F
from django.test import Client
from django.utils import timezone

from accounts import access, consent
from accounts.models import Membership, MembershipRequest, Role, RoleGrant, Society, User
from config.sample import content
from config.sample.dates import Dates, default_first_meeting
from config.sample.load import load
from config.sample_views import DOMAIN, PERSONAS
from consultations import voting
from consultations.models import Case, Consultation, Decision, Opinion, Participant, RollEntry, Vote
from summit.models import Meeting, Registration, Summit

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def loaded(db: None) -> Consultation:
    load()
    return Consultation.objects.get(slug="talent")


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@{DOMAIN}")


def test_summit_and_meetings(loaded: Consultation) -> None:
    summit = Summit.objects.get(slug="talent-summit")
    assert summit.is_sample and summit.title_ko == "이공계 인재 서밋"
    assert summit.title_en == "Science and engineering talent summit"
    starts = [meeting.starts_at.astimezone(SEOUL) for meeting in summit.meetings.all()]
    ends = [meeting.ends_at.astimezone(SEOUL) for meeting in summit.meetings.all()]
    assert [(at.month, at.day, at.hour) for at in starts] == [(8, 26, 14), (9, 2, 14)]
    assert [at.hour for at in ends] == [17, 17]
    for meeting in summit.meetings.all():
        assert sum(item.minutes_long or 0 for item in meeting.agenda.all()) == 180
        assert meeting.registrations.filter(state="registered").count() == 25


def test_consultation_and_its_phases(loaded: Consultation) -> None:
    second = Meeting.objects.order_by("-starts_at")[0].starts_at.astimezone(SEOUL)
    closes = [loaded.submissions_close_at.astimezone(SEOUL), loaded.voting_close_at.astimezone(SEOUL)]
    assert [(second.date() - at.date()).days for at in closes] == [2, 1]
    assert [(at.hour, at.minute) for at in closes] == [(18, 0), (18, 0)]
    assert loaded.submissions_are_open(timezone.now()) and loaded.voting_is_open(timezone.now())
    assert loaded.counts == "live" and loaded.themes.count() == 4
    assert timezone.now() - loaded.submissions_open_at < timedelta(days=14, minutes=1)


def test_personas_are_who_they_say(loaded: Consultation) -> None:
    for key in PERSONAS:
        user = person(key)
        assert ("예시" in user.name and "Sample" in user.name) and not user.has_usable_password()
        assert consent.is_current(user)
        assert access.is_member(user) is (key.startswith(("member", "moderator")) or key == "secretary")
    assert access.is_moderator(person("moderator-1")) and access.is_moderator(person("moderator-2"))
    assert access.is_organiser(person("organiser"))
    assert RoleGrant.objects.filter(user=person("official"), role=Role.OFFICIAL).exists()
    assert access.is_secretary_of(person("secretary"), Society.objects.get(slug="sample-materials").pk)
    assert person("admin").is_superuser and person("admin").is_staff
    staff = {f"{key}@{DOMAIN}" for key in ("moderator-1", "moderator-2", "organiser", "admin")}
    assert set(User.objects.filter(is_staff=True).values_list("email", flat=True)) == staff


def test_members_and_societies_are_invented(loaded: Consultation) -> None:
    assert Society.objects.count() == 8 and Membership.objects.values("user").distinct().count() >= 60
    assert all(name.startswith("가상") for name in Society.objects.values_list("name_ko", flat=True))
    assert all(name.startswith("Imaginary ") for name in Society.objects.values_list("name_en", flat=True))
    assert not User.objects.exclude(email__endswith="@sample.invalid").exists()
    assert not User.objects.exclude(name__contains="예시").exists()


def test_something_waits_for_the_secretary(loaded: Consultation) -> None:
    request = MembershipRequest.objects.get()
    assert (request.user, request.state) == (person("member-9"), "open")
    assert request.society == Society.objects.get(slug="sample-materials")


def test_opinions_queue_and_decisions(loaded: Consultation) -> None:
    published = Opinion.objects.filter(state="published")
    assert published.count() == 24 and {o.language for o in published} == {"ko", "en"}
    assert Case.objects.waiting().count() == 3 and Opinion.objects.filter(state="submitted").count() == 3
    assert set(published.values_list("publish_sequence", flat=True)) == set(range(1, 25))
    assert loaded.last_number == 27 and loaded.last_publish_sequence == 24
    for opinion in published:
        decision = opinion.decisions.get()
        assert decision.actor is not None and access.is_moderator(decision.actor)
        assert opinion.author is not None and opinion.author.user_id != decision.actor_id
        assert decision.case is not None and decision.case.closed_at == opinion.published_at
        assert opinion.submitted_at and opinion.published_at and opinion.submitted_at < opinion.published_at
    late = Opinion.objects.filter(submitted_at__lt=loaded.submissions_open_at)
    assert not late.exists() and not Opinion.objects.filter(submitted_at__gt=timezone.now()).exists()
    assert not Decision.objects.filter(created_at__gt=timezone.now()).exists()


def test_every_theme_has_opinions(loaded: Consultation) -> None:
    counts = loaded.themes.annotate(n=Count("opinions")).values_list("n", flat=True)
    assert min(counts) >= 4


def test_votes_show_agreement_division_and_structure(loaded: Consultation) -> None:
    shares = [
        o.agree_count / (o.agree_count + o.pass_count + o.disagree_count)
        for o in Opinion.objects.filter(state="published")
    ]
    assert sum(share > 0.7 for share in shares) >= 6
    assert sum(0.35 < share < 0.6 for share in shares) >= 4
    assert voting.participants_voted(loaded) >= 60 and Vote.objects.counting().count() > 1_000


def test_tallies_are_right_and_votes_lie_in_their_phase(loaded: Consultation) -> None:
    assert voting.retally_consultation(loaded.pk) == 0
    assert Opinion.objects.filter(state="submitted", agree_count=0, votes=None).count() == 3
    assert not Vote.objects.filter(changed_at__lt=F("opinion__published_at")).exists()
    assert not Vote.objects.filter(changed_at__gt=timezone.now()).exists()


def test_personas_have_not_voted(loaded: Consultation) -> None:
    emails = [f"{key}@{DOMAIN}" for key in PERSONAS]
    assert not Vote.objects.filter(participant__user__email__in=emails).exists()


def test_the_roll_holds_every_member_once(loaded: Consultation) -> None:
    assert (
        RollEntry.objects.count() == Membership.objects.values("user").distinct().count() == Participant.objects.count()
    )
    assert RollEntry.objects.filter(participant__votes__isnull=False, fixed_at=None).count() == 0
    assert not RollEntry.objects.exclude(entered_at=loaded.voting_open_at).exists()
    small = RollEntry.objects.filter(society__slug="sample-earth").count()
    assert 0 < small < 5


def test_a_second_load_changes_nothing(loaded: Consultation) -> None:
    before = [model.objects.count() for model in (User, Opinion, Vote, Registration, Decision)]
    assert load().changed is False
    assert load(first_meeting=date(2030, 1, 1)).changed is False
    assert [model.objects.count() for model in (User, Opinion, Vote, Registration, Decision)] == before


def test_the_first_meeting_moves_everything(db: None) -> None:
    day = timezone.localdate() + timedelta(days=10)
    call_command("load_sample", first_meeting=day, verbosity=0)
    consultation = Consultation.objects.get(slug="talent")
    first, second = Meeting.objects.order_by("starts_at")
    assert (timezone.localdate(first.starts_at), timezone.localdate(second.starts_at)) == (day, day + timedelta(days=7))
    assert timezone.localdate(consultation.voting_close_at) == day + timedelta(days=6)
    assert consultation.voting_is_open(timezone.now())


def test_a_first_meeting_that_is_over_gives_a_closed_consultation(db: None) -> None:
    load(first_meeting=timezone.localdate() - timedelta(days=60))
    consultation = Consultation.objects.get(slug="talent")
    assert consultation.is_closed(timezone.now())
    assert not Vote.objects.filter(changed_at__gt=consultation.voting_close_at).exists()
    assert consultation.submissions_close_at - consultation.submissions_open_at == timedelta(days=14)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-01-01T00:00+09:00", date(2026, 8, 26)),
        ("2026-08-30T23:59+09:00", date(2026, 8, 26)),
        ("2026-08-31T00:00+09:00", date(2027, 8, 26)),
        ("2026-08-30T15:00+00:00", date(2027, 8, 26)),
        ("2026-12-31T16:00+00:00", date(2027, 8, 26)),
    ],
)
def test_the_year(now: str, expected: date) -> None:
    assert default_first_meeting(datetime.fromisoformat(now)) == expected


@pytest.mark.parametrize("now", ["2027-08-16T10:00+09:00", "2027-08-30T23:00+09:00", "2027-08-31T00:30+09:00"])
def test_dates_keep_their_order(now: str) -> None:
    moment = datetime.fromisoformat(now)
    dates = Dates(default_first_meeting(moment), moment)
    assert dates.opens == moment - timedelta(days=14)
    assert moment < dates.submissions_close < dates.voting_close < dates.meetings[1][0]
    assert dates.voting_close - dates.submissions_close == timedelta(days=1)


def test_loading_takes_less_than_five_seconds(db: None) -> None:
    began = time.perf_counter()
    load()
    assert time.perf_counter() - began < 5


def test_it_does_not_take_over_another_summit(summit: Summit) -> None:
    summit.slug = "talent-summit"
    summit.save()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load_sample")
    assert not User.objects.exists()


def test_the_same_sample_every_time() -> None:
    assert len({entry.fields["proposal"] for entry in content.opinions()}) == 27
    for entry in content.opinions():
        assert all(link.startswith("https://example.org/") for link in entry.fields["evidence"])
        assert len(str(entry.fields["proposal"])) <= 140
        assert len(entry.agree) in (0, 3)


def test_the_command_says_when_the_meetings_are(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with time_machine.travel("2026-05-01T09:00+09:00"):
        call_command("load_sample")
    assert "meetings on 2026-08-26 and 2026-09-02" in capsys.readouterr().out
    call_command("load_sample")
    assert "there already" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_show_it(loaded: Consultation, client: Client, language: str) -> None:
    for address in ("/", "/summits/", loaded.summit.get_absolute_url(), loaded.get_absolute_url()):
        assert client.get(address, headers={"accept-language": language}).status_code == 200
