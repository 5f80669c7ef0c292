"""Personal data marked in the texts that moderators read."""

from django import template
from django.utils.safestring import SafeString

from consultations import personal_data

register = template.Library()


@register.filter
def mark_personal(text: str) -> SafeString:
    """A plain text, escaped, with what looks like personal data in `<mark>`, as `personal_data.marked` says."""
    return personal_data.marked(text, personal_data.find(text))
