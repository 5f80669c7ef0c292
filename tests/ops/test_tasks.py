"""How tasks are written: no waiting inside the broker, ids as arguments, rows that may be gone (Q10, Q13)."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from config.celery import app
from tests.ops.conftest import ROOT

APPS = ("config", "digests", "consultations", "summit", "notifications", "accounts", "common", "analysis")
FILES = [file for name in APPS for file in (ROOT / name).rglob("*.py") if "migrations" not in file.parts]
SENDING = {"delay", "apply_async", "send_task", "signature", "s", "si", "retry"}


def calls(file: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def delays(call: ast.Call) -> bool:
    """Whether a call asks the broker to keep a task for later."""
    return bool({"eta", "countdown"} & {keyword.arg for keyword in call.keywords})


def test_no_task_waits_inside_the_broker() -> None:
    found = [f"{file}:{call.lineno}" for file in FILES for call in calls(file) if delays(call)]
    assert found == []


def test_the_search_finds_one_that_waits() -> None:
    tree = ast.parse("task.apply_async((1,), countdown=60)\ntask.apply_async((1,), eta=now)\ntask.delay(1)")
    assert [delays(node) for node in ast.walk(tree) if isinstance(node, ast.Call)] == [True, True, False]


OURS = {name: task for name, task in app.tasks.items() if name.split(".")[0] in APPS}


def test_there_are_tasks() -> None:
    app.loader.import_default_modules()
    assert any(name.split(".")[0] in APPS for name in app.tasks)


@pytest.mark.parametrize("name", sorted(OURS))
def test_arguments_of_tasks_are_ids_or_numbers(name: str) -> None:
    for parameter in inspect.signature(OURS[name].run).parameters.values():
        assert parameter.name.endswith("_id") or parameter.annotation in (int, "int"), f"{name}: {parameter}"


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_task_whose_row_is_gone_stops(name: str, db: None) -> None:
    """Nothing is raised and nothing is sent again: what the row asked for is gone with it."""
    wanted = [p for p in inspect.signature(OURS[name].run).parameters.values() if p.default is inspect.Parameter.empty]
    if not wanted:
        pytest.skip("takes no arguments: it finds its own work")
    gone = {
        p.name: 0 if p.annotation in (int, "int") else UUID(int=0) if p.annotation is UUID else str(uuid4())
        for p in wanted
    }
    OURS[name].run(**gone)


def test_what_beat_starts_exists() -> None:
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks, entry["task"]
