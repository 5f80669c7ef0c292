"""Making and changing a consultation: pages, admin and capability under one set of rules."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common.errors import Invalid, NotAllowed
from consultations import organising, submission
from consultations.models import Case, Consultation, Opinion, Theme
from summit.models import Summit
from tests.consultations.conftest import TEXT

As = Callable[[User | None], Client]
NEW = "/organise/summits/talent/consultations/new/"


def typed(**changes: str) -> dict[str, str]:
    """What an organiser types."""
    return {
        "slug": "next",
        "title_ko": "다음 질문",
        "title_en": "The next question",
        "submissions_open_at": "2027-01-01T09:00",
        "submissions_close_at": "2027-01-20T18:00",
        "voting_open_at": "2027-01-01T09:00",
        "voting_close_at": "2027-01-31T18:00",
        "counts": "live",
        "themes": "보수 | Pay\n경력 | Careers",
        **changes,
    }


def test_it_is_made_with_its_themes(as_: As, dan: User, summit: Summit) -> None:
    assert as_(dan).post(NEW, typed()).status_code == 302
    made = Consultation.objects.get(slug="next")
    assert [t.title_en for t in made.themes.all()] == ["Pay", "Careers"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("submissions_open_at", "0001-01-01T00:00"),
        ("voting_close_at", "9999-12-31T23:59"),
        ("submissions_close_at", "2027-01-31T12:00"),
        ("voting_close_at", "2026-01-01T00:00"),
        ("themes", "보수 | Pay\n보수 | Wages"),
        ("themes", f"{'가' * 101} | Pay"),
        ("themes", "보수"),
    ],
)
def test_what_breaks_a_rule_is_said_and_nothing_is_stored(
    as_: As, dan: User, summit: Summit, name: str, value: str
) -> None:
    answer = as_(dan).post(NEW, typed(**{name: value}))
    assert answer.status_code == 422
    assert "다음 질문" in answer.content.decode()
    assert not Consultation.objects.filter(slug="next").exists()


def test_a_save_keeps_numbers_that_others_gave_meanwhile(
    dan: User, alice: User, consultation: Consultation, theme: Theme
) -> None:
    stale = Consultation.objects.get()
    submission.submit(user=alice, consultation=consultation, fields=TEXT)
    stale.title_en = "Changed"
    organising.save(actor=dan, consultation=stale)
    made = submission.submit(user=alice, consultation=consultation, fields=TEXT)
    assert made.number == 2
    assert Consultation.objects.get().title_en == "Changed"


def test_closing_earlier_recounts_everything(dan: User, consultation: Consultation, opinion: Opinion) -> None:
    Opinion.objects.update(agree_count=99)
    consultation.refresh_from_db()
    consultation.voting_close_at = timezone.now()
    consultation.submissions_close_at = timezone.now() - timedelta(days=2)
    organising.save(actor=dan, consultation=consultation)
    assert Opinion.objects.get().agree_count == 0


def test_the_address_stays(as_: As, dan: User, consultation: Consultation) -> None:
    as_(dan).post("/organise/consultations/talent/", typed(slug="renamed"))
    assert Consultation.objects.get().slug == "talent"


def test_members_may_not(alice: User, consultation: Consultation) -> None:
    with pytest.raises(NotAllowed):
        organising.save(actor=alice, consultation=consultation)


def test_a_theme_in_use_stays(dan: User, alice: User, consultation: Consultation, theme: Theme) -> None:
    submission.submit(user=alice, consultation=consultation, fields={**TEXT, "theme": theme.pk})
    organising.save(actor=dan, consultation=consultation, themes=[])
    assert list(consultation.themes.all()) == [theme]


def test_a_theme_taken_away_meanwhile_is_refused_in_words(
    alice: User, consultation: Consultation, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = submission.check

    def check_then_lose(*args: object) -> dict[str, object]:
        checked = check(*args)  # type: ignore[arg-type]
        Theme.objects.filter(pk=theme.pk).delete()
        return checked

    monkeypatch.setattr(submission, "check", check_then_lose)
    with pytest.raises(Invalid):
        submission.submit(user=alice, consultation=consultation, fields={**TEXT, "theme": theme.pk})


class TestAdmin:
    def test_every_row_opens(self, as_: As, dan: User, bob: User, opinion: Opinion, consultation: Consultation) -> None:
        case = Case.objects.get()
        addresses = {
            bob: [f"opinion/{opinion.pk}/change/", f"case/{case.pk}/change/", "opinion/", "case/"],
            dan: [f"consultation/{consultation.pk}/change/", "consultation/add/", f"opinion/{opinion.pk}/change/"],
        }
        for person, pages in addresses.items():
            client = as_(person)
            for page in pages:
                assert client.get(f"/admin/consultations/{page}").status_code == 200, page

    def test_phases_follow_the_same_rules(self, as_: As, dan: User, consultation: Consultation) -> None:
        data = {
            "title_ko": "질문", "title_en": "Question", "counts": "live", "about_ko": "", "about_en": "", "attribution": "",
            "themes-TOTAL_FORMS": "0", "themes-INITIAL_FORMS": "0",
        }  # fmt: skip
        for name, day in zip(organising.PHASES, ("2027-01-01", "2027-01-31", "2027-01-01", "2027-01-31"), strict=True):
            data |= {f"{name}_0": day, f"{name}_1": "18:00:00"}
        address = f"/admin/consultations/consultation/{consultation.pk}/change/"
        client = as_(dan)
        before = Consultation.objects.get().voting_close_at
        assert client.post(address, data).status_code == 200  # less than a day to vote on the last opinion
        assert Consultation.objects.get().voting_close_at == before
        data["submissions_close_at_0"] = "2027-01-20"
        assert client.post(address, data).status_code == 302
        assert Consultation.objects.get().title_en == "Question"
