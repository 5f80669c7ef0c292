"""No figure of an edition, nor two of them together, points at a person (P01, P03, P04, P05, P07)."""

import io
import random
import re
import zipfile
from collections import Counter
from typing import Any

import pypdf
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import subtraction
from analysis.subtraction import Figure, figure
from consultations.models import Consultation, Participant, RollEntry, Vote
from digests import editions, societies
from digests.participation import SMALLEST_CELL, merged, merged_by_key, merged_days
from tests.digests import worlds
from tests.digests.conftest import compiled
from tests.digests.worlds import World

COUNTS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (max(pair), min(pair)))


def told_by(kind: str, rows: list[dict[str, Any]], truth: list[dict[str, Any]], name: str) -> list[Figure]:
    """Every number that a table and its totals publish, as equations over the rows that it was made of."""
    keys = [str(row[name]) for row in truth]
    shown = {str(row["key"]) for row in rows if row["key"]}
    figures = []
    for count in ("people", "voters"):
        figures.append(figure([(count, kind, key) for key in keys], sum(row[count] for row in truth)))
        for row in rows:
            cells = [str(row["key"])] if row["key"] else [key for key in keys if key not in shown]
            figures.append(figure([(count, kind, key) for key in cells], row[count]))
    return figures


@given(st.lists(COUNTS, min_size=1, max_size=9), st.lists(COUNTS, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_p01_no_small_cell_follows_from_all_tables_together(
    of_societies: list[tuple[int, int]], of_sectors: list[tuple[int, int]]
) -> None:
    roll = [
        {"id": at, "ko": f"{at}", "en": f"{at}", "people": people, "voters": voters}
        for at, (people, voters) in enumerate(of_societies, 1)
    ]
    keyed = [{"key": "" if not at else f"k{at}", "people": p, "voters": v} for at, (p, v) in enumerate(of_sectors)]
    by_society = [row | {"key": row["name"] and row["name"]["en"]} for row in merged(roll)]
    tables = [told_by("society", by_society, roll, "id"), told_by("sector", merged_by_key(keyed), keyed, "key")]
    for figures, rows in zip(tables, (by_society, merged_by_key(keyed)), strict=True):
        if rows:  # without a row the totals stand alone, and they are of everybody
            assert not [found for found in subtraction.exposed(figures) if found.number < SMALLEST_CELL]


@given(st.lists(st.integers(0, 12), max_size=30))
def test_days_with_few_votes_are_merged_and_none_is_lost(votes: list[int]) -> None:
    days = [[f"2026-08-{at:02d}", count] for at, count in enumerate(votes, 1)]
    shown = merged_days(days)
    assert all(row["votes"] >= SMALLEST_CELL for row in shown)
    assert sum(row["votes"] for row in shown) == (sum(votes) if shown else 0)
    assert shown or sum(votes) < SMALLEST_CELL
    assert [row["day"] for row in shown] == sorted(row["day"] for row in shown)


def facts(by_society: dict[int, list[int]], others: list[int]) -> dict[str, Any]:
    """One opinion: agree, pass, disagree of each society, and of people whose societies are small."""
    rows = [[1, society, *counts] for society, counts in by_society.items()]
    total = [sum(counts[at] for counts in (*by_society.values(), others)) for at in range(3)]
    roll = [
        {"id": s, "ko": f"{s}", "en": f"{s}", "people": sum(c) + 3, "voters": sum(c)} for s, c in by_society.items()
    ]
    return {"society_votes": rows, "roll": roll, "opinions": [{"number": 1, "tally": [*total, 0]}]}


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([6, 0, 0], False),
        ([12, 0, 0], False),
        ([19, 0, 0], False),
        ([20, 0, 0], True),
        ([11, 0, 1], True),
        ([9, 0, 0], False),
    ],
)
def test_p04_a_small_society_of_one_mind_is_not_shown(counts: list[int], shown: bool) -> None:
    found = societies.minority(facts({1: counts, 2: [5, 0, 60]}, [3, 0, 30]))
    assert bool(found) is shown


def test_p01_what_is_left_of_an_opinion_is_nobody_or_five() -> None:
    """Two societies hold opposite positions; of the three people left the votes would follow, so the smaller is left out."""
    rows = societies.minority(facts({1: [1, 0, 40], 2: [16, 0, 1]}, [2, 0, 1]))
    assert [(row["society"]["en"], row["side"], row["voters"]) for row in rows] == [("1", "disagree", 41)]
    rows = societies.minority(facts({1: [1, 0, 40], 2: [16, 0, 1]}, [4, 0, 1]))
    assert len(rows) == 2, "five are left"
    rows = societies.minority(facts({1: [1, 0, 40], 2: [16, 0, 1]}, [0, 0, 0]))
    assert len(rows) == 2, "nobody is left"


