"""The documents of an edition: one module a format, each `render(content, language) -> bytes`.

To add a format: a module with `render`, and one line in FORMATS (docs/documents.md).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from digests.documents import csv, docx, hwpx, json, pdf, xlsx

LANGUAGES = ("ko", "en")
Content = dict[str, Any]


@dataclass(frozen=True)
class Format:
    """A kind of file: how it is named, served and made. `pages` counts the pages of a made file."""

    key: str
    media_type: str
    per_language: bool
    render: Callable[[Content, str | None], bytes]
    pages: Callable[[bytes], int] | None = None


FORMATS = (
    Format("pdf", "application/pdf", per_language=True, render=pdf.render, pages=pdf.count_pages),
    Format("docx", docx.MEDIA_TYPE, per_language=True, render=docx.render),
    Format("hwpx", hwpx.MEDIA_TYPE, per_language=True, render=hwpx.render),
    Format("xlsx", xlsx.MEDIA_TYPE, per_language=True, render=xlsx.render),
    Format("csv", "text/csv; charset=utf-8", per_language=False, render=csv.render),
    Format("json", "application/json", per_language=False, render=json.render),
)


def wanted() -> Iterator[tuple[Format, str]]:
    """Every file of an edition: a format, and a language where there is one file a language."""
    for form in FORMATS:
        yield from ((form, language) for language in (LANGUAGES if form.per_language else ("",)))


def name(content: Content, form: Format, language: str) -> str:
    """The file's name: talent-digest-1.ko.pdf, talent-digest-1.json."""
    stem = f"{content['consultation']['slug']}-digest-{content['edition']['number']}"
    return ".".join(part for part in (stem, language, form.key) if part)
