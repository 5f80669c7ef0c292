"""The orders: who is offered which, that they are right, and that they page without gaps or repeats."""

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from analysis.agreement import Tally, agreement, divided
from consultations import listing, orders, voting
from consultations.models import Consultation, Opinion
from consultations.models.consultations import CountsShown

As = Callable[[User | None], Client]
Many = Callable[[int], list[Opinion]]
LIST = "/consultations/talent/"


def walk(consultation: Consultation, reader: object, query: str) -> list[int]:
    """Every number of the list, page by page."""
    found: list[int] = []
    after = ""
    for _page in range(20):
        page = listing.read(consultation, reader, QueryDict(f"{query}&after={after}"))
        found += [card.opinion.number for card in page.cards]
        after = page.next_key
        if not after:
            return found
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("order", ["newest", "agreed", "divided", "fewest", "random", "waiting"])
@pytest.mark.parametrize("size", [0, 1, 20, 21, 45])
def test_every_order_pages_through_everything_once(
    consultation: Consultation, many: Many, frank: User, order: str, size: int
) -> None:
    made = many(size)
    for place, one in enumerate(made):
        Opinion.objects.filter(pk=one.pk).update(rank_agreed=place % 3 / 7, rank_votes=place % 4)
    assert sorted(walk(consultation, frank, f"order={order}")) == sorted(o.number for o in made)


def test_ranks_are_the_lower_bounds_of_the_analysis(consultation: Consultation, many: Many) -> None:
    tallies = [Tally(0, 0, 0), Tally(3, 0, 0), Tally(90, 5, 5), Tally(50, 0, 50), Tally(0, 4, 9), Tally(0, 7, 0)]
    for one, tally in zip(many(len(tallies)), tallies, strict=True):
        Opinion.objects.filter(pk=one.pk).update(
            agree_count=tally.agree, pass_count=tally.passed, disagree_count=tally.disagree
        )
    assert orders.refresh(consultation) == 5
    for opinion, tally in zip(consultation.opinions.order_by("number"), tallies, strict=True):
        interval = agreement(tally)
        assert opinion.rank_agreed == pytest.approx(interval.low if interval else 0, abs=1e-6)
        assert opinion.rank_divided == pytest.approx(divided(tally) or 0, abs=1e-6)
        assert opinion.rank_votes == tally.total
    assert orders.refresh(consultation) == 0, "a second run writes nothing"
    numbers = [o.number for o in consultation.opinions.order_by("number")]
    assert walk(consultation, _nobody(), "order=agreed")[0] == numbers[2], "90 of 100 stands above 3 of 3"
    assert walk(consultation, _nobody(), "order=divided")[0] == numbers[3]
    assert walk(consultation, _nobody(), "order=fewest")[0] == numbers[0]


def test_a_vote_moves_no_place_before_the_clock_does(consultation: Consultation, many: Many, frank: User) -> None:
    made = many(3)
    before = walk(consultation, frank, "order=agreed")
    voting.cast(user=frank, opinion=made[0], value=1)
    voting.retally_recent()
    assert walk(consultation, frank, "order=agreed") == before
    orders.refresh_all()
    assert walk(consultation, frank, "order=agreed")[0] == made[0].number


def test_the_random_order_stays_for_one_reader_and_differs_between_readers(
    consultation: Consultation, many: Many, make_user: Callable[..., User], society: object
) -> None:
    many(30)
    people = [make_user(f"Reader{n}") for n in range(6)]
    first = [walk(consultation, person, "order=random") for person in people]
    assert first == [walk(consultation, person, "order=random") for person in people]
    assert len({tuple(found) for found in first}) > 1


def test_a_visitors_seed_stands_in_the_address(as_: As, consultation: Consultation, many: Many) -> None:
    many(3)
    answer = as_(None).get(LIST, {"order": "random", "language": "ko"})
    assert answer.status_code == 302 and "seed=" in answer.headers["Location"]
    assert "language=ko" in answer.headers["Location"]
    assert as_(None).get(answer.headers["Location"]).status_code == 200
    assert walk(consultation, _nobody(), "order=random&seed=400") == walk(
        consultation, _nobody(), "order=random&seed=400"
    )


def test_waiting_leaves_out_what_i_voted_on(consultation: Consultation, many: Many, frank: User, alice: User) -> None:
    made = many(5)
    voting.cast(user=frank, opinion=made[1], value=0)
    voting.cast(user=alice, opinion=made[2], value=1)
    assert walk(consultation, frank, "order=waiting") == [o.number for o in reversed(made) if o != made[1]]


def test_a_vote_on_an_earlier_text_waits_again(consultation: Consultation, many: Many, frank: User) -> None:
    made = many(2)
    for one in made:
        voting.cast(user=frank, opinion=one, value=1)
    assert walk(consultation, frank, "order=waiting") == []
    new = made[0].versions.create(number=2, votes_since=2, proposal="another text")
    Opinion.objects.filter(pk=made[0].pk).update(version=new)
    assert walk(consultation, frank, "order=waiting") == [made[0].number]


@pytest.mark.parametrize("shown", [CountsShown.AFTER_VOTING, CountsShown.AT_CLOSE])
def test_a06_orders_by_hidden_counts_are_absent(
    as_: As, consultation: Consultation, many: Many, frank: User, dan: User, shown: str
) -> None:
    made = many(3)
    Consultation.objects.update(counts=shown)
    Opinion.objects.filter(pk=made[0].pk).update(rank_agreed=0.9, rank_divided=0.4, rank_votes=9)
    consultation.refresh_from_db()
    for person in (frank, _nobody()):
        assert not {o.word for o in orders.offered(consultation, person)} & {"agreed", "divided", "fewest"}
        newest = walk(consultation, person, "order=newest")
        assert all(walk(consultation, person, f"order={word}") == newest for word in ("agreed", "divided", "fewest"))
    assert {"agreed", "divided", "fewest"} <= {o.word for o in orders.offered(consultation, dan)}
    assert 'value="agreed"' not in as_(None).get(LIST).content.decode()
    assert 'value="agreed"' in as_(dan).get(LIST).content.decode()


@pytest.mark.parametrize(
    "key", ["", "x", "1e999_1", "nan_1", "_", "5", "0.1_99999999999", "-1_2", "0.5_3_", "inf_1", "１_1", "0" * 500]
)
def test_a_key_that_cannot_be_read_is_the_first_page(consultation: Consultation, many: Many, key: str) -> None:
    many(3)
    for order in orders.ORDERS:
        page = listing.read(consultation, _nobody(), QueryDict(f"order={order}&after={key}"))
        assert page.orders


def _nobody() -> object:
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()
