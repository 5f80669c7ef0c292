"""The broker is gone, the database threw everybody out: what was promised still holds (Q03, Q06)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from accounts.models import User
from config.services import Services
from consultations import moderation
from consultations.models import Case, Consultation, Opinion, Vote
from notifications.models import Occasion
from tests.ops.conftest import Site

TEXT = {"proposal": "Give postdocs contracts of three years", "problem": "They leave.", "reason": "Time to finish."}
OPINIONS = "/api/v1/consultations/talent/opinions/"
Serve = Callable[..., Site]


def test_without_a_broker_everything_is_still_stored(
    serve: Serve, broker: Services, alice: User, frank: User, bob: User, consultation: Consultation
) -> None:
    site = serve(broker.redis_url)
    assert site.call("GET", "/health/ready")[:2] == (
        200, {"status": "ok", "database": "ok", "migrations": "ok", "broker": "ok"},
    )  # fmt: skip
    assert broker.valkey is not None
    broker.valkey.terminate()
    broker.valkey.wait()

    status, made, seconds = site.call("POST", OPINIONS, TEXT, alice)
    assert (status, made["status"]) == (201, "submitted") and seconds < 2
    assert Occasion.objects.filter(kind="opinion_received", target=f"opinion:{made['id']}").count() == 1
    moderation.publish(actor=bob, case=Case.objects.get(opinion=made["id"]))
    status, _answer, seconds = site.call("PUT", f"/api/v1/opinions/{made['id']}/vote/", {"value": "agree"}, frank)
    assert status == 200 and seconds < 2
    assert Vote.objects.get(opinion=made["id"]).value == 1
    status, answer, seconds = site.call("GET", OPINIONS)
    assert (status, len(answer["results"])) == (200, 1) and seconds < 2
    assert site.call("GET", "/health/ready")[:2] == (
        200, {"status": "degraded", "database": "ok", "migrations": "ok", "broker": "away"},
    )  # fmt: skip


def end_every_connection() -> int:
    """Throw everybody else out of the test database, as a restart does; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_after_the_database_ended_every_connection_the_next_request_works(
    serve: Serve, broker: Services, frank: User, alice: User, bob: User, consultation: Consultation
) -> None:
    site = serve(broker.redis_url)
    made = site.call("POST", OPINIONS, TEXT, alice)[1]
    moderation.publish(actor=bob, case=Case.objects.get(opinion=made["id"]))
    vote = f"/api/v1/opinions/{made['id']}/vote/"
    for value in ("agree", "disagree"):
        with ThreadPoolExecutor(8) as crowd:  # so that the server's pool holds several connections
            for status, _answer, _seconds in crowd.map(lambda _n: site.call("GET", OPINIONS), range(64)):
                assert status == 200
        assert end_every_connection() >= 4
        status, answer, seconds = site.call("PUT", vote, {"value": value}, frank)
        assert (status, answer["value"]) == (200, value) and seconds < 2
    assert Opinion.objects.get().votes.get().value == -1


def test_without_a_database_it_lives_but_is_not_ready(serve: Serve, broker: Services) -> None:
    nowhere = "postgres://nobody@%2Fnonexistent/none"
    site = serve(broker.redis_url, DATABASE_URL=nowhere)
    assert site.call("GET", "/health/live")[:2] == (200, {"status": "ok"})
    status, answer, _seconds = site.call("GET", "/health/ready")
    assert (status, answer) == (
        503, {"status": "unavailable", "database": "away", "migrations": "unknown", "broker": "ok"},
    )  # fmt: skip
    status, answer, _seconds = site.call("GET", OPINIONS)
    assert (status, answer["code"]) == (503, "unavailable")
