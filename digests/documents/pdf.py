"""The printed report: tagged PDF (PDF/UA-1) set by Typst, in a process of its own with limits of time and memory.

The templates are ours and read no file but each other; the report reaches them as one JSON string, so that a text of
a member is a string in it and never markup. A content that cannot be set within the limits is set in a plain layout
that says so: a digest is late for nobody because of one text.
"""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from digests import report
from digests.documents import fonts
from digests.documents.typesetting import REFUSED
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
    Report,
    Table,
    as_json,
    plain,
)

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "typst"
#: Seconds that a layout may take. All attempts together stay below the time that a worker holds a request
#: (`digests.compile.LEASE`); 5,000 opinions take 12 of them in full and one in the plain layout.
SECONDS, SECONDS_PLAIN = 45, 15
#: Bytes of address space; 5,000 opinions take less than half of it.
MEMORY = 4 << 30
#: The plain layout cuts texts here, and breaks words.
LONGEST_LINE, LONGEST_WORD = 1500, 40
_PAGES = re.compile(rb"/Type/Pages/Count (\d+)")


class NotSet(RuntimeError):
    """The typesetter gave no PDF. `refused`: because of what stands in it, not because of a limit."""

    def __init__(self, reason: str, *, refused: bool) -> None:
        super().__init__(reason)
        self.refused = refused


def render(content: dict[str, Any], language: str | None, *, seconds: int = SECONDS, memory: int = MEMORY) -> bytes:
    """The PDF of a content in one language; the same content gives the same bytes with the same Typst."""
    assert language is not None
    made = report.build(content, language)
    moment = content["edition"]["cutoff_at"]
    full = json.dumps(_printable(json.loads(as_json(made))), ensure_ascii=False)
    try:
        return _typeset("digest.typ", full, moment, seconds=seconds, memory=memory)
    except NotSet as error:
        log.error("the digest is set in the plain layout: %s", error)
        return _typeset(
            "plain.typ", json.dumps(_plain(made), ensure_ascii=False), moment, seconds=SECONDS_PLAIN, memory=MEMORY
        )


def count_pages(pdf: bytes) -> int:
    """The pages of a PDF that `render` made."""
    return max(int(count) for count in _PAGES.findall(pdf))


def _typeset(template: str, made: str, moment: str, *, seconds: int, memory: int) -> bytes:
    """One layout; a text that the checks of PDF/UA refuse must not keep everybody from the digest."""
    try:
        return _ask(template, made, moment, ["ua-1"], seconds=seconds, memory=memory)
    except NotSet as error:
        if not error.refused:
            raise
        log.error("not accepted as PDF/UA, set as a tagged PDF without that claim: %s", error)
        return _ask(template, made, moment, [], seconds=seconds, memory=memory)


def _ask(template: str, made: str, moment: str, standards: list[str], *, seconds: int, memory: int) -> bytes:
    wanted = {
        "template": str(FOLDER / template), "root": str(FOLDER), "fonts": [str(folder) for folder in fonts.folders()],
        "report": made, "standards": standards, "timestamp": moment, "memory": memory, "seconds": seconds,
    }  # fmt: skip
    command = [sys.executable, "-I", str(Path(__file__).with_name("typesetting.py"))]
    try:
        done = subprocess.run(command, input=json.dumps(wanted).encode(), capture_output=True, timeout=seconds, env={})
    except subprocess.TimeoutExpired:
        raise NotSet(f"more than {seconds} seconds", refused=False) from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()[-2000:]
        raise NotSet(f"{done.returncode}: {reason}", refused=done.returncode == REFUSED)
    return done.stdout


def _printable(value: Any) -> Any:
    """The report with every text printable, and texts in Chinese marked for their font."""
    if isinstance(value, str):
        return fonts.printable(value)
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if isinstance(value, dict):
        made = {key: _printable(item) for key, item in value.items()}
        said = value.get("text", value.get("proposal"))
        if "language" in value and isinstance(said, str) and fonts.is_chinese(said):
            made["language"] = "zh"
        return made
    return value


# --- the plain layout -------------------------------------------------------------------------------


def _plain(made: Report) -> dict[str, Any]:
    """The report as headings and lines, long texts cut and long words broken."""
    lines = [{"kind": "paragraph", "text": _short(made.headline.sentence), "level": 0}]
    for section in made.sections:
        lines.append({"kind": "heading", "text": _short(section.title), "level": 1})
        lines += [{"kind": kind, "text": _short(body), "level": level} for kind, body, level in _lines(section.blocks)]
    return {
        "language": made.language,
        "summit": _short(made.cover.summit),
        "title": _short(f"{made.cover.title} · {made.cover.kind}"),
        "warning": made.words["plain_layout"],
        "lines": [line for line in lines if line["text"]],
    }


def _lines(blocks: Iterable[Block]) -> Iterator[tuple[str, str, int]]:
    for block in blocks:
        match block:
            case Heading(text=body, level=level):
                yield "heading", plain(body), level
            case Part(title=title, level=level, blocks=inner):
                yield "heading", plain(title), level
                yield from _lines(inner)
            case Chart(table=table):
                yield from _lines([table])
            case _:
                yield from (("paragraph", body, 0) for body in _sentences(block))


def _sentences(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text=body) | Note(text=body):
            yield plain(body)
        case Items(items=items):
            yield from (f"– {plain(item)}" for item in items)
        case Figures(figures=figures):
            yield " · ".join(f"{figure.label} {figure.value}" for figure in figures)
        case Quote():
            yield " ".join(part for part in (block.label, block.text, block.byline) if part)
        case Finding(opinion=opinion, notes=notes):
            yield f"{opinion.number}. {opinion.proposal} – {opinion.tally}. {opinion.interval}"
            yield from (plain(note) for note in notes)
        case Table(columns=columns, rows=rows):
            yield " · ".join(column.label for column in columns)
            yield from (" · ".join(plain(cell.text) for cell in row) for row in rows)


def _short(body: str) -> str:
    line = " ".join(fonts.printable(body).split())
    if len(line) > LONGEST_LINE:
        line = line[:LONGEST_LINE] + " …"
    return re.sub(rf"\S{{{LONGEST_WORD}}}", lambda found: found[0] + "\u200b", line)
