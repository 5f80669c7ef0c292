"""Exported consultations with the groups that were published."""

import csv
from pathlib import Path

import pytest

from analysis import votes
from analysis.votes import Matrix
from consultations.importing import read
from consultations.models.opinions import State


def folder(name: str) -> Path:
    """The folder of an exported consultation, beside the checkout or beside a folder above; without it the test is skipped."""
    for above in Path(__file__).resolve().parents[2:]:
        found = above.parent / "shared" / "data" / "polis" / name
        if found.is_dir():
            return found
    pytest.skip(f"NOT TESTED ON REAL INPUT: {name} is nowhere beside the checkout")


def consultation(name: str) -> tuple[Matrix, dict[int, int]]:
    """The last votes on published opinions, and the published group of each participant that has one."""
    export = read.open_export(folder(name))
    published = {number for number, comment in export.comments.items() if comment.state == State.PUBLISHED}
    rows = sorted(read.votes(export), key=lambda row: (row.at, row.line))
    rows = [row for row in rows if row.comment in published]
    matrix = votes.matrix([int(r.voter) for r in rows], [r.comment for r in rows], [r.value for r in rows])
    with (export.folder / "participants-votes.csv").open(newline="", encoding="utf-8") as file:
        groups = {int(r["participant"]): int(r["group-id"]) for r in csv.DictReader(file) if r["group-id"]}
    return matrix, groups
