"""Markdown without HTML, the one way in which long texts of people become a page."""

import re
from collections.abc import Iterable

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from common import text as texts

#: Everything else (javascript:, data:, file:, addresses without a scheme) stays plain text.
_ALLOWED = re.compile(r"^(?:https?://|mailto:)", re.IGNORECASE)
#: The page has its own headings up to this level.
_LOWEST_HEADING = 3
#: Longer texts are shown as they were written: nobody may make the page compute for seconds.
LONGEST = 12_000


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return bool(_ALLOWED.match(url))


def _open_link(renderer: RendererProtocol, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    tokens[index].attrSet("rel", "nofollow noopener ugc")
    return str(renderer.renderToken(tokens, index, options, env))  # type: ignore[attr-defined]


def _heading(renderer: RendererProtocol, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    level = min(int(tokens[index].tag[1:]) + _LOWEST_HEADING - 1, 6)
    tokens[index].tag = f"h{level}"
    return str(renderer.renderToken(tokens, index, options, env))  # type: ignore[attr-defined]


def _make() -> MarkdownIt:
    made = _Markdown("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    made.disable(["image", "html_block", "html_inline"])
    made.add_render_rule("link_open", _open_link)
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("heading_close", _heading)
    return made


_renderer = _make()


def render(text: str) -> SafeString:
    """The text as HTML: paragraphs, lists, emphasis, quotes, code, and links to http, https and mailto.

    HTML in the text is shown, never run; images are not; links carry `rel="nofollow noopener ugc"`. Whatever
    shows a long text calls this: the page, the preview, the moderators' page and the comparison of versions.
    """
    cleaned = texts.clean(text)
    if len(cleaned) > LONGEST:
        cleaned = cleaned[:LONGEST] + " …"
    return SafeString(_renderer.render(cleaned))


def excerpt(text: str, longest: int) -> str:
    """The words alone, without marks, on one line; at most so many characters, the last one "…" where it was cut."""
    words = " ".join(_words(_renderer.parse(texts.clean(text)[: 2 * longest + 100])).split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def _words(tokens: Iterable[Token]) -> str:
    """What a reader would see of the tokens, a space between blocks."""
    parts = []
    for token in tokens:
        if token.children is not None:
            parts.append("".join(" " if child.type.endswith("break") else child.content for child in token.children))
        else:
            parts.append(token.content)
    return " ".join(parts)
