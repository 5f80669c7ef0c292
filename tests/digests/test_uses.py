"""An opinion's page names the editions that hold it."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from consultations import moderation, submission
from consultations.models import Case, Consultation
from digests import uses
from digests.models import Edition

TEXT = {"proposal": "박사후연구원을 위한 독립 직군을 만들자", "problem": "문제", "reason": "이유"}


@pytest.mark.parametrize(("state", "named"), [("draft", False), ("published", True)])
def test_published_editions_are_named(
    client: Client, alice: User, bob: User, consultation: Consultation, state: str, named: bool
) -> None:
    made = submission.submit(user=alice, consultation=consultation, fields=TEXT)
    opinion = moderation.publish(actor=bob, case=Case.objects.get(opinion=made))
    for number, sequence in ((1, 0), (2, 1)):
        Edition.objects.create(
            consultation=consultation, number=number, cutoff_at=timezone.now(), publish_sequence=sequence, content=b"{}",
            content_sha256="0" * 64, input_sha256="1" * 64, state=state,
            published_at=timezone.now() if state == "published" else None,
        )  # fmt: skip
    assert [use.address.rstrip("/")[-1] for use in uses.of(opinion)] == (["2"] if named else [])
    page = client.get(opinion.get_absolute_url()).content.decode()
    assert ("/digests/2/" in page) is named and "/digests/1/" not in page
