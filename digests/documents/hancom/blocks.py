"""Blocks of a report as OWPML: plain strings, as in the Word document. Every text of others goes through `escaped`."""

from collections.abc import Iterable
from itertools import count

from hwpx.oxml.hyperlink_form import HYPERLINK_FIELD_ID, hyperlink_parameters

from digests.documents.hancom.look import Look
from digests.documents.safe import escaped, widths
from digests.report.blocks import (
    Block,
    Chart,
    Figures,
    Finding,
    Heading,
    Items,
    Note,
    Paragraph,
    Part,
    Quote,
    Span,
    Table,
    Text,
)

#: Space in a cell: left and right, above and below.
_INSIDE, _ABOVE = 340, 200


class Writer:
    """Writes blocks with the shapes of one document. `width` is the text's; numbers of objects run through."""

    def __init__(self, words: dict[str, str], look: Look, width: int, numbers: "count[int] | None" = None) -> None:
        self.words, self.look, self.width = words, look, width
        self._numbers = numbers or count(1_000_000)

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        match block:
            case Heading(text=body, level=level):
                return self.heading(self.spans(body, f"h{level}"), level)
            case Paragraph(text=body, faint=faint):
                kind = "faint" if faint else "text"
                return self.paragraph(self.spans(body, kind), kind)
            case Items(items=items):
                return "".join(self.paragraph(self.run("–  ") + self.spans(item), "item") for item in items)
            case Figures(figures=figures):
                return self.figures([(figure.label, figure.value) for figure in figures])
            case Note(text=body, tone=tone):
                return self.box(self.spans(body), tone)
            case Quote():
                return self.quote(block)
            case Table():
                return self.table(block)
            case Chart(table=table):
                return self.table(table)
            case Finding():
                return self.finding(block)
            case Part(title=title, meta=meta, level=level, blocks=inner):
                head = self.heading(self.spans(title, f"h{level}"), level)
                return head + self.said(meta, "faint") + self.blocks(inner)

    # --- texts ----------------------------------------------------------------------------------------

    def spans(self, body: Text, letters: str = "text") -> str:
        return "".join(self.span(span, letters) for span in body)

    def span(self, span: Span, letters: str = "text") -> str:
        shape = letters
        if span.cite:
            shape = "cell cite" if letters == "cell" else "cite"
        elif span.strong and f"{letters} strong" in self.look.letters:
            shape = f"{letters} strong"
        elif span.strong or span.url:
            shape = "strong" if span.strong else "link"
        return self.link(span.url, span.text, shape) if span.url else self.run(span.text, shape)

    def run(self, body: str, letters: str = "text") -> str:
        lines = escaped(body).replace("\t", " ").replace("\n", "<hp:lineBreak/>")
        return f'<hp:run charPrIDRef="{self.look.letters[letters]}"><hp:t>{lines}</hp:t></hp:run>'

    def link(self, url: str, body: str, letters: str) -> str:
        """A field that leads to an address, or to a bookmark (`#name`)."""
        shape, known = self.look.letters[letters], next(self._numbers)
        found = hyperlink_parameters(url)
        parameters = "".join(f'<hp:{tag} name="{name}">{escaped(value)}</hp:{tag}>' for tag, name, value in found)
        return (
            f'<hp:run charPrIDRef="{shape}"><hp:ctrl><hp:fieldBegin id="{known}" type="HYPERLINK" name="" editable="0"'
            f' dirty="0" zorder="-1" fieldid="{HYPERLINK_FIELD_ID}"><hp:parameters cnt="{len(found)}" name="">{parameters}'
            f"</hp:parameters></hp:fieldBegin></hp:ctrl></hp:run>{self.run(body, letters)}"
            f'<hp:run charPrIDRef="{shape}"><hp:ctrl><hp:fieldEnd beginIDRef="{known}" fieldid="{HYPERLINK_FIELD_ID}"/>'
            "</hp:ctrl></hp:run>"
        )

    def bookmark(self, name: str) -> str:
        return f'<hp:run charPrIDRef="{self.look.letters["text"]}"><hp:ctrl><hp:bookmark name="{name}"/></hp:ctrl></hp:run>'

    def paragraph(self, runs: str, shape: str = "text", *, new_page: bool = False) -> str:
        style = self.look.styles.get(shape, "0")
        return (
            f'<hp:p id="0" paraPrIDRef="{self.look.paragraphs[shape]}" styleIDRef="{style}" pageBreak="{int(new_page)}"'
            f' columnBreak="0" merged="0">{runs}</hp:p>'
        )

    def heading(self, runs: str, level: int) -> str:
        return self.paragraph(runs, f"h{level}")

    def said(self, body: str, shape: str = "text", letters: str = "") -> str:
        return self.paragraph(self.run(body, letters or shape), shape) if body else ""

    def quote(self, quote: Quote) -> str:
        label = self.run(f"{quote.label}  ", "faint strong") if quote.label else ""
        by = self.run(f"  – {quote.byline}", "faint") if quote.byline else ""
        return self.paragraph(label + self.run(quote.text) + by, "quote")

    def finding(self, finding: Finding) -> str:
        row, letters = finding.opinion, f"h{finding.level}"
        title = self.run(f"{row.proposal} ", letters) + self.span(Span(str(row.number), url=row.url, cite=True))
        title += "".join(self.run(f"  [{mark}]", "faint") for mark in row.marks)
        made = self.heading(title, finding.level) + self.said(row.byline, "faint")
        if finding.full:
            for label, body in ((self.words["problem"], row.problem), (self.words["reason"], row.reason)):
                if body:
                    made += self.paragraph(self.run(f"{label}  ", "faint strong") + self.run(body))
        made += self.tally(finding) + self.said(row.earlier, "faint")
        made += "".join(self.paragraph(self.spans(note)) for note in finding.notes)
        made += "".join(self.quote(argument) for argument in finding.arguments)
        return made + (self.table(finding.chart.table) if finding.chart else "")

    def tally(self, finding: Finding) -> str:
        row = finding.opinion
        if not sum(row.counts):
            return self.said(row.tally, "faint")
        share = self.run(f"{row.share} ", "share") + self.run(f"{self.words['agree']}, {row.of_votes}")
        return self.paragraph(share + self.run(f"  ·  {row.tally}  ·  {row.interval}", "faint"))

    # --- tables ---------------------------------------------------------------------------------------

    def box(self, runs: str, tone: str) -> str:
        """A shaded box: a table of one cell, as Hancom's own documents make them."""
        inside = _cell(self.paragraph(runs, "box"), 0, 0, self.width, self.look.borders[tone])
        return self._tbl([inside], [self.width], header=False)

    def figures(self, figures: list[tuple[str, str]]) -> str:
        """Labels over their values, at most four in a row."""
        made = ""
        for start in range(0, len(figures), 4):
            part = figures[start : start + 4]
            each = [self.width // len(part)] * len(part)
            rows = [[(self.run(label, "head"), "cell") for label, _value in part]]
            rows.append([(self.run(value, "value"), "cell") for _label, value in part])
            made += self._rows(rows, each)
        return made

    def table(self, table: Table) -> str:
        shapes = ["number" if column.number else "cell" for column in table.columns]
        rows = [[(self.run(c.label, "head"), shape) for c, shape in zip(table.columns, shapes, strict=True)]]
        for row in table.rows:
            rows.append([(self.spans(c.text, "cell"), shape) for c, shape in zip(row, shapes, strict=True)])
        return self._rows(rows, widths(table, self.width, 900))

    def _rows(self, rows: list[list[tuple[str, str]]], columns: list[int]) -> str:
        borders, made = self.look.borders, []
        for down, row in enumerate(rows):
            border = borders["head"] if down == 0 else borders["row"]
            made.append(
                "".join(
                    _cell(self.paragraph(runs, shape), across, down, columns[across], border, header=down == 0)
                    for across, (runs, shape) in enumerate(row)
                )
            )
        return self._tbl(made, columns, header=True)

    def _tbl(self, rows: list[str], columns: list[int], *, header: bool) -> str:
        body = "".join(f"<hp:tr>{row}</hp:tr>" for row in rows)
        table = (
            f'<hp:tbl id="{next(self._numbers)}" zOrder="0" numberingType="TABLE" textWrap="TOP_AND_BOTTOM"'
            ' textFlow="BOTH_SIDES" lock="0" dropcapstyle="None" pageBreak="CELL"'
            f' repeatHeader="{int(header)}" rowCnt="{len(rows)}" colCnt="{len(columns)}" cellSpacing="0"'
            f' borderFillIDRef="{self.look.borders["none"]}" noAdjust="0">'
            f'<hp:sz width="{sum(columns)}" widthRelTo="ABSOLUTE" height="{1500 * len(rows)}" heightRelTo="ABSOLUTE" protect="0"/>'
            '<hp:pos treatAsChar="0" affectLSpacing="0" flowWithText="1" allowOverlap="0" holdAnchorAndSO="0" vertRelTo="PARA"'
            ' horzRelTo="COLUMN" vertAlign="TOP" horzAlign="LEFT" vertOffset="0" horzOffset="0"/>'
            '<hp:outMargin left="0" right="0" top="200" bottom="500"/>'
            f'<hp:inMargin left="{_INSIDE}" right="{_INSIDE}" top="{_ABOVE}" bottom="{_ABOVE}"/>{body}</hp:tbl>'
        )
        return self.paragraph(f'<hp:run charPrIDRef="{self.look.letters["cell"]}">{table}<hp:t/></hp:run>', "cell")


def _cell(content: str, across: int, down: int, width: int, border: str, *, header: bool = False) -> str:
    return (
        f'<hp:tc name="" header="{int(header)}" hasMargin="0" protect="0" editable="0" dirty="0" borderFillIDRef="{border}">'
        '<hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" vertAlign="CENTER" linkListIDRef="0"'
        f' linkListNextIDRef="0" textWidth="0" textHeight="0" hasTextRef="0" hasNumRef="0">{content}</hp:subList>'
        f'<hp:cellAddr colAddr="{across}" rowAddr="{down}"/><hp:cellSpan colSpan="1" rowSpan="1"/>'
        f'<hp:cellSz width="{width}" height="1500"/>'
        f'<hp:cellMargin left="{_INSIDE}" right="{_INSIDE}" top="{_ABOVE}" bottom="{_ABOVE}"/></hp:tc>'
    )