@pytest.mark.parametrize(
    ("by_society", "known"),
    [({1: [9, 0, 1]}, False), ({1: [9, 0, 1], 2: [2, 0, 2]}, False), ({1: [9, 0, 1], 2: [5, 0, 5]}, True)],
)
def test_a_mean_over_one_society_is_not_shown(by_society: dict[int, list[int]], known: bool) -> None:
    found = societies.balance(facts(by_society, [0, 0, 0]))
    assert found == ({1: {"mean": 0.7, "societies": 2}} if known else {})


def test_a_small_society_that_dominates_is_not_named() -> None:
    one = facts({1: [1, 0, 0]}, [1, 0, 0])
    assert societies.dominant(one) == {"society": None, "share": 0.5}
    assert societies.dominant(facts({1: [1, 0, 1]}, [5, 0, 5])) is None


def test_p01_random_consultations_expose_nobody() -> None:
    """Of each opinion: everybody's counts, and the rows of societies with their voters."""
    draw = random.Random(8)
    for _ in range(150):
        by_society = {}
        for society in range(1, draw.randint(2, 7)):
            lean, size = draw.random(), draw.choice([2, 3, 8, 12, 15, 25, 40])
            votes = Counter(draw.choices([0, 1, 2], [lean**3, 0.05, (1 - lean) ** 3], k=size))
            by_society[society] = [votes[at] for at in range(3)]
        made = facts(by_society, [0, 0, 0])
        rows = societies.minority(made)
        figures = [figure(by_society, sum(map(sum, by_society.values())))]
        figures += [figure([int(row["society"]["en"])], row["voters"]) for row in rows]
        assert not rows or subtraction.exposed(figures) == []
        assert all(row["share"] < 1 or row["voters"] >= societies.UNANIMOUS_FROM for row in rows)


@pytest.mark.django_db(transaction=True)
def test_p03_the_digest_has_no_filters(world: World, client: Client) -> None:
    editions.publish(edition=compiled(world.consultation))
    address = "/consultations/talent/digests/1/"

    def page(query: str = "") -> bytes:
        """What the page says; its frame has links that keep the query."""
        return client.get(f"{address}{query}").content.partition(b"<main")[2].partition(b"</main>")[0]

    plain = page()
    assert len(plain) > 5_000
    for query in ("society=optics", "sector=industry", "theme=1", "group=2", "from=2026-08-26"):
        assert page(f"?{query}") == plain
        whole = client.get(f"{address}talent-digest-1.json").content
        assert client.get(f"{address}talent-digest-1.json?{query}").content == whole


@pytest.mark.django_db(transaction=True)
def test_p07_who_does_not_want_to_be_named_is_in_no_file(world: World) -> None:
    """Names, addresses and keys of everybody but those authors who chose to be named, in every file and inside it."""
    edition = compiled(world.consultation)
    texts: dict[str, bytes] = {}
    for document in edition.documents.all():
        data = bytes(document.content)
        texts[document.name] = data
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                texts |= {f"{document.name}/{name}": packed.read(name) for name in packed.namelist()}
        if document.format == "pdf":
            reader = pypdf.PdfReader(io.BytesIO(data))
            told = "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
            texts[document.name] += told.encode()
    named = {o.author_id for o in world.opinions if o.shown_as == "name"}
    found_names = 0
    for participant in Participant.objects.select_related("user"):
        user = participant.user
        assert user is not None
        for name, data in texts.items():
            assert user.email.encode() not in data and str(user.pk).encode() not in data, name
            if f"{user.name}".encode() in data.replace(b"\n", b" "):
                # Marker-matter-1 begins Marker-matter-12, so look at whole names.
                whole = re.search(rb"\b" + user.name.encode() + rb"\b", data)
                assert whole is None or participant.pk in named, (name, user.name)
                found_names += whole is not None
    assert found_names, "those who want to be named are"


@pytest.mark.django_db(transaction=True)
def test_small_societies_sectors_and_stages_are_nowhere(world: World) -> None:
    made = worlds.digest(world.consultation)
    small = {"Imaginary seeds", "Imaginary waves"}
    inside = "".join(data.decode("utf-8", "ignore") for data in made.files.values())
    assert not any(name in inside for name in small)
    part = made.content["participation"]
    for rows in (part["societies"], part["sectors"], part["stages"]):
        assert all(row["people"] >= 5 and row["voters"] >= 5 for row in rows)
        assert sum(row["people"] for row in rows) == part["people"] == RollEntry.objects.count()
    assert part["societies"][-1]["name"] is None and part["societies"][-1]["societies"] == 2
    assert sum(day["votes"] for day in part["days"]) == Vote.objects.counting().count()


@pytest.mark.django_db(transaction=True)
def test_an_imported_consultation_has_no_societies(consultation: Consultation) -> None:
    worlds.rich(consultation)
    Consultation.objects.update(is_imported=True)
    made = worlds.digest(Consultation.objects.get()).content
    assert made["participation"]["known"] is False and made["balance"]["known"] is False
    assert "turnout" not in made["participation"] and "societies" not in made["participation"]
    assert made["balance"]["dominant"] is None and all(row["balance"] is None for row in made["opinions"])
    assert {row["of"] for row in made["minority"]} <= {"group"}
