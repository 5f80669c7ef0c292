"""What a digest says, counted again by hand: plain loops over the rows of the database, no code of ours."""

import json
import random
from collections import Counter, defaultdict
from math import sqrt
from typing import Any

import numpy as np
import pytest

from analysis import groups as finding
from consultations import reconcile, voting
from consultations.models import Consultation, Participant, Vote
from digests import content, figures, findings, societies, topics
from tests.digests import worlds
from tests.digests.worlds import World

pytestmark = pytest.mark.django_db(transaction=True)


def wilson(k: int, n: int) -> tuple[float, float]:
    z = 1.959964
    mid, half = (k + z * z / 2) / (n + z * z), z * sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
    return mid - half, mid + half


def votes_by_hand() -> dict[int, dict[int, int]]:
    """Opinion number → participant → value, of what counts."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for vote in Vote.objects.select_related("opinion__version", "participant"):
        assert vote.opinion.version is not None
        fresh = vote.version_number >= vote.opinion.version.votes_since
        if vote.opinion.state == "published" and fresh and vote.participant.voided_at is None:
            found[vote.opinion.number][vote.participant_id] = vote.value
    return found


def test_every_figure_of_the_opinions(world: World) -> None:
    made = worlds.digest(world.consultation).content
    by_hand = votes_by_hand()
    lows = {}
    for opinion in made["opinions"]:
        counts = Counter(by_hand[opinion["number"]].values())
        n = counts.total()
        assert opinion["votes"] == {
            "agree": counts[1], "pass": counts[0], "disagree": counts[-1], "total": n, "on_earlier_text": 0,
        }  # fmt: skip
        if n:
            low, high = wilson(counts[1], n)
            assert opinion["share"] == pytest.approx(counts[1] / n, abs=6e-5)
            assert (opinion["low"], opinion["high"]) == pytest.approx((low, high), abs=6e-5)
            lows[opinion["number"]] = (-round(low, 9), -n, opinion["number"])
    assert [o["number"] for o in sorted(made["opinions"], key=lambda o: o["rank"] or 99)][: len(lows)] == sorted(
        lows, key=lambda number: lows[number]
    )
    assert made["headline"]["votes"] == sum(len(own) for own in by_hand.values())
    assert made["headline"]["voters"] == len({person for own in by_hand.values() for person in own})


def test_groups_and_what_rests_on_them(world: World) -> None:
    """The two camps are found again, and every figure by group is a count over their members."""
    digest = worlds.digest(world.consultation)
    made, by_hand = digest.content, votes_by_hand()
    assert (made["groups"]["enough"], made["groups"]["stable"], made["groups"]["k"]) == (True, True, 2)
    assert digest.found.groups is not None
    label = dict(zip(digest.taken.ballots.people.tolist(), (digest.found.groups.labels + 1).tolist(), strict=True))
    assert made["groups"]["sizes"] == [{"group": g, "people": list(label.values()).count(g)} for g in (1, 2)]
    members: dict[int, set[int]] = {g: {p for p, own in label.items() if own == g} for g in (1, 2)}
    scores = {}
    for opinion in made["opinions"]:
        own = by_hand[opinion["number"]]
        counts = [Counter(own[p] for p in members[g] if p in own) for g in (1, 2)]
        assert opinion["groups"] == [[c[1], c[0], c[-1]] for c in counts]
        factors = [(c[1] + 1) / (c.total() + 2) for c in counts]
        if min(factors) > 0.5:
            scores[opinion["number"]] = factors[0] * factors[1]
    assert {row["number"]: row["score"] for row in made["across"]} == pytest.approx(scores, abs=6e-5)
    assert {9, 10} <= {row["number"] for row in made["across"]}
    assert [row["score"] for row in made["across"]] == sorted((row["score"] for row in made["across"]), reverse=True)
    for row in made["groups"]["representative"]:
        assert row["opinions"]
        for found in row["opinions"]:
            own = by_hand[found["number"]]
            at = {"agree": 1, "disagree": -1}[found["side"]]
            inside = [own[p] for p in own if p in members[row["group"]]]
            outside = [own[p] for p in own if p not in members[row["group"]]]
            assert found["voters"] == len(inside)
            assert found["share"] == pytest.approx(inside.count(at) / len(inside), abs=6e-5)
            assert found["rest"] == pytest.approx(outside.count(at) / len(outside), abs=6e-5)
            assert found["q"] <= 0.1 and found["share"] > found["rest"]


def test_minority_positions_and_balance_of_societies(world: World) -> None:
    made, by_hand = worlds.digest(world.consultation).content, votes_by_hand()
    society = dict(Participant.objects.values_list("pk", "roll_entry__society__slug"))
    found = [row for row in made["minority"] if row["of"] == "society"]
    assert [(row["society"]["en"], row["number"], row["side"]) for row in found] == [("Imaginary optics", 7, "agree")]
    inside = [value for person, value in by_hand[7].items() if society[person] == "optics"]
    outside = [value for person, value in by_hand[7].items() if society[person] != "optics"]
    (row,) = found
    assert (row["voters"], row["rest_voters"]) == (len(inside), len(outside))
    assert row["share"] == pytest.approx(inside.count(1) / len(inside), abs=6e-5)
    assert row["low"] == pytest.approx(wilson(inside.count(1), len(inside))[0], abs=6e-5) and row["low"] >= 0.6
    assert (
        row["rest_high"] == pytest.approx(wilson(outside.count(1), len(outside))[1], abs=6e-5)
        and row["rest_high"] < 0.4
    )
    for opinion in made["opinions"]:
        by_society = defaultdict(list)
        for person, value in by_hand[opinion["number"]].items():
            by_society[society[person]].append(value)
        shares = [values.count(1) / len(values) for values in by_society.values() if len(values) >= 5]
        if len(shares) < 2:
            assert opinion["balance"] is None
        else:
            assert opinion["balance"]["societies"] == len(shares)
            assert opinion["balance"]["mean"] == pytest.approx(sum(shares) / len(shares), abs=6e-5)
    votes = Counter(society[p] for own in by_hand.values() for p in own)
    assert made["balance"]["dominant"]["society"]["en"] == f"Imaginary {votes.most_common(1)[0][0]}"
    assert made["balance"]["dominant"]["share"] == pytest.approx(votes.most_common(1)[0][1] / votes.total(), abs=6e-5)


def test_priorities_arguments_themes(world: World) -> None:
    made = worlds.digest(world.consultation).content
    assert made["priorities"]["people"] == 15
    assert sum(row["count"] for row in made["priorities"]["opinions"]) == 45
    counts = [row["count"] for row in made["priorities"]["opinions"]]
    assert counts == sorted(counts, reverse=True)
    spoken = made["opinions"][0]["arguments"]
    assert [(a["side"], a["text"], a["helpful"]) for a in spoken] == [
        ("for", "논거 3", 6), ("for", "논거 2", 4), ("for", "논거 1", 2), ("against", "논거 5", 10),
    ]  # fmt: skip
    assert [(theme["place"], sorted(theme["numbers"])) for theme in made["themes"]] == [
        (1, [1, 2, 3]), (2, [4, 5, 6, 7]), (None, [8, 9, 10, 11, 12, 13]),
    ]  # fmt: skip
    first = made["themes"][0]["topics"]
    assert first and len(first[0]["numbers"]) >= 2, "two ways of asking for one thing are near in meaning"
    for theme in made["themes"]:
        for topic in theme["topics"]:
            assert set(topic["central"]) <= set(topic["numbers"]) <= set(theme["numbers"])


def test_changes_since_the_edition_before(world: World) -> None:
    from digests import editions
    from tests.digests.conftest import compiled

    consultation = world.consultation
    first = editions.publish(edition=compiled(consultation))
    before = {row["number"]: row for row in json.loads(bytes(first.content))["opinions"]}
    Vote.objects.filter(opinion=world.opinions[8]).update(value=-1)  # No. 9, agreed by all, now by none
    world.opinions[1].state = "held"
    world.opinions[1].save(update_fields=["state"])
    made = worlds.digest(consultation, 2).content
    now = {row["number"]: row for row in made["opinions"]}
    assert made["changes"] == {
        "since": 1,
        "moved": [
            {
                "number": 9, "rank_before": before[9]["rank"], "rank": now[9]["rank"],
                "share_before": before[9]["share"], "share": 0.0,
            }
        ],
        "settled": [2],
    }  # fmt: skip
    assert made["edition"]["before"]["number"] == 1


def test_too_few_people_have_no_groups(consultation: Consultation, world: World) -> None:
    kept = [voter.pk for voter in world.voters[:19]]
    Vote.objects.exclude(participant__in=kept).delete()
    made = worlds.digest(consultation).content
    assert made["groups"] == figures.NOT_ENOUGH
    assert made["across"] is None and all(row["groups"] is None for row in made["opinions"])
    assert [row for row in made["minority"] if row["of"] == "group"] == []


def test_votes_without_a_division_have_no_groups_but_a_map(consultation: Consultation, world: World) -> None:
    noise = random.Random(4)
    for vote in Vote.objects.order_by("pk"):
        vote.value = noise.choice([-1, 0, 1])
        vote.save()
    made = worlds.digest(consultation).content
    assert made["groups"]["enough"] and not made["groups"]["stable"]
    assert (made["groups"]["k"], made["groups"]["sizes"], made["across"]) == (1, [], None)
    assert len(made["groups"]["map"]) == made["groups"]["eligible"] > 20
    assert all(row["group"] is None for row in made["groups"]["map"])


def test_what_the_method_says_is_what_is_done() -> None:
    said = figures.GROUPS_METHOD
    assert (said["min_votes"], said["min_people"], said["ks"]) == (finding.VOTES, finding.PEOPLE, list(finding.KS))
    assert (said["draws"], said["draw_size"]) == (finding.DRAWS, finding.DRAWN)
    assert (said["threshold"], said["near"]) == (finding.STABLE, finding.NEAR)
    assert (said["smallest_group"], said["smallest_part"]) == (finding.SMALLEST, finding.PART)
    from analysis import minority, representative

    assert figures.METHOD["q"] == representative.Q
    assert (minority.VOTERS, minority.HELD, minority.NOT_HELD) == (10, 0.6, 0.4)
    assert findings.ACROSS_FROM == 0.5 and societies.FEWEST_SOCIETIES == 2


def test_x12_the_digest_agrees_with_the_tallies(world: World) -> None:
    voting.retally_consultation(world.consultation.pk)
    assert reconcile.compare(world.consultation) == []
    made = worlds.digest(world.consultation).content
    for opinion in made["opinions"]:
        stored = world.consultation.opinions.get(number=opinion["number"])
        given = [opinion["votes"][name] for name in ("agree", "pass", "disagree")]
        assert given == [stored.agree_count, stored.pass_count, stored.disagree_count]


def test_one_word_is_no_topic_to_stumble_over(consultation: Consultation, world: World) -> None:
    facts = worlds.digest(consultation).taken.facts
    one = [row | {"proposal": "연구직군", "theme": None} for row in facts["opinions"][:2]]
    from digests.meanings import Meanings

    same = Meanings(np.array([1, 2]), np.array([[1.0, 0.0], [1.0, 0.0]], dtype=np.float16))
    assert topics.by_theme({"opinions": one}, same) == {None: [{"terms": [], "numbers": [1, 2], "central": [1, 2]}]}


def facts_of(**changes: Any) -> dict[str, Any]:
    from tests.digests.test_documents import facts

    return facts(**changes)


def test_facts_of_before_still_make_a_content() -> None:
    """Whoever builds from facts alone gets every section, empty where nothing was found."""
    from datetime import UTC, datetime

    made = content.build(facts_of(), number=1, cutoff_at=datetime(2026, 9, 1, tzinfo=UTC))
    assert made["groups"] == figures.NOT_ENOUGH and made["across"] is None
    assert made["recommendations"] == made["last_digest"] == made["errata"] == []
