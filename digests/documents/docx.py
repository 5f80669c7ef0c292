"""The report as a Word document (ECMA-376, Office Open XML): real headings, tables with headers, links, no author.

python-docx makes package, styles and sections; the blocks are written as XML (`word/blocks.py`). Charts are tables.
"""

import io
import re
from datetime import datetime
from itertools import zip_longest
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from digests import report
from digests.documents.safe import escaped, repacked
from digests.documents.safe import text as allowed
from digests.documents.word.blocks import Writer, paragraph, run
from digests.documents.word.look import FAINT, SIDEWAYS, UPRIGHT, dress, page
from digests.report.blocks import Report, Section

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Parts of the library's template that say nothing of ours.
_UNWANTED = ("thumbnail", "extended-properties", "customXml")


def render(content: dict[str, Any], language: str | None) -> bytes:
    """The Word document of a content in one language; the same content gives the same bytes."""
    assert language is not None
    made = report.build(content, language)
    document = Document()
    dress(document, language)
    _undress(document)
    _properties(document, made, datetime.fromisoformat(content["edition"]["cutoff_at"]))
    layout = _Layout(document, made)
    out = io.BytesIO()
    document.save(out)
    edits = {"word/document.xml": layout.with_texts, "word/_rels/document.xml.rels": layout.with_links}
    return repacked(out.getvalue(), order=lambda name: name != "[Content_Types].xml", edits=edits)


class _Layout:
    """Puts a report into a document, section by section.

    python-docx gets sections that hold one mark each. The texts take the marks' places when everything is written:
    moving tens of thousands of elements from tree to tree takes minutes, and so does looking for a free relationship.
    """

    def __init__(self, document: WordDocument, made: Report) -> None:
        self.document, self.made = document, made
        self._links: dict[str, str] = {}
        self._texts: list[str] = []
        document.sections[0].different_first_page_header_footer = True
        self._page(document.sections[0], sideways=False)
        self._append(self._cover() + self._glance() + self._contents())
        sideways = False
        for place, section in enumerate(made.sections):
            if section.wide != sideways:
                sideways = section.wide
                started = document.add_section(WD_SECTION.NEW_PAGE)
                started.different_first_page_header_footer = False
                self._page(started, sideways=sideways)
            self._append(self._section(section, place))

    def with_texts(self, xml: bytes) -> bytes:
        """The document with the texts in the places of their marks."""
        pieces = re.split(r"<w:p><w:r><w:t>digest-text-\d+</w:t></w:r></w:p>", xml.decode())
        assert len(pieces) == len(self._texts) + 1
        return "".join(part for both in zip_longest(pieces, self._texts, fillvalue="") for part in both).encode()

    def with_links(self, xml: bytes) -> bytes:
        """The relationships with those of our links."""
        links = "".join(
            f'<Relationship Id="{known}" Type="{RELATIONSHIP_TYPE.HYPERLINK}" Target="{escaped(url)}" TargetMode="External"/>'
            for url, known in self._links.items()
        )
        return xml.decode().replace("</Relationships>", f"{links}</Relationships>").encode()

    def _page(self, section: Any, *, sideways: bool) -> None:
        cover = self.made.cover
        page(section, sideways=sideways, head=(cover.title, cover.kind), foot=cover.cutoff)

    def _append(self, xml: str) -> None:
        self.document.add_paragraph().add_run(f"digest-text-{len(self._texts)}")
        self._texts.append(xml)

    def _writer(self, width: int) -> Writer:
        return Writer(self.made.words, self._link, width)

    def _link(self, url: str) -> str:
        return self._links.setdefault(url, f"rLink{len(self._links) + 1}")

    # --- pages ----------------------------------------------------------------------------------------

    def _cover(self) -> str:
        cover, head = self.made.cover, self.made.headline
        writer = self._writer(UPRIGHT)
        made = '<w:p><w:pPr><w:spacing w:before="2600"/></w:pPr></w:p>'
        made += writer.said(cover.summit, "DigestSummit") + writer.said(cover.title, "Title")
        made += writer.said(cover.kind, "DigestKind") + writer.said(cover.about, "DigestFaint")
        made += writer.said(head.provisional, "DigestWarning")
        made += '<w:p><w:pPr><w:spacing w:before="4200"/></w:pPr></w:p>'
        made += "".join(
            writer.said(line, "DigestFaint") for line in (cover.meeting, cover.cutoff, cover.hosts, cover.sample)
        )
        made += paragraph(f'<w:hyperlink r:id="{self._link(cover.url)}">{run(cover.url)}</w:hyperlink>', "DigestFaint")
        return made + writer.said(cover.check, "DigestLabel")

    def _glance(self) -> str:
        head, writer = self.made.headline, self._writer(UPRIGHT)
        made = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:pageBreakBefore/></w:pPr>{run(head.title)}</w:p>'
        said = run(head.quoted.text, language=head.quoted.language) if head.quoted else ""
        before, after = head.around
        made += paragraph(run(before) + said + (run(after) if after else ""), "DigestSentence")
        made += writer.figures([(figure.label, figure.value) for figure in head.figures])
        if head.top:
            made += writer.said(self.made.words["headline_top"], "DigestLabel")
        for row in head.top:
            line = run(f"{row.share}  ", bold=True) + run(row.proposal, language=row.language)
            made += paragraph(line + run(f"  {row.number}", color=FAINT), "ListBullet")
        return made

    def _contents(self) -> str:
        """A table of contents as a field without page numbers: right as it stands, and Word can make it anew."""
        made = self._writer(UPRIGHT).said(self.made.words["contents"], "DigestLabel")
        begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">TOC \\o "1-1" \\n \\h</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        last = len(self.made.sections) - 1
        for place, section in enumerate(self.made.sections):
            link = f'<w:hyperlink w:anchor="_Toc{place + 1}">{run(section.title)}</w:hyperlink>'
            made += paragraph((begin if place == 0 else "") + link + (end if place == last else ""), "DigestContents")
        return made

    def _section(self, section: Section, place: int) -> str:
        mark = f'<w:bookmarkStart w:id="{place + 1}" w:name="_Toc{place + 1}"/>{run(section.title)}<w:bookmarkEnd w:id="{place + 1}"/>'
        first = "<w:pageBreakBefore/>" if place == 0 else ""
        title = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/>{first}</w:pPr>{mark}</w:p>'
        return title + self._writer(SIDEWAYS if section.wide else UPRIGHT).blocks(section.blocks)


def _undress(document: WordDocument) -> None:
    """Take away what the library's template brings: thumbnail, properties of its maker's program, custom parts."""
    for rels in (document.part.package.rels, document.part.rels):
        for key, relation in list(rels.items()):
            if any(word in relation.reltype for word in _UNWANTED):
                del rels[key]


def _properties(document: WordDocument, made: Report, moment: datetime) -> None:
    """Title, language and the cut-off as time; nobody's name."""
    core = document.core_properties
    core.title, core.subject = allowed(f"{made.cover.title} · {made.cover.kind}"), allowed(made.cover.summit)
    core.author = core.last_modified_by = core.comments = core.keywords = core.category = ""
    core.language, core.revision = made.language, 1
    core.created = core.modified = moment.replace(tzinfo=None)
    settings = document.settings.element
    for element in list(settings):
        if element.tag in (qn("w:rsids"), qn("w:docVars")):
            settings.remove(element)
