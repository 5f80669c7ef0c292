"""The generator keeps its promises, and an import of what it wrote adds up."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consultations.importing import load
from consultations.importing.generate import Size, generate
from consultations.models import Opinion
from tests.importing.conftest import recount

SMALL = Size(participants=60, opinions=30, votes=1_000, groups=3)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generate(folder=tmp_path / name, size=SMALL, seed=seed)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert files(tmp_path / "a")["votes.csv"] != files(tmp_path / "c")["votes.csv"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "size", [SMALL, Size(5, 1, 4, 1), Size(3, 4, 12, 2), Size(40, 300, 2_000, 5), Size(400, 20, 100, 2)]
)
def test_an_import_of_it_equals_a_recount(tmp_path: Path, size: Size) -> None:
    folder = tmp_path / "made"
    generate(folder=folder, size=size, seed=7)
    outcome = load.import_consultation(folder=folder)
    expected = recount(folder)
    for opinion in Opinion.objects.filter(state="published"):
        assert (opinion.agree_count, opinion.pass_count, opinion.disagree_count) == expected[opinion.number - 1]
    assert sum(outcome.opinions.values()) == size.opinions
    assert outcome.votes == sum(map(sum, expected.values()))
    assert load.import_consultation(folder=folder).changed is False


def test_what_the_model_promises(tmp_path: Path) -> None:
    generate(folder=tmp_path, size=Size(500, 100, 20_000, 2), seed=3)
    votes, comments = rows(tmp_path / "votes.csv"), rows(tmp_path / "comments.csv")
    assert len(votes) == 20_000
    pairs = Counter((vote["comment-id"], vote["voter-id"]) for vote in votes)
    assert sum(count - 1 for count in pairs.values()) == 200
    stamped = Counter((vote["comment-id"], vote["voter-id"], vote["timestamp"]) for vote in votes)
    assert sum(count - 1 for count in stamped.values()) >= 20
    assert {comment["moderated"] for comment in comments} == {"1", "0", "-1"}
    assert len({comment["comment-body"] for comment in comments}) == 100
    activity = sorted(Counter(vote["voter-id"] for vote in votes).values())
    assert activity[-1] > 3 * activity[len(activity) // 2]


def test_the_matrix_agrees_with_the_votes(tmp_path: Path) -> None:
    generate(folder=tmp_path, size=SMALL, seed=5)
    matrix, expected = rows(tmp_path / "participants-votes.csv"), recount(tmp_path)
    for comment, (agree, passed, disagree) in expected.items():
        values = [row[str(comment)] for row in matrix]
        assert (values.count("1"), values.count("0"), values.count("-1")) == (agree, passed, disagree)
    assert {row["group-id"] for row in matrix} == {"0", "1", "2"}


def test_planted_groups_differ_on_some_opinions_and_agree_on_others(tmp_path: Path) -> None:
    generate(folder=tmp_path, size=Size(400, 60, 12_000, 2), seed=5)
    matrix = rows(tmp_path / "participants-votes.csv")
    gaps = []
    for comment in range(60):
        shares = []
        for group in ("0", "1"):
            values = [row[str(comment)] for row in matrix if row["group-id"] == group and row[str(comment)]]
            shares.append(values.count("1") / len(values))
        gaps.append(abs(shares[0] - shares[1]))
    assert sum(gap > 0.4 for gap in gaps) >= 12 and sum(gap < 0.2 for gap in gaps) >= 15


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate_consultation", str(tmp_path / "new"), participants=10, opinions=5, votes=40, seed=1)
    assert "40 votes in 2 groups" in capsys.readouterr().out
    assert len(rows(tmp_path / "new" / "votes.csv")) == 40
    with pytest.raises(CommandError, match="more votes than"):
        call_command("generate_consultation", str(tmp_path), participants=2, opinions=2, votes=5)
