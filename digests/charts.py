"""Charts as SVG, made as plain strings: the same picture on the page and in print.

Each has a title and a description and says nothing by colour alone: groups differ by shape, letter and shade, bars
carry their numbers. Shades stand as the attribute `color`, which print takes, and as classes, by which a page's style
may set others (dark mode). All texts are escaped; lengths are in units of the view box, 400 wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from digests.wording import letter

WIDTH = 400
FONT = 13
INK, FAINT, LINE, WASH, PAPER, ACCENT = "#1e2124", "#58616a", "#cdd1d5", "#f4f5f6", "#ffffff", "#0b50d0"
VOTES = (("agree", "#0b50d0"), ("pass", "#8a949e"), ("disagree", "#c2560b"))
#: Shade and shape of each group in turn; after the last they begin again, and the letters still differ.
SHADES = ("#0b50d0", "#c2560b", "#1f7a34", "#6b3fa0", "#464c53")
SHAPES = ("circle", "square", "triangle", "diamond", "cross")
UNGROUPED = "ring"
#: A label longer than this does not fit on its line.
LONGEST_LABEL = 40


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart: what it is, how long (0 … 1), and its number as printed."""

    label: str
    part: float
    value: str


@dataclass(frozen=True)
class Tally:
    """One row of stacked votes: agree, pass, disagree. Its label is short, such as a group's name."""

    label: str
    counts: tuple[int, int, int]
    value: str


@dataclass(frozen=True)
class Dot:
    """One person on the map; no group: None."""

    x: float
    y: float
    group: int | None


def shape(group: int | None) -> str:
    """The word for a group's mark on the map."""
    return UNGROUPED if group is None else SHAPES[(group - 1) % len(SHAPES)]


def shorter(label: str) -> str:
    """A label cut to its line, with a mark that it was cut."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"


def bars(key: str, title: str, description: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars, each under its label and number."""
    tops = [place * 38 + 21 for place in range(len(rows))]
    lengths = [max(0.0, min(1.0, row.part)) * WIDTH for row in rows]
    drawn = [
        _boxes("wash", WASH, [(0, top, WIDTH, 9) for top in tops]),
        _boxes("accent", ACCENT, [(0, top, length, 9) for top, length in zip(tops, lengths, strict=True)]),
        _labels([(row.label, row.value, top - 7) for row, top in zip(rows, tops, strict=True)]),
    ]
    return _svg(key, title, description, len(rows) * 38, drawn)


def tallies(key: str, title: str, description: str, rows: Sequence[Tally], legend: str) -> str:
    """Stacked bars of agree, pass and disagree between label and numbers; `legend` says what the numbers are."""
    left, width = 66, 174
    tops = [place * 22 + 4 for place in range(1, len(rows) + 1)]
    stacks = [_stack(row.counts, left, width) for row in rows]
    drawn = [_boxes("wash", WASH, [(left, top, width, 9) for top in tops])]
    for place, (name, shade) in enumerate(VOTES):
        drawn.append(
            _boxes(
                name,
                shade,
                [(stack[place][0], top, stack[place][1], 9) for stack, top in zip(stacks, tops, strict=True)],
            )
        )
    drawn.append(_labels([("", legend, 13), *((r.label, r.value, top + 9) for r, top in zip(rows, tops, strict=True))]))
    return _svg(key, title, description, (len(rows) + 1) * 22, drawn)


def columns(key: str, title: str, description: str, rows: Sequence[tuple[str, int]]) -> str:
    """Upright columns over time, with numbers above and days below; where there are many, every second or third."""
    base = 164
    most = max((count for _day, count in rows), default=0) or 1
    step = WIDTH / max(len(rows), 1)
    width = min(step * 0.7, 40)
    tall = [count / most * (base - 24) for _day, count in rows]
    middles = [(place + 0.5) * step for place in range(len(rows))]
    named = range(0, len(rows), ceil(len(rows) / 7) or 1)
    drawn = [
        _boxes("line", LINE, [(0, base, WIDTH, 1)]),
        _boxes("accent", ACCENT, [(x - width / 2, base - up, width, up) for x, up in zip(middles, tall, strict=True)]),
        _texts("faint", FAINT, "middle", [(rows[n][0], middles[n], base + 19) for n in named]),
        _texts("ink", INK, "middle", [(f"{rows[n][1]:,}", middles[n], base - tall[n] - 6) for n in named]),
    ]
    return _svg(key, title, description, 190, drawn)


def scatter(key: str, title: str, description: str, dots: Sequence[Dot], names: Sequence[str]) -> str:
    """People by their positions: one mark each, its shape and shade the group's; the group's letter at its middle.

    Both axes have the same scale. `names` are the legend's lines in order of groups, the ungrouped ones last.
    """
    height = 280
    placed = _placed(dots, WIDTH, height, margin=18)
    groups = sorted({dot.group for dot in dots if dot.group is not None})
    kinds: list[int | None] = [*groups, *([None] if any(dot.group is None for dot in dots) else [])]
    drawn = [_boxes("wash", WASH, [(0, 0, WIDTH, height)])]
    for group in reversed(kinds):
        drawn.append(_marks(group, [(x, y) for x, y, own in placed if own == group]))
    drawn += [_letter(group, [(x, y) for x, y, own in placed if own == group]) for group in groups]
    lines = [height + 22 + place * 21 for place in range(len(kinds))]
    drawn += [_marks(group, [(8, line - 4)], size=5) for group, line in zip(kinds, lines, strict=True)]
    drawn.append(_texts("ink", INK, "start", [(shorter(n), 22, line) for n, line in zip(names, lines, strict=True)]))
    return _svg(key, title, description, height + 14 + 21 * len(names), drawn)


# --- parts ------------------------------------------------------------------------------------------


