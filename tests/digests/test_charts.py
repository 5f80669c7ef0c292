"""Charts: well formed, named, escaped, light, and readable without their colours."""

import re
from random import Random
from xml.etree import ElementTree

import pytest

from digests import charts
from digests.charts import Bar, Dot, Tally

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314


CHARTS = {
    "bars": lambda t: charts.bars("k", t, t, [Bar(t, 0.5, t), Bar("b", 1.7, "1")]),
    "tallies": lambda t: charts.tallies("k", t, t, [Tally(t, (3, 1, 0), t), Tally("b", (0, 0, 0), "–")], t),
    "columns": lambda t: charts.columns("k", t, t, [(t, 5), ("b", 0)]),
    "scatter": lambda t: charts.scatter("k", t, t, [Dot(0, 0, 1), Dot(1, 2, 2), Dot(3, 1, None)], [t, "b", "c"]),
}


@pytest.mark.parametrize("kind", CHARTS)
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b", '" onload="x', "가나다", "]]>"])
def test_a_chart_is_named_and_its_texts_stay_texts(kind: str, text: str) -> None:
    """U02, I20: a title, a description, a role; whatever the texts hold, there is no element but ours."""
    root = drawn(CHARTS[kind](text))
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and description is not None
    assert title.text == description.text == text
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "desc", "path", "g", "text", "circle"}
    assert not [a for element in root.iter() for a in element.attrib if a.startswith("on") or a == "style"]


@pytest.mark.parametrize("kind", CHARTS)
def test_nothing_at_all_can_be_drawn(kind: str) -> None:
    empty = {
        "bars": charts.bars("k", "t", "d", []),
        "tallies": charts.tallies("k", "t", "d", [], "l"),
        "columns": charts.columns("k", "t", "d", []),
        "scatter": charts.scatter("k", "t", "d", [], []),
    }
    assert drawn(empty[kind]).tag == f"{SVG}svg"


def test_a_bar_is_as_long_as_its_part() -> None:
    svg = charts.bars("k", "t", "d", [Bar("a", 0.25, "25%"), Bar("b", 1.7, "too much"), Bar("c", -1, "nothing")])
    accent = next(path.get("d", "") for path in drawn(svg).iter(f"{SVG}path") if path.get("class") == "accent")
    assert re.findall(r"M\S+ \S+h([\d.]+)v", accent) == ["100", "400"]


def test_a_stack_has_its_parts_in_proportion() -> None:
    svg = charts.tallies("k", "t", "d", [Tally("a", (60, 0, 40), "")], "")
    lengths = {
        path.get("class"): re.findall(r"h([\d.]+)v", path.get("d", "")) for path in drawn(svg).iter(f"{SVG}path")
    }
    assert lengths["agree"] == ["102.9"]  # 60 percent of 174, less the gap
    assert lengths["disagree"] == ["68.1"]
    assert "pass" not in lengths


def test_groups_differ_by_shape_letter_and_shade() -> None:
    """U02: nobody needs to see colours to tell them apart."""
    dots = [Dot(x, y, group) for group in (1, 2, 3, 4, 5) for x, y in ((group, 0), (group, 1))]
    root = drawn(charts.scatter("k", "t", "d", dots, ["one", "two", "three", "four", "five"]))
    marks = [p for p in root.iter(f"{SVG}path") if (p.get("class") or "").startswith("group-")]
    outlines = {re.sub(r"[-\d. ]", "", p.get("d", "").split("M")[1]) for p in marks}
    looks = {(p.get("color"), p.get("stroke-linecap")) for p in marks}
    assert len(marks) == 10  # on the map and in the legend
    assert len(outlines) == 4  # a dot and a square are ends of lines
    assert len(looks) == 5
    assert {t.text for t in root.iter(f"{SVG}text")} >= {"A", "B", "C", "D", "E", "one", "five"}
    assert len({charts.shape(group) for group in (1, 2, 3, 4, 5, None)}) == 6


def test_both_axes_of_the_map_have_one_scale() -> None:
    """A circle of people stays a circle."""
    placed = charts._placed([Dot(-1, 0, 1), Dot(1, 0, 1), Dot(0, 1, 1), Dot(0, -1, 1)], 400, 280, margin=18)
    (left, _), (right, _), (_, top), (_, bottom) = ((x, y) for x, y, _group in placed)
    assert right - left == bottom - top
    assert (left + right) / 2 == 200


def test_two_thousand_people_are_light() -> None:
    random = Random(0)
    dots = [Dot(random.gauss(0, 1), random.gauss(0, 1), 1 + n % 2) for n in range(2000)]
    svg = charts.scatter("k", "t", "d", dots, ["a", "b"])
    assert len(svg) < 40_000
    assert svg == charts.scatter("k", "t", "d", dots, ["a", "b"])


def test_many_days_are_named_now_and_then() -> None:
    svg = charts.columns("k", "t", "d", [(f"{n}.", n) for n in range(1, 61)])
    assert 5 < len(re.findall("<text", svg)) <= 16


def test_long_labels_are_cut_and_marked() -> None:
    assert charts.shorter("a" * 100) == "a" * 39 + "…"
    assert charts.shorter("짧다") == "짧다"
