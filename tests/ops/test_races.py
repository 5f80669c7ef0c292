"""Many at once, against the real web server (V01, V02)."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from accounts.models import Society, User
from config.services import Services
from consultations import moderation, submission
from consultations.models import Case, Consultation, Opinion, Vote
from consultations.models.votes import VALUES
from tests.conftest import Make
from tests.ops.conftest import Site
from tests.ops.test_faults import TEXT

Serve = Callable[..., Site]


def published(alice: User, bob: User, consultation: Consultation) -> Opinion:
    made = submission.submit(user=alice, consultation=consultation, fields=TEXT)
    return moderation.publish(actor=bob, case=Case.objects.get(opinion=made))


def test_fifty_votes_of_one_member_at_once_are_one_vote(
    serve: Serve, broker: Services, alice: User, bob: User, frank: User, consultation: Consultation
) -> None:
    site, opinion = serve(broker.redis_url), published(alice, bob, consultation)
    address = f"/api/v1/opinions/{opinion.pk}/vote/"
    site.know(frank)
    with ThreadPoolExecutor(20) as crowd:
        sent = [random.choice(list(VALUES)) for _ in range(50)]
        answers = list(crowd.map(lambda value: site.call("PUT", address, {"value": value}, frank), sent))
    assert {status for status, _answer, _seconds in answers} <= {200, 409}
    vote = Vote.objects.get()
    assert vote.value in {VALUES[value] for value in sent}
    read = site.call("GET", f"/api/v1/opinions/{opinion.pk}/")[1]["votes"]
    assert sum(read.values()) == 1


def test_the_tally_of_many_is_what_they_were_told(
    serve: Serve,
    broker: Services,
    alice: User,
    bob: User,
    consultation: Consultation,
    society: Society,
    make_user: Make,
) -> None:
    site, opinion = serve(broker.redis_url), published(alice, bob, consultation)
    people = [make_user(f"Voter{n}", society) for n in range(60)]
    site.know(*people)

    def vote(person: User) -> str:
        status, answer, _seconds = site.call(
            "PUT", f"/api/v1/opinions/{opinion.pk}/vote/", {"value": random.choice(list(VALUES))}, person
        )
        assert status == 200, answer
        return str(answer["value"])

    with ThreadPoolExecutor(20) as crowd:
        told = Counter(crowd.map(vote, people))
    assert site.call("GET", f"/api/v1/opinions/{opinion.pk}/")[1]["votes"] == {word: told[word] for word in VALUES}