def _svg(key: str, title: str, description: str, height: float, drawn: Sequence[str]) -> str:
    known = f"chart-{escape(key, quote=True)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {_n(max(height, 1))}" role="img"'
        f' aria-labelledby="{known}-title {known}-text" font-family="NanumGothic, sans-serif" font-size="{FONT}">'
        f'<title id="{known}-title">{escape(title)}</title><desc id="{known}-text">{escape(description)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def _labels(rows: Sequence[tuple[str, str, float]]) -> str:
    """Labels at the left and values at the right, each at its line."""
    names = _texts("ink", INK, "start", [(shorter(label), 0, line) for label, _value, line in rows if label])
    return names + _texts("faint", FAINT, "end", [(value, WIDTH, line) for _label, value, line in rows])


def _texts(name: str, shade: str, anchor: str, rows: Sequence[tuple[str, float, float]]) -> str:
    """Words at their places, one shade for all."""
    drawn = "".join(f'<text x="{_n(x)}" y="{_n(y)}">{escape(body, quote=False)}</text>' for body, x, y in rows)
    return f'<g class="{name}" color="{shade}" fill="currentColor" text-anchor="{anchor}">{drawn}</g>'


def _boxes(name: str, shade: str, boxes: Sequence[tuple[float, float, float, float]]) -> str:
    """Rectangles of one shade (left, top, width, height) as one path."""
    path = "".join(f"M{_n(x)} {_n(y)}h{_n(w)}v{_n(h)}h{_n(-w)}z" for x, y, w, h in boxes if w > 0 and h > 0)
    return f'<path class="{name}" color="{shade}" fill="currentColor" d="{path}"/>' if path else ""


def _stack(counts: tuple[int, int, int], left: float, whole: float) -> list[tuple[float, float]]:
    """Left edge and width of each of three parts, with a gap between them; no votes, no width."""
    total, parts = sum(counts) or 1, []
    for count in counts:
        width = whole * count / total
        parts.append((left, max(width - 1.5, 0.8) if count else 0.0))
        left += width
    return parts


def _placed(
    dots: Sequence[Dot], width: float, height: float, *, margin: float
) -> list[tuple[float, float, int | None]]:
    """The dots in units of the picture, the middle of them in its middle."""
    if not dots:
        return []
    left, right = min(d.x for d in dots), max(d.x for d in dots)
    low, high = min(d.y for d in dots), max(d.y for d in dots)
    scale = min((width - 2 * margin) / ((right - left) or 1), (height - 2 * margin) / ((high - low) or 1))
    across, down = width / 2 - scale * (left + right) / 2, height / 2 + scale * (low + high) / 2
    return [(round(across + scale * d.x, 1), round(down - scale * d.y, 1), d.group) for d in dots]


def _marks(group: int | None, places: Sequence[tuple[float, float]], size: float = 3.4) -> str:
    """All marks of a group as one path, which keeps a map of two thousand people light."""
    word = shape(group)
    path = "".join(f"M{_n(x)} {_n(y)}{_OUTLINES[word](size) if word in _OUTLINES else 'h.1'}" for x, y in places)
    if group is None:
        return f'<path class="faint" color="{FAINT}" fill="none" stroke="currentColor" d="{path}"/>'
    place = (group - 1) % len(SHADES)
    look = f'class="group-{place + 1}" color="{SHADES[place]}" opacity="0.75"'
    if word in _CAPS:
        return f'<path {look} fill="none" stroke="currentColor" stroke-linecap="{_CAPS[word]}" stroke-width="{_n(1.8 * size)}" d="{path}"/>'
    return f'<path {look} fill="currentColor" d="{path}"/>'


def _letter(group: int, places: Sequence[tuple[float, float]]) -> str:
    """The group's letter on a plate at the middle of its people."""
    x = sum(x for x, _y in places) / len(places)
    y = sum(y for _x, y in places) / len(places)
    plate = f'<circle class="paper" color="{PAPER}" fill="currentColor" cx="{_n(x)}" cy="{_n(y)}" r="11"/>'
    return plate + (
        f'<text class="ink" color="{INK}" fill="currentColor" x="{_n(x)}" y="{_n(y + 4.8)}" text-anchor="middle"'
        ' font-weight="700">'
        f"{letter(group)}</text>"
    )


def _ring(r: float) -> str:
    return f"m{_n(-r)} 0a{_n(r)} {_n(r)} 0 1 0 {_n(2 * r)} 0a{_n(r)} {_n(r)} 0 1 0 {_n(-2 * r)} 0z"


def _triangle(r: float) -> str:
    return f"m0 {_n(-1.1 * r)}l{_n(1.1 * r)} {_n(2 * r)}h{_n(-2.2 * r)}z"


def _diamond(r: float) -> str:
    a = 1.25 * r
    return f"m0 {_n(-a)}l{_n(a)} {_n(a)} {_n(-a)} {_n(a)} {_n(-a)} {_n(-a)}z"


def _cross(r: float) -> str:
    a, b = 0.36 * r, 0.78 * r
    return (
        f"m{_n(-a)} {_n(-a - b)}h{_n(2 * a)}v{_n(b)}h{_n(b)}v{_n(2 * a)}h{_n(-b)}v{_n(b)}h{_n(-2 * a)}v{_n(-b)}"
        f"h{_n(-b)}v{_n(-2 * a)}h{_n(b)}z"
    )


#: A dot and a square are the ends of a line of no length, the shortest way to write them.
_CAPS = {"circle": "round", "square": "square"}
_OUTLINES = {"ring": _ring, "triangle": _triangle, "diamond": _diamond, "cross": _cross}


def _n(value: float) -> str:
    """A number as short as it can be written to one place."""
    return f"{value:.1f}".removesuffix(".0")
