"""What a report is made of: sections of generic blocks, which every format lays out in its own way.

Plain frozen data. A new section is a list of these, so that it costs no work in any format; a new *kind* of block
costs one branch in each. Texts are tuples of spans: a span knows its language and where it leads, and is never markup.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Span:
    """A piece of a text. `language` stands where it is not the report's; `cite` marks an opinion's number."""

    text: str
    language: str = ""
    url: str = ""
    strong: bool = False
    cite: bool = False


Text = tuple[Span, ...]


def text(*parts: "str | Span | Iterable[Span]") -> Text:
    """A text of strings, spans and other texts; empty strings fall away."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans += [Span(part)] if part else []
        elif isinstance(part, Span):
            spans.append(part)
        else:
            spans += part
    return tuple(spans)


def plain(body: Text) -> str:
    """The words of a text without anything else."""
    return "".join(span.text for span in body)


@dataclass(frozen=True)
class Heading:
    """A heading inside a section. The section's own title is level 1, so these begin at 2."""

    text: Text
    level: int = 2
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Paragraph:
    text: Text
    #: Smaller and lighter: a remark about what stands beside it.
    faint: bool = False
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list of equal points."""

    items: tuple[Text, ...]
    kind: ClassVar[str] = "items"


@dataclass(frozen=True)
class Figure:
    label: str
    value: str


@dataclass(frozen=True)
class Figures:
    """A row of numbers that people came for."""

    figures: tuple[Figure, ...]
    kind: ClassVar[str] = "figures"


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, with their language; `label` says what they are."""

    text: str
    language: str
    label: str = ""
    byline: str = ""
    kind: ClassVar[str] = "quote"


@dataclass(frozen=True)
class Note:
    """A sentence that must not be overlooked. `tone`: info or warn."""

    text: Text
    tone: str = "info"
    kind: ClassVar[str] = "note"


@dataclass(frozen=True)
class Column:
    """A column of a table. `share` is its part of the width beside the others; 0 takes what its numbers need.

    `bar`: its cells have counts, and a format may draw them.
    """

    label: str
    number: bool = False
    share: int = 0
    bar: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell; with `counts` (agree, pass, disagree) a bar may stand under it, which says nothing that the row does not."""

    text: Text
    counts: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Table:
    """Rows under columns. The first row of every format is a header that repeats on each page."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Chart:
    """A picture with its numbers. `svg` is a whole SVG; `printed`: the table stands under it on paper too.

    Formats without vector pictures set the table alone. `width` is its part of the text's width.
    """

    svg: str
    title: str
    description: str
    table: Table
    show_table: str = ""
    printed: bool = False
    width: float = 0.68
    kind: ClassVar[str] = "chart"


@dataclass(frozen=True)
class Opinion:
    """One opinion with every number as it is printed; numbers stand beside their base."""

    number: int
    url: str
    proposal: str
    language: str
    byline: str
    problem: str
    reason: str
    counts: tuple[int, int, int]
    tally: str
    share: str
    of_votes: str
    interval: str
    rank: str
    earlier: str
    new: bool
    not_voted_on: bool
    marks: tuple[str, ...]
    total: str
    groups: tuple[str, ...]
    balance: str


@dataclass(frozen=True)
class Finding:
    """An opinion as a finding. `full`: with problem and reason; `notes` say why it stands here."""

    opinion: Opinion
    level: int = 2
    full: bool = True
    notes: tuple[Text, ...] = ()
    arguments: tuple[Quote, ...] = ()
    chart: Chart | None = None
    kind: ClassVar[str] = "finding"


@dataclass(frozen=True)
class Part:
    """Blocks under a heading of their own, which a page may fold away."""

    title: Text
    meta: str
    blocks: tuple["Block", ...]
    level: int = 2
    kind: ClassVar[str] = "part"


Block = Heading | Paragraph | Items | Figures | Finding | Quote | Table | Chart | Note | Part


@dataclass(frozen=True)
class Section:
    """A chapter. `wide`: its tables need a page on its side. `page`: whether the web page shows it."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    wide: bool = False
    on_page: bool = True


@dataclass(frozen=True)
class Cover:
    summit: str
    title: str
    kind: str
    meeting: str
    cutoff: str
    hosts: str
    sample: str
    url: str
    about: str
    check: str


@dataclass(frozen=True)
class Headline:
    """At a glance: the main finding as a sentence (whole, and around the quoted proposal), figures, surest opinions."""

    title: str
    sentence: str
    around: tuple[str, str]
    quoted: Span | None
    provisional: str
    figures: tuple[Figure, ...]
    top: tuple[Opinion, ...]


@dataclass(frozen=True)
class Report:
    """A digest in one language, ready to be laid out."""

    language: str
    cover: Cover
    headline: Headline
    sections: tuple[Section, ...]
    words: dict[str, str] = field(default_factory=dict)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block in reading order, parts before what is in them."""
    for block in blocks:
        yield block
        if isinstance(block, Part):
            yield from walk(block.blocks)


def as_json(report: Report) -> str:
    """The report as one JSON text, each block with its kind; what a typesetter gets."""
    return json.dumps(report, default=_plain_data, ensure_ascii=False)


def _plain_data(value: Any) -> dict[str, Any]:
    kind = getattr(value, "kind", None)
    return {**vars(value), "kind": kind} if isinstance(kind, str) else dict(vars(value))
