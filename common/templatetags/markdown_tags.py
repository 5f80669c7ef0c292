"""Long texts of people on pages."""

from django import template
from django.utils.safestring import SafeString

from common import markdown as renderer

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown without HTML, as `common.markdown.render` says."""
    return renderer.render(text)
