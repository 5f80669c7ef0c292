"""Words planted in everything that must stay inside: no file of an edition holds one of them."""

import pytest

from accounts.models import Society
from consultations.models import Consultation, Merge, Opinion, OpinionVersion
from tests.digests import reading
from tests.digests.conftest import Join, Publish, compiled

pytestmark = pytest.mark.django_db(transaction=True)
HIDDEN = ("draft", "submitted", "held", "rejected", "removed", "merged", "withdrawn")


def test_what_is_not_published_is_in_no_file(
    consultation: Consultation, society: Society, join: Join, publish: Publish
) -> None:
    """X09: texts in every other state, pending and earlier versions, who is not quoted, names, addresses, reasons."""
    voters = join(society, 6)
    shown = publish("보이는 제안", voters, [1] * 6, problem="보이는 문제", author=voters[0], shown_as="society")
    publish("이름 없는 제안", problem="planted-unquoted", reason="planted-unquoted", quote=False, author=voters[1])
    into = Merge.objects.create(target=shown, is_joint=False)
    for state in HIDDEN:
        merged = {"merge": into} if state == "merged" else {}
        never = {"publish_sequence": None, "published_at": None}
        publish(f"planted-{state}", problem=f"planted-{state}", state=state, **never, **merged)
    OpinionVersion.objects.create(opinion=shown, number=2, votes_since=2, proposal="planted-pending")
    Opinion.objects.filter(state="rejected").update(author=voters[2])
    edition = compiled(consultation)
    documents = list(edition.documents.all())
    assert len(documents) >= 10
    names = [voter.user.name for voter in voters if voter.user] + [voter.user.email for voter in voters if voter.user]
    for document in documents:
        inside = reading.unpacked(bytes(document.content))
        text = reading.TEXTS[document.format](bytes(document.content)) if document.format in reading.TEXTS else ""
        assert b"planted" not in inside and "planted" not in text, document.name
        for name in names:
            assert name.encode() not in inside and name not in text, (document.name, name)
        assert "보이는 제안" in text or document.format not in reading.TEXTS, document.name
