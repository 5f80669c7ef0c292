"""The report as HWPX (OWPML, KS X 6101), the format of the Korean government's documents.

python-hwpx makes package, pages and shapes; the blocks are written as XML (`hancom/blocks.py`). Charts are tables.
Open it with Hancom Office 2014 or later, or any reader of OWPML.
"""

import re
from itertools import count
from typing import Any

from hwpx import HwpxDocument

from digests import report
from digests.documents.hancom import look as looks
from digests.documents.hancom.blocks import Writer
from digests.documents.safe import repacked
from digests.documents.safe import text as allowed
from digests.report.blocks import Report, Section, Span

#: As registered with IANA; the file inside that names its type says application/hwp+zip, which readers look for.
MEDIA_TYPE = "application/vnd.hancom.hwpx"
_MARK = re.compile(r'<hp:p [^>]*><hp:run charPrIDRef="\d+"><hp:t>digest-text-(\d+)</hp:t></hp:run></hp:p>')
_CARRIER = re.compile(rf'<hp:p [^>]*><hp:run charPrIDRef="\d+"><hp:t>{looks.SHAPE_MARK}</hp:t></hp:run></hp:p>')
_EDGE = re.compile(r'<hp:run charPrIDRef="\d+"><hp:t>digest-(head|foot)</hp:t></hp:run>')
_NUMBERED = re.compile(r'(<hp:(?:p|header|footer) (?:[^>]*? )?id=)"(\d+)"')
_APPLIED = re.compile(r'(<hp:(?:header|footer)Apply (?:[^>]*? )?idRef=)"(\d+)"')


def render(content: dict[str, Any], language: str | None) -> bytes:
    """The HWPX document of a content in one language; the same content gives the same bytes."""
    assert language is not None
    made = report.build(content, language)
    document = HwpxDocument.new()
    layout = _Layout(document, made)
    moment = content["edition"]["cutoff_at"]
    document.parts.clear_document_metadata(timestamp=moment)
    document.parts.set_document_metadata(
        title=allowed(f"{made.cover.title} · {made.cover.kind}"), created_date=moment, modified_date=moment
    )
    document.parts.clear_preview()
    sections = {f"Contents/section{place}.xml": layout.with_texts for place in range(layout.sections)}
    edits = {**sections, "Contents/header.xml": _without_numbers, "Contents/content.hpf": layout.with_language}
    # Readers look for the first file at a fixed place: it tells what this is.
    return repacked(document.to_bytes(), stored=("mimetype",), edits=edits)


