"""Long texts of people on pages."""

from django import template
from django.utils.safestring import SafeString

from common import markdown as renderer

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown without HTML, as `common.markdown.render` says."""
    return renderer.render(text)


@register.filter
def excerpt(text: str, longest: int) -> str:
    """The beginning of a long text in plain words, as `common.markdown.excerpt` says."""
    return renderer.excerpt(text, longest)
