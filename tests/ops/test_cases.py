"""The list of cases is whole, and every test it names exists."""

import ast
import re
import warnings
from datetime import datetime

import pytest

from summit.models import Summit
from tests.ops.conftest import ROOT

ROWS = re.findall(r"^\| ([A-Z]\d\d) \| ([^|]+) \| ([^|]+) \|$", (ROOT / "docs" / "cases.md").read_text(), re.MULTILINE)
LAST = {"V": 20, "W": 14, "M": 23, "Q": 20, "T": 13, "I": 24, "A": 34, "P": 17, "R": 14, "D": 14, "X": 14, "U": 9}
NAMED = sorted({name for _id, _case, held in ROWS for name in re.findall(r"`(tests/[^`]+)`", held)})


def test_every_case_has_one_row() -> None:
    assert [row[0] for row in ROWS] == [f"{kind}{n:02}" for kind, last in LAST.items() for n in range(1, last + 1)]


@pytest.mark.parametrize(("case", "held"), [(row[0], row[2]) for row in ROWS])
def test_every_row_says_how_it_stands(case: str, held: str) -> None:
    assert "`tests/" in held or held.startswith(("not yet", "does not apply, because"))


@pytest.mark.parametrize("name", NAMED)
def test_every_named_test_exists(name: str) -> None:
    file, _colons, function = name.partition("::")
    defined = {
        node.name for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    }
    assert function in defined


def test_a_time_without_zone_fails_the_tests(db: None) -> None:
    """T09: what Django only warns of is an error here."""
    with pytest.raises(RuntimeWarning, match="naive datetime"):
        list(Summit.objects.filter(created_at__gt=datetime(2026, 8, 26)))  # noqa: DTZ001 - meant
    assert any(action == "error" for action, *_rest in warnings.filters)
