"""Documents read back by other people's libraries: what is in them, and where their links lead."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import docx
import openpyxl
import pypdf
from hwpx import HwpxDocument
from lxml import etree

#: What says something of whoever made a file, in any of the formats.
MAKERS = (b"python-docx", b"synthetic-fixture-author", b"Microsoft Macintosh", b'lastsaveby" content="text">s')


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def pdf_tags(reader: pypdf.PdfReader) -> Iterator[str]:
    """The roles in the structure tree."""
    root: Any = reader.trailer["/Root"]
    waiting: list[Any] = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if "/S" in node:
                yield node["/S"]
            if "/K" in node:
                waiting.append(node["/K"])


def pdf_links(data: bytes) -> set[str]:
    found = set()
    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        for annotation in page.get("/Annots") or []:
            action = annotation.get_object().get("/A", {})
            if "/URI" in action:
                found.add(str(action["/URI"]))
    return found


def word(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def word_text(data: bytes) -> str:
    """All text in reading order, tables included."""
    return "\n".join(
        "".join(piece.text or "" for piece in paragraph.iter("{*}t"))
        for paragraph in word(data).element.body.iter("{*}p")
    )


def word_links(data: bytes) -> set[str]:
    return {relation.target_ref for relation in word(data).part.rels.values() if relation.is_external}


def hancom(data: bytes) -> Any:
    return HwpxDocument.open(io.BytesIO(data))


def hancom_text(data: bytes) -> str:
    """All text in reading order, from the plain XML: no library of the format between."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in sorted(n for n in package.namelist() if re.fullmatch(r"Contents/section\d+\.xml", n)):
            for paragraph in etree.fromstring(package.read(name)).iter("{*}p"):
                parts.append("".join(t.xpath("string()") for t in paragraph.findall("{*}run/{*}t")))
    return "\n".join(parts)


def hancom_links(data: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sections = [package.read(n).decode() for n in package.namelist() if n.startswith("Contents/section")]
    return {url for xml in sections for url in re.findall(r'<hp:stringParam name="Path">([^<]*)<', xml)}


def book(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def book_text(data: bytes) -> str:
    rows = (row for sheet in book(data) for row in sheet.iter_rows(values_only=True))
    return "\n".join("\t".join(str(value) for value in row if value is not None) for row in rows)


TEXTS: dict[str, Callable[[bytes], str]] = {
    "pdf": pdf_text, "docx": word_text, "hwpx": hancom_text, "xlsx": book_text,
    "csv": lambda data: data.decode("utf-8-sig"), "json": bytes.decode,
}  # fmt: skip


def unpacked(data: bytes) -> bytes:
    """Everything inside a package, file names included; the bytes themselves for what is none."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"\n".join(name.encode() + b"\n" + package.read(name) for name in package.namelist())
