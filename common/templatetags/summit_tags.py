"""Small things that every page needs."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, name: str, label: str) -> SafeString:
    """A link of the main navigation, marked when the reader is on that page or below it."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return SafeString("")
    path = context["request"].path if "request" in context else ""
    here = path == address if address == "/" else path.startswith(address)
    if here:
        return format_html('<a href="{}" aria-current="page">{}</a>', address, label)
    return format_html('<a href="{}">{}</a>', address, label)


@register.simple_tag(takes_context=True)
def in_language(context: template.Context, language: str) -> str:
    """The address of this page in another language, its other parameters kept."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return f"?lang={language}"
    query = request.GET.copy() if request.method == "GET" else request.GET.__class__(mutable=True)
    query["lang"] = language
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """This page's query with some parameters changed; an empty value removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def as_input(field: BoundField) -> SafeString:
    """The field's control with our class, tied to its hint and its error for screen readers."""
    described = []
    if field.help_text:
        described.append(f"{field.auto_id}_helptext")
    attributes: dict[str, str | bool] = {"class": "input"}
    if counter := field.field.widget.attrs.get("data-count"):
        described.append(str(counter))
    if field.errors:
        described.append(f"{field.auto_id}_error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attributes)


@register.filter
def moment(value: datetime | None, zone: ZoneInfo | str | None = None) -> str:
    """A moment in words: date, weekday and time, in a zone (default: the site's)."""
    if value is None:
        return ""
    where = ZoneInfo(zone) if isinstance(zone, str) else zone or timezone.get_current_timezone()
    return formats.date_format(value.astimezone(where), "MOMENT_FORMAT")


@register.filter
def percent(part: int, whole: int) -> int:
    """A share as a whole number of percent; nothing of nothing is 0."""
    return round(100 * part / whole) if whole else 0
