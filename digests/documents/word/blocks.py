"""Blocks of a report as WordprocessingML: plain strings, because a table of thousands of rows is built of millions of
elements otherwise. Every text of others goes through `escaped`, so that none of it is markup."""

from collections.abc import Callable, Iterable

from digests.documents.fonts import is_chinese
from digests.documents.safe import escaped, widths
from digests.documents.word.look import ACCENT, FAINT, LINE
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

_LANGUAGES = {"ko": "ko-KR", "en": "en-US", "zh": "zh-TW"}


class Writer:
    """Writes blocks for one document. `link` gives the relationship of an address, `width` is the text's in twips."""

    def __init__(self, words: dict[str, str], link: Callable[[str], str], width: int) -> None:
        self.words, self.link, self.width = words, link, width

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        match block:
            case Heading(text=body, level=level):
                return paragraph(self.spans(body), f"Heading{level}")
            case Paragraph(text=body, faint=faint):
                return paragraph(self.spans(body), "DigestFaint" if faint else "")
            case Items(items=items):
                return "".join(paragraph(self.spans(item), "ListBullet") for item in items)
            case Figures(figures=figures):
                return self.figures([(figure.label, figure.value) for figure in figures])
            case Note(text=body, tone=tone):
                return paragraph(self.spans(body), "DigestWarning" if tone == "warn" else "DigestNote")
            case Quote():
                return self.quote(block)
            case Table():
                return self.table(block)
            case Chart(table=table):
                return self.table(table)
            case Finding():
                return self.finding(block)
            case Part(title=title, meta=meta, level=level, blocks=inner):
                return (
                    paragraph(self.spans(title), f"Heading{level}")
                    + self.said(meta, "DigestFaint")
                    + self.blocks(inner)
                )

    # --- texts ----------------------------------------------------------------------------------------

    def spans(self, body: Text) -> str:
        return "".join(self.span(span) for span in body)

    def span(self, span: Span) -> str:
        color = ACCENT if span.cite or span.url else ""
        shown = run(span.text, language=span.language, bold=span.strong or span.cite, color=color)
        return f'<w:hyperlink r:id="{self.link(span.url)}">{shown}</w:hyperlink>' if span.url else shown

    def said(self, body: str, style: str = "", language: str = "") -> str:
        return paragraph(run(body, language=language), style) if body else ""

    def quote(self, quote: Quote) -> str:
        label = run(f"{quote.label}  ", bold=True, color=FAINT) if quote.label else ""
        by = run(f"  – {quote.byline}", color=FAINT) if quote.byline else ""
        return paragraph(label + run(quote.text, language=quote.language) + by, "DigestQuote")

    def finding(self, finding: Finding) -> str:
        row = finding.opinion
        title = run(row.proposal, language=row.language) + run(" ")
        title += self.span(Span(str(row.number), url=row.url, cite=True))
        title += "".join(run(f"  [{mark}]", color=FAINT) for mark in row.marks)
        made = paragraph(title, f"Heading{finding.level}") + self.said(row.byline, "DigestFaint")
        if finding.full:
            for label, body in ((self.words["problem"], row.problem), (self.words["reason"], row.reason)):
                if body:
                    made += paragraph(run(f"{label}  ", bold=True, color=FAINT) + run(body, language=row.language))
        made += self.tally(finding) + self.said(row.earlier, "DigestFaint")
        made += "".join(paragraph(self.spans(note)) for note in finding.notes)
        made += "".join(self.quote(argument) for argument in finding.arguments)
        return made + (self.table(finding.chart.table) if finding.chart else "")

    def tally(self, finding: Finding) -> str:
        row = finding.opinion
        if not sum(row.counts):
            return self.said(row.tally, "DigestFaint")
        share = run(f"{row.share} ", bold=True, color=ACCENT, size=28) + run(f"{self.words['agree']}, {row.of_votes}")
        return paragraph(share + run(f"  ·  {row.tally}  ·  {row.interval}", color=FAINT))

    # --- tables ---------------------------------------------------------------------------------------

    def figures(self, figures: list[tuple[str, str]]) -> str:
        """Labels over their values, at most four in a row."""
        made = ""
        for start in range(0, len(figures), 4):
            part = figures[start : start + 4]
            each = self.width // len(part)
            head = "".join(cell(paragraph(run(label), "DigestHead"), each) for label, _value in part)
            values = "".join(cell(paragraph(run(value), "DigestValue"), each) for _label, value in part)
            rows = tr(head, header=True) + tr(values)
            made += tbl(rows, [each] * len(part), ", ".join(label for label, _value in part))
        return made

    def table(self, table: Table) -> str:
        columns = widths(table, self.width, 180)
        numbers = [column.number for column in table.columns]
        head = "".join(
            cell(paragraph(run(column.label), "DigestHead", right=column.number), width)
            for column, width in zip(table.columns, columns, strict=True)
        )
        rows = [tr(head, header=True)]
        for row in table.rows:
            found = zip(row, columns, numbers, strict=True)
            rows.append(tr("".join(cell(paragraph(self.spans(c.text), "DigestCell", right=n), w) for c, w, n in found)))
        return tbl("".join(rows), columns, table.title)


def run(body: str, *, language: str = "", bold: bool = False, color: str = "", size: int = 0) -> str:
    """A run of text; a text in Chinese is marked as such whatever its opinion says."""
    spoken = "zh" if is_chinese(body) else language
    properties = "<w:b/>" if bold else ""
    properties += f'<w:color w:val="{color}"/>' if color else ""
    properties += f'<w:sz w:val="{size}"/>' if size else ""
    if spoken in _LANGUAGES:
        known = _LANGUAGES[spoken]
        properties += f'<w:lang w:val="{known}" w:eastAsia="{known if spoken != "en" else "ko-KR"}"/>'
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escaped(body).replace("\t", " ").split("\n"))
    shown = f'<w:t xml:space="preserve">{lines}</w:t>'
    return f"<w:r><w:rPr>{properties}</w:rPr>{shown}</w:r>" if properties else f"<w:r>{shown}</w:r>"


def paragraph(runs: str, style: str = "", *, right: bool = False) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += '<w:jc w:val="right"/>' if right else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>" if properties else f"<w:p>{runs}</w:p>"


def cell(content: str, width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def tr(cells: str, *, header: bool = False) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>{cells}</w:tr>"


def tbl(rows: str, columns: list[int], title: str) -> str:
    """A table with lines between its rows, its header repeated on each page, its title for who cannot see it."""
    lines = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>' for edge in ("top", "bottom", "insideH")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    margins = "".join(
        f'<w:{edge} w:w="{size}" w:type="dxa"/>'
        for edge, size in (("top", 50), ("left", 70), ("bottom", 50), ("right", 70))
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escaped(title)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
        # Two tables in a row would become one.
        '<w:p><w:pPr><w:pStyle w:val="DigestCell"/></w:pPr></w:p>'
    )
