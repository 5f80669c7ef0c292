"""Redaction: two people, then the words are gone from the text and from everything that was made or copied of it."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common.errors import Invalid, NotAllowed
from consultations import (
    arguments,
    counts,
    deciding,
    drafts,
    listing,
    redaction,
    search,
    similarity,
    submission,
    telling,
    vectors,
    versions,
    voting,
)
from consultations.models import (
    Argument,
    Decision,
    Draft,
    DraftVector,
    Opinion,
    OpinionVector,
    OpinionVersion,
    Redaction,
    SearchText,
)
from digests.models import Edition
from notifications.models import Message
from tests.consultations.stage import TEXT, Stage
from tests.consultations.test_holding import told

As = Callable[[User | None], Client]
NAME = "홍길동과장"


@pytest.fixture
def opinion(stage: Stage) -> Opinion:
    """Published, with a name in its sentence, its problem and whom it addresses."""
    return stage.publish(
        stage.submit(
            proposal=f"{NAME} 대신 위원회가 정하자", problem=f"첫 줄\n{NAME} 혼자 정한다", addressee=f"{NAME} 부서"
        )
    )


def redacted(stage: Stage, opinion: Opinion | Argument, words: str = NAME) -> Decision:
    places = redaction.find(opinion, words)
    first = redaction.propose(actor=stage.first, subject=opinion, places=places, reason="personal_data")
    return redaction.confirm(actor=stage.second, first=first)


def texts(opinion: Opinion) -> str:
    rows = OpinionVersion.objects.filter(opinion=opinion)
    return "\n".join(f"{v.proposal}\n{v.problem}\n{v.reason}\n{v.addressee}\n{v.evidence}" for v in rows)


def test_the_place_and_a_hash_stay_and_every_other_place_keeps_its_number(stage: Stage, opinion: Opinion) -> None:
    redacted(stage, opinion)
    assert NAME not in texts(opinion)
    version = OpinionVersion.objects.get(opinion=opinion)
    assert version.proposal == "█████ 대신 위원회가 정하자"
    assert version.problem == "첫 줄\n█████ 혼자 정한다"
    rows = {(r.field, r.start, r.length, r.fingerprint) for r in Redaction.objects.all()}
    assert rows == {
        (name, start, 5, redaction.fingerprint(NAME))
        for name, start in (("proposal", 0), ("problem", 4), ("addressee", 0))
    }


def test_the_hash_cannot_be_guessed_without_the_key(opinion: Opinion, settings: LazySettings) -> None:
    before = redaction.fingerprint(NAME)
    settings.SECRET_KEY = "another key of fifty characters and more 0123456789 abcdef"
    assert redaction.fingerprint(NAME) != before


def test_it_wants_two(stage: Stage, opinion: Opinion) -> None:
    places = redaction.find(opinion, NAME)
    first = redaction.propose(actor=stage.first, subject=opinion, places=places, reason="personal_data")
    assert NAME in texts(opinion)
    with pytest.raises(NotAllowed):
        redaction.confirm(actor=stage.first, first=first)
    with pytest.raises(deciding.NotPossible):
        redaction.propose(actor=stage.third, subject=opinion, places=places, reason="personal_data")
    redaction.decline(actor=stage.second, first=first)
    assert NAME in texts(opinion)
    with pytest.raises(deciding.AlreadyDecided):
        redaction.confirm(actor=stage.third, first=first)


def test_votes_stay_and_the_author_is_told(stage: Stage, opinion: Opinion) -> None:
    voting.cast(user=stage.member, opinion=opinion, value=1)
    voting.retally([opinion.pk])
    redacted(stage, opinion)
    assert counts.stored(Opinion.objects.get(pk=opinion.pk)).agree == 1
    words = "\n".join(told(telling.OPINION_DECIDED, stage.author)[-1].paragraphs)
    assert "Contains personal data" in words and NAME not in words


def test_every_version_can_be_redacted_also_one_that_waits(stage: Stage, opinion: Opinion) -> None:
    versions.propose_version(
        user=stage.author, opinion=opinion, fields=TEXT | {"reason": f"{NAME}, {NAME}", "proposal": "다른 제안"}
    )
    assert len(redaction.find(opinion, NAME)) == 5
    redacted(stage, opinion)
    assert NAME not in texts(opinion)


def test_evidence_is_a_text_of_lines(stage: Stage) -> None:
    opinion = stage.submit(evidence="https://example.org/a\nhttps://example.org/private-person\nhttps://example.org/c")
    redacted(stage, opinion, "private-person")
    version = OpinionVersion.objects.get(opinion=opinion)
    assert version.evidence == [
        "https://example.org/a", "https://example.org/" + "█" * len("private-person"), "https://example.org/c",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", ["none", "outside", "empty", "field", "version", "overlap", "many"])
def test_a_place_that_is_not_there_is_refused(stage: Stage, opinion: Opinion, wrong: str) -> None:
    place = redaction.find(opinion, NAME)[0]
    places = {
        "none": [],
        "outside": [place._replace(start=9_000)],
        "empty": [place._replace(length=0)],
        "field": [place._replace(field="opinion_id")],
        "version": [place._replace(version_id=1_000_000)],
        "overlap": [place, place._replace(start=place.start + 2)],
        "many": [place._replace(length=n) for n in range(1, 102)],
    }[wrong]
    with pytest.raises(Invalid):
        redaction.propose(actor=stage.first, subject=opinion, places=places, reason="personal_data")
    assert not Decision.objects.filter(verb="redact").exists()


def test_an_argument_is_redacted_too_but_not_once_its_author_changed_it(stage: Stage) -> None:
    argument = arguments.submit(
        user=stage.author, opinion=stage.another(), fields={"text": f"{NAME} 혼자 정한다", "side": "for"}
    )
    first = redaction.propose(
        actor=stage.second, subject=argument, places=redaction.find(argument, NAME), reason="personal_data"
    )
    arguments.request_changes(actor=stage.first, case=stage.case(argument), note="고쳐 주십시오")
    arguments.resubmit(user=stage.author, argument=argument, fields={"text": "다른 글이다, 길이가 같은", "side": "for"})
    with pytest.raises(deciding.TextMoved):
        redaction.confirm(actor=stage.third, first=first)
    arguments.publish(actor=stage.first, case=stage.case(argument))
    argument.refresh_from_db()
    redaction.decline(actor=stage.third, first=first)
    redacted(stage, argument, "다른 글")
    argument.refresh_from_db()
    assert argument.text.startswith("████이다")


# --- nothing else holds the words any more ------------------------------------------------------------


def test_search_finds_it_no_more(stage: Stage, opinion: Opinion) -> None:
    rows = Opinion.objects.published()
    assert search.matching(rows, NAME).exists()
    redacted(stage, opinion)
    assert not search.matching(rows, NAME).exists()
    assert "길동" not in str(SearchText.objects.values_list("vector", flat=True).get(opinion=opinion))


def test_vectors_and_similar_opinions_are_made_of_what_is_left(stage: Stage, opinion: Opinion) -> None:
    vectors.write_due()
    before = OpinionVector.objects.get(opinion=opinion)
    redacted(stage, opinion)
    assert not OpinionVector.objects.filter(opinion=opinion).exists()
    vectors.write_due()
    after = OpinionVector.objects.get(opinion=opinion)
    assert after.bands != before.bands and str(after.vector) != str(before.vector)
    assert not similarity.by_wording(opinion.consultation, f"{NAME} {NAME}")


def test_the_authors_drafts_and_their_vectors(stage: Stage, opinion: Opinion) -> None:
    fields = TEXT | {"proposal": f"{NAME} 대신 위원회", "problem": f'"{NAME}"\n둘째 줄'}
    draft = drafts.save(
        user=stage.author, consultation=stage.consultation, fields=fields, form=f"text:{opinion.number}", key=uuid4()
    )
    others = drafts.save(user=stage.member, consultation=stage.consultation, fields=fields, key=uuid4())
    vectors.write_due()
    redacted(stage, opinion)
    draft.refresh_from_db()
    assert NAME not in str(draft.fields) and draft.fields["problem"] == '"█████"\n둘째 줄' and draft.revision == 2
    assert not DraftVector.objects.filter(draft=draft).exists()
    others.refresh_from_db()
    assert NAME in str(others.fields), "what somebody else writes is theirs"
    assert Draft.objects.count() == 2


def test_mails_that_were_kept(stage: Stage, opinion: Opinion) -> None:
    delivery = stage.author.deliveries.first()
    assert delivery is not None
    message = Message.objects.create(
        user=stage.author, address=stage.author.email, language="ko", message_id="<1@x>", subject="x",
        text=f"제안: {NAME} 대신", html=f"<p>{NAME} 대신</p>",
    )  # fmt: skip
    elsewhere = Message.objects.create(
        user=stage.member, address="x@sample.test", language="ko", message_id="<2@x>", text=f"{NAME} 님, 안녕하십니까"
    )
    stage.author.deliveries.update(message=message)
    redacted(stage, opinion)
    message.refresh_from_db()
    elsewhere.refresh_from_db()
    assert NAME not in message.text + message.html and "█████ 대신" in message.text
    assert NAME in elsewhere.text


def test_kept_pages_and_lists(as_: As, stage: Stage, opinion: Opinion, settings: LazySettings) -> None:
    settings.PAGE_CACHE_SECONDS = 2
    address = f"/consultations/{stage.consultation.slug}/"
    visitor = as_(None)
    assert NAME in visitor.get(address).content.decode()
    assert f"{NAME} 부서" in listing.addressees(stage.consultation)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consultations.overwriting.transaction.on_commit", lambda act, robust: act())
        redacted(stage, opinion)
    assert listing.addressees(stage.consultation) == ["█████ 부서"]
    cache.clear()  # two seconds later
    for place in (address, opinion.get_absolute_url(), f"{opinion.get_absolute_url()}versions/"):
        assert NAME not in visitor.get(place).content.decode()


def test_a_draft_of_a_digest_goes_and_a_published_one_stays(stage: Stage, opinion: Opinion) -> None:
    facts = {
        "consultation": stage.consultation, "cutoff_at": timezone.now(), "publish_sequence": 1, "content_sha256": "x",
        "input_sha256": "x",
    }  # fmt: skip
    kept = Edition.objects.create(
        number=1, state=Edition.State.PUBLISHED, published_at=timezone.now(), content=NAME.encode(), **facts
    )
    Edition.objects.create(number=2, content=NAME.encode(), **facts)
    redacted(stage, opinion)
    assert list(Edition.objects.all()) == [kept]


def test_the_same_form_sent_again_is_still_known(stage: Stage) -> None:
    """The key alone answers; the text is another one now, so it is refused and no second opinion made."""
    key = str(uuid4())
    fields = TEXT | {"proposal": f"{NAME} 대신"}
    made = submission.submit(user=stage.author, consultation=stage.consultation, fields=fields, idempotency_key=key)
    redacted(stage, made)
    with pytest.raises(submission.KeyReused):
        submission.submit(user=stage.author, consultation=stage.consultation, fields=fields, idempotency_key=key)
