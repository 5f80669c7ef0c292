"""Lists page by key, never by offset: the page a thousand deep costs what the first one costs."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100
_M = TypeVar("_M", bound=Model)


class Key(NamedTuple):
    """One column of a list's order: its name, how a cursor's text becomes its value, which way it runs."""

    field: str
    parse: Callable[[str], Any]
    descending: bool = False

    @property
    def order(self) -> str:
        return f"-{self.field}" if self.descending else self.field


def page(request: Request, rows: QuerySet[_M], *keys: Key) -> tuple[list[_M], str | None]:
    """One page of rows in the order of their keys (the last one unique), and the address of the next page.

    One query. Raises `ParseError` for a cursor or a page size that cannot be read.
    """
    size = _size(request)
    cursor = request.query_params.get("cursor")
    if cursor:
        rows = rows.filter(_after(keys, _decode(cursor, keys)))
    found = list(rows.order_by(*(key.order for key in keys))[: size + 1])
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    return found[:size], _address(request, _encode([getattr(last, key.field) for key in keys]))


def _size(request: Request) -> int:
    asked = request.query_params.get("page_size", "")
    if not asked:
        return PAGE_SIZE
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked)):
        raise exceptions.ParseError(_("The page size must be a number above zero."))
    return min(int(asked), MAX_PAGE_SIZE)


def _after(keys: tuple[Key, ...], values: list[Any]) -> Q:
    """What comes after the values: beyond the first key, or equal there and beyond the next."""
    condition, equal = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        condition |= equal & Q(**{f"{key.field}__{'lt' if key.descending else 'gt'}": value})
        equal &= Q(**{key.field: value})
    # Follows from the rest, but an index can start at it.
    first = keys[0]
    return condition & Q(**{f"{first.field}__{'lte' if first.descending else 'gte'}": values[0]})


def _encode(values: list[Any]) -> str:
    text = json.dumps([v.isoformat() if hasattr(v, "isoformat") else str(v) for v in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, keys: tuple[Key, ...]) -> list[Any]:
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=="))
        if not isinstance(texts, list) or len(texts) != len(keys) or len(cursor) > 300:
            raise ValueError("not a cursor of this list")
        return [key.parse(str(text)) for key, text in zip(keys, texts, strict=True)]
    except (ValueError, OverflowError, RecursionError, binascii.Error) as error:
        raise exceptions.ParseError(_("This cursor does not belong to this list.")) from error


def _address(request: Request, cursor: str) -> str:
    """The next page under the site's own name: what a request calls us decides nothing."""
    query = request.query_params.copy()
    query["cursor"] = cursor
    return f"{settings.SITE_URL}{request.path}?{urlencode(list(query.items()))}"
