"""Submitting an opinion."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError, Invalid, NotAllowed
from consultations import submission
from consultations.models import Case, Consultation, Opinion, RollEntry, Theme
from notifications.models import Delivery
from tests.consultations.conftest import TEXT


def test_it_makes_row_version_case_and_receipt(alice: User, consultation: Consultation, theme: Theme) -> None:
    made = submission.submit(user=alice, consultation=consultation, fields={**TEXT, "theme": theme.pk})
    assert (made.number, made.state, made.language, made.theme_id) == (1, "submitted", "ko", theme.pk)
    assert made.versions.get().proposal == TEXT["proposal"]
    assert Case.objects.get(opinion=made).kind == "new"
    assert Delivery.objects.get(user=alice).occasion.kind == "opinion_received"


def test_numbers_follow_each_other(alice: User, frank: User, consultation: Consultation) -> None:
    made = [submission.submit(user=u, consultation=consultation, fields=TEXT) for u in (alice, frank, alice)]
    assert [o.number for o in made] == [1, 2, 3]


def test_the_author_enters_the_roll_and_the_society_is_fixed(alice: User, consultation: Consultation) -> None:
    submission.submit(user=alice, consultation=consultation, fields=TEXT)
    entry = RollEntry.objects.get(participant__user=alice)
    assert entry.society.slug == "materials"
    assert entry.fixed_at is not None


def test_w01_the_same_key_is_the_same_opinion(alice: User, consultation: Consultation) -> None:
    first = submission.submit(user=alice, consultation=consultation, fields=TEXT, idempotency_key="k")
    again = submission.submit(user=alice, consultation=consultation, fields=TEXT, idempotency_key="k")
    assert first.pk == again.pk
    assert Opinion.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_w01_the_same_key_with_another_text_is_refused(alice: User, consultation: Consultation) -> None:
    submission.submit(user=alice, consultation=consultation, fields=TEXT, idempotency_key="k")
    with pytest.raises(DomainError) as caught:
        submission.submit(
            user=alice, consultation=consultation, fields={**TEXT, "reason": "다른 글"}, idempotency_key="k"
        )
    assert (caught.value.code, caught.value.status) == ("key_reused", 422)


@pytest.mark.parametrize("name", ["proposal", "problem", "reason"])
@pytest.mark.parametrize(
    "value", ["", "   ", "👍👍", "\u202e\u200b", "…!?"], ids=["empty", "blank", "emoji", "invisible", "marks"]
)
def test_what_says_nothing_is_refused(alice: User, consultation: Consultation, name: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        submission.submit(user=alice, consultation=consultation, fields={**TEXT, name: value})
    assert list(caught.value.fields) == [name]
    assert not Opinion.objects.exists()


def test_too_long_says_by_how_much(alice: User, consultation: Consultation) -> None:
    with pytest.raises(Invalid) as caught:
        submission.submit(user=alice, consultation=consultation, fields={**TEXT, "proposal": "가" * 141})
    assert "1" in caught.value.fields["proposal"][0]


def test_w14_decomposed_hangul_is_stored_and_counted_composed(alice: User, consultation: Consultation) -> None:
    import unicodedata

    long = unicodedata.normalize("NFD", "한" * 140)
    made = submission.submit(user=alice, consultation=consultation, fields={**TEXT, "proposal": long})
    assert made.versions.get().proposal == "한" * 140


def test_direction_tricks_are_taken_out(alice: User, consultation: Consultation) -> None:
    made = submission.submit(user=alice, consultation=consultation, fields={**TEXT, "proposal": "보고\u202efdp.서\x07"})
    assert made.versions.get().proposal == "보고fdp.서"


def test_evidence_is_a_doi_or_a_link(alice: User, consultation: Consultation) -> None:
    fields = {**TEXT, "evidence": "https://doi.org/10.1038/s41586-020-1\n10.1126/science.1\n\nhttps://example.org/a"}
    made = submission.submit(user=alice, consultation=consultation, fields=fields)
    assert made.versions.get().evidence == [
        "doi:10.1038/s41586-020-1",
        "doi:10.1126/science.1",
        "https://example.org/a",
    ]
    with pytest.raises(Invalid) as caught:
        submission.submit(user=alice, consultation=consultation, fields={**TEXT, "evidence": "javascript:alert(1)"})
    assert list(caught.value.fields) == ["evidence"]


def test_another_consultations_theme_is_refused(alice: User, consultation: Consultation) -> None:
    for theme in (10**9, "x", "9" * 400, [1]):
        with pytest.raises(Invalid):
            submission.submit(user=alice, consultation=consultation, fields={**TEXT, "theme": theme})


def test_who_belongs_nowhere_may_not(eve: User, consultation: Consultation) -> None:
    with pytest.raises(NotAllowed):
        submission.submit(user=eve, consultation=consultation, fields=TEXT)
    assert not RollEntry.objects.exists()


@pytest.mark.parametrize("days", [-1, 8], ids=["before", "after"])
def test_the_phase_is_kept(alice: User, consultation: Consultation, days: int) -> None:
    now = timezone.now()
    Consultation.objects.update(
        submissions_open_at=now + timedelta(days=1 if days < 0 else -9),
        submissions_close_at=now + timedelta(days=2 if days < 0 else -1),
    )
    with pytest.raises(DomainError) as caught:
        submission.submit(user=alice, consultation=consultation, fields=TEXT)
    assert caught.value.code == "submissions_closed"
    assert not Opinion.objects.exists()
    assert not RollEntry.objects.exists()


def test_a_doi_that_is_too_long_is_refused_and_not_cut(alice: User, consultation: Consultation) -> None:
    with pytest.raises(Invalid) as caught:
        submission.submit(user=alice, consultation=consultation, fields={**TEXT, "evidence": "10.1234/" + "a" * 600})
    assert list(caught.value.fields) == ["evidence"]