class _Layout:
    """Puts a report into a document. As in the Word document, marks stand for texts until everything is written."""

    def __init__(self, document: HwpxDocument, made: Report) -> None:
        self.document, self.made = document, made
        self.look = looks.make(document)
        self._numbers, self._identities = count(1_000_000), count(1)
        self._texts: list[str] = []
        self.sections = 1
        self._page(0, sideways=False)
        document.page.set_visibility(hide_first_header=True, hide_first_footer=True, section=0)
        self._append(self._cover() + self._glance() + self._contents())
        sideways = False
        for place, section in enumerate(made.sections):
            started = section.wide != sideways
            if started:
                sideways = section.wide
                document.add_section()
                self.sections += 1
                self._page(self.sections - 1, sideways=sideways)
            self._append(self._section(section, place, new_page=place == 0 and not started))

    def with_texts(self, xml: bytes) -> bytes:
        """A section with the texts in the places of their marks, and with numbers that run instead of random ones."""
        found = _CARRIER.sub("", xml.decode())
        found = _MARK.sub(lambda mark: self._texts[int(mark[1])], found)
        found = _EDGE.sub(lambda mark: self._edge(mark[1]), found)
        known: dict[str, str] = {}

        def numbered(start: re.Match[str]) -> str:
            known[start[2]] = str(next(self._identities))
            return f'{start[1]}"{known[start[2]]}"'

        found = _NUMBERED.sub(numbered, found)
        return _APPLIED.sub(lambda use: f'{use[1]}"{known[use[2]]}"', found).encode()

    def with_language(self, xml: bytes) -> bytes:
        """The package's description with the language of this document."""
        language = f"<opf:language>{self.made.language}</opf:language>"
        return re.sub("<opf:language>[^<]*</opf:language>", language, xml.decode()).encode()

    def _page(self, section: int, *, sideways: bool) -> None:
        looks.pages(self.document, section, sideways=sideways)
        self.document.page.set_header(content=[{"text": "digest-head", "align": "LEFT"}], section=section)
        self.document.page.set_footer(content=[{"text": "digest-foot", "align": "RIGHT"}], section=section)

    def _edge(self, which: str) -> str:
        """The running header, or the footer with the page and how many there are."""
        writer, cover = self._writer(looks.UPRIGHT), self.made.cover
        if which == "head":
            return writer.run(f"{cover.title}  ·  {cover.kind}", "edge")
        numbers = f"{self._number('PAGE')}{writer.run(' / ', 'edge')}{self._number('TOTAL_PAGE')}"
        return writer.run(f"{cover.cutoff}      ", "edge") + numbers

    def _number(self, kind: str) -> str:
        shape = self.look.letters["edge"]
        return (
            f'<hp:run charPrIDRef="{shape}"><hp:ctrl><hp:autoNum num="1" numType="{kind}"><hp:autoNumFormat type="DIGIT"'
            ' userChar="" prefixChar="" suffixChar="" supscript="0"/></hp:autoNum></hp:ctrl></hp:run>'
        )

    def _append(self, xml: str) -> None:
        self.document.add_paragraph(
            f"digest-text-{len(self._texts)}", section=self.document.sections[-1], inherit_style=False
        )
        self._texts.append(xml)

    def _writer(self, width: int) -> Writer:
        return Writer(self.made.words, self.look, width, self._numbers)

    # --- pages ----------------------------------------------------------------------------------------

    def _cover(self) -> str:
        cover, head = self.made.cover, self.made.headline
        writer = self._writer(looks.UPRIGHT)
        made = writer.said(cover.summit, "lifted", "summit") + writer.said(cover.title, "title", "title")
        made += writer.said(cover.kind, "text", "kind") + writer.said(cover.about, "faint")
        if head.provisional:
            made += writer.box(writer.run(head.provisional), "warn")
        lines = [line for line in (cover.meeting, cover.cutoff, cover.hosts, cover.sample) if line]
        made += writer.said(lines[0], "lowered", "faint") + "".join(writer.said(line, "faint") for line in lines[1:])
        return (
            made
            + writer.paragraph(writer.link(cover.url, cover.url, "faint"), "faint")
            + writer.said(cover.check, "faint")
        )

    def _glance(self) -> str:
        head, writer = self.made.headline, self._writer(looks.UPRIGHT)
        made = writer.paragraph(writer.run(head.title, "h1"), "h1", new_page=True)
        said = head.quoted.text if head.quoted else ""
        made += writer.box(writer.run(f"{head.around[0]}{said}{head.around[1]}", "sentence"), "info")
        made += writer.figures([(figure.label, figure.value) for figure in head.figures])
        if head.top:
            made += writer.said(self.made.words["headline_top"], "faint", "faint strong")
        for row in head.top:
            line = writer.run(f"{row.share}  ", "cite") + writer.run(f"{row.proposal}  ")
            made += writer.paragraph(line + writer.span(Span(str(row.number), url=row.url, cite=True)))
        return made

    def _contents(self) -> str:
        writer = self._writer(looks.UPRIGHT)
        made = writer.said(self.made.words["contents"], "faint", "faint strong")
        for place, section in enumerate(self.made.sections):
            made += writer.paragraph(writer.link(f"#section{place}", section.title, "text"), "contents")
        return made

    def _section(self, section: Section, place: int, *, new_page: bool) -> str:
        writer = self._writer(looks.SIDEWAYS if section.wide else looks.UPRIGHT)
        title = writer.run(section.title, "h1") + writer.bookmark(f"section{place}")
        return writer.paragraph(title, "h1", new_page=new_page) + writer.blocks(section.blocks)


def _without_numbers(xml: bytes) -> bytes:
    """The header with an outline that numbers nothing: opinions have numbers of their own."""
    return re.sub(r"(<hh:paraHead [^>]*[^/]>)[^<]*(</hh:paraHead>)", r"\1\2", xml.decode()).encode()
