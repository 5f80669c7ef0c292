"""Charts as SVG, made on the server: no script draws them, and a page and a document may show the same one.

Colours come from classes of the stylesheet; what a colour says is said by a shape, a word or a number too. Every chart
has a title and a description; the table with its numbers stands beside it.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, MARGIN = 600, 400, 28


class Dot(NamedTuple):
    """One person on the map; group 0: in none."""

    x: float
    y: float
    group: int


class Place(NamedTuple):
    """Where a dot lies in the picture."""

    x: float
    y: float


def scatter(
    dots: Sequence[Dot],
    labels: dict[int, str],
    *,
    title: str,
    description: str,
    me: Dot | None = None,
    my_word: str = "",
) -> SafeString:
    """A map of dots, each group with a shape of its own and its label at its middle; `me` is marked and named.

    Both axes have one scale, so that distances mean the same in every direction.
    """
    place = _fit([*dots, *([me] if me else [])])
    marks = format_html_join("", "{}", ((_mark(place(dot), dot.group),) for dot in dots))
    names = format_html_join(
        "",
        '<text class="map-label" x="{}" y="{}">{}</text>',
        ((*_middle([place(d) for d in dots if d.group == group]), label) for group, label in labels.items()),
    )
    mine = _me(place(me), my_word) if me else mark_safe("")
    return format_html(
        '<svg class="map" viewBox="0 0 {} {}" role="img" aria-labelledby="map-title map-about"><title id="map-title">{}</title>'
        '<desc id="map-about">{}</desc><rect class="map-ground" width="{}" height="{}" rx="12"/>{}{}{}</svg>',
        WIDTH, HEIGHT, title, description, WIDTH, HEIGHT, marks, names, mine,
    )  # fmt: skip


class _Fit:
    """From the map's numbers to the picture's."""

    def __init__(self, dots: Sequence[Dot]) -> None:
        xs, ys = [d.x for d in dots] or [0.0], [d.y for d in dots] or [0.0]
        self.left, self.top = min(xs), max(ys)
        wide, high = max(xs) - self.left, self.top - min(ys)
        self.scale = min((WIDTH - 2 * MARGIN) / (wide or 1), (HEIGHT - 2 * MARGIN) / (high or 1))
        self.dx = (WIDTH - wide * self.scale) / 2
        self.dy = (HEIGHT - high * self.scale) / 2

    def __call__(self, dot: Dot) -> Place:
        return Place(
            round(self.dx + (dot.x - self.left) * self.scale, 1), round(self.dy + (self.top - dot.y) * self.scale, 1)
        )


def _fit(dots: Sequence[Dot]) -> _Fit:
    return _Fit(dots)


#: Group 1 … 5; drawn around the middle of the mark.
_SHAPES = {
    1: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    2: "M-3.6 -3.6h7.2v7.2h-7.2z",
    3: "M0 -4.6L4.4 3.2H-4.4z",
    4: "M0 -5L5 0L0 5L-5 0z",
    5: "M-1.4 -4.4h2.8v3h3v2.8h-3v3h-2.8v-3h-3v-2.8h3z",
}


def _mark(at: Place, group: int) -> SafeString:
    if group not in _SHAPES:
        return format_html('<circle class="map-none" cx="{}" cy="{}" r="2.5"/>', at.x, at.y)
    return format_html('<path class="map-{}" d="{}" transform="translate({} {})"/>', group, _SHAPES[group], at.x, at.y)


def shape(group: int) -> SafeString:
    """The mark of a group alone, for a legend."""
    return format_html(
        '<svg class="map-key" viewBox="-6 -6 12 12" aria-hidden="true">{}</svg>', _mark(Place(0, 0), group)
    )


def _middle(places: Sequence[Place]) -> Place:
    """The middle of a group by medians, so that one outlier moves no label."""
    if not places:
        return Place(WIDTH / 2, HEIGHT / 2)
    return Place(_median([p.x for p in places]), _median([p.y for p in places]))


def _median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _me(at: Place, word: str) -> SafeString:
    return format_html(
        '<g class="map-me"><circle cx="{}" cy="{}" r="8"/><circle cx="{}" cy="{}" r="3"/><text x="{}" y="{}">{}</text></g>',
        at.x, at.y, at.x, at.y, at.x, at.y - 13, word,
    )  # fmt: skip


# --- two numbers a week -----------------------------------------------------------------------------

#: The width of a column chart, and where its columns stand. Unlike the map it is printed too, so its shades are
#: attributes that print takes; the classes are for the page.
COLUMNS_WIDTH, COLUMNS_BASE, COLUMNS_HEIGHT = 400, 190, 216
_INK, _FAINT, _LINE, _ACCENT = "#1e2124", "#58616a", "#cdd1d5", "#0b50d0"
#: So many labels fit below, and the numbers of so many pairs above.
_MOST_LABELS, _MOST_NUMBERED = 6, 9


class Pair(NamedTuple):
    """Two numbers of one week, with the short label that stands below them."""

    label: str
    first: int
    second: int


def pairs(key: str, rows: Sequence[Pair], *, names: tuple[str, str], title: str, description: str) -> SafeString:
    """Two upright columns for each row: the first an outline, the second filled, as the legend above says in words.

    Numbers stand above the columns where they fit, labels below every row, or every second or third.
    """
    most = max((number for row in rows for number in row[1:]), default=0) or 1
    step = COLUMNS_WIDTH / max(len(rows), 1)
    width = min(step * 0.36, 20)
    middles = [(place + 0.5) * step for place in range(len(rows))]
    tall = [tuple(number / most * (COLUMNS_BASE - 60) for number in row[1:]) for row in rows]
    first = [(x - width - 1, up[0]) for x, up in zip(middles, tall, strict=True)]
    second = [(x + 1, up[1]) for x, up in zip(middles, tall, strict=True)]
    every = -(-len(rows) // _MOST_LABELS) or 1
    below = [(row.label, x, COLUMNS_BASE + 18) for row, x in list(zip(rows, middles, strict=True))[::every]]
    above = [
        (f"{number:,}", left + width / 2, COLUMNS_BASE - up - 5)
        for row, *columns in zip(rows, first, second, strict=True)
        for number, (left, up) in zip(row[1:], columns, strict=True)
        if len(rows) <= _MOST_NUMBERED
    ]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {} {}" role="img"'
        ' aria-labelledby="chart-{}-title chart-{}-text" font-family="NanumGothic, sans-serif" font-size="12">'
        '<title id="chart-{}-title">{}</title><desc id="chart-{}-text">{}</desc>{}{}{}{}{}{}</svg>',
        COLUMNS_WIDTH, COLUMNS_HEIGHT, key, key, key, title, key, description, _legend(names),
        format_html('<path class="line" color="{}" stroke="currentColor" d="M0 {}h{}"/>', _LINE, COLUMNS_BASE, COLUMNS_WIDTH),
        _outlined(_path(first, width)), _filled(_path(second, width)),
        _words("faint", _FAINT, "middle", below), _words("ink", _INK, "middle", above),
    )  # fmt: skip


def _legend(names: tuple[str, str]) -> SafeString:
    """What the outline and what the filled column is, each in a line of its own."""
    words = [(names[0], 18.0, 11.0), (names[1], 18.0, 29.0)]
    marks = [_outlined("M1 1.5h10v10h-10z"), _filled("M1 19.5h10v10h-10z")]
    return format_html("{}{}{}", *marks, _words("ink", _INK, "start", words))


def _path(columns: Sequence[tuple[float, float]], width: float) -> str:
    drawn = (f"M{left:.1f} {COLUMNS_BASE}v{-up:.1f}h{width:.1f}v{up:.1f}z" for left, up in columns if up > 0)
    return "".join(drawn)


def _outlined(path: str) -> SafeString:
    return format_html(
        '<path class="faint" color="{}" fill="none" stroke="currentColor" stroke-width="1.5" d="{}"/>', _FAINT, path
    )


def _filled(path: str) -> SafeString:
    return format_html('<path class="accent" color="{}" fill="currentColor" d="{}"/>', _ACCENT, path)


def _words(name: str, shade: str, anchor: str, rows: Iterable[tuple[str, float, float]]) -> SafeString:
    drawn = format_html_join("", '<text x="{}" y="{}">{}</text>', ((f"{x:.1f}", f"{y:.1f}", w) for w, x, y in rows))
    return format_html(
        '<g class="{}" color="{}" fill="currentColor" text-anchor="{}">{}</g>', name, shade, anchor, drawn
    )
