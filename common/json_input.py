"""What the API reads: strict JSON and fields that guess nothing."""

import json
from collections.abc import Mapping
from typing import IO, Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, parsers, serializers
from rest_framework.request import Request

from common.problems import TooLarge

#: Two texts of 10,000 characters fit even when each is written as a \u escape.
MAX_BODY = 256 * 1024
MAX_DEPTH = 8


class StrictJSONParser(parsers.JSONParser):
    """JSON as the standard has it and no larger than needed: what is doubtful is refused, never guessed.

    Refused are a body over `MAX_BODY`, a character set other than UTF-8, a name given twice, NaN and
    infinities, nesting deeper than `MAX_DEPTH`, NUL and half surrogates in texts, and whatever is no object.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        request = (parser_context or {}).get("request")
        _check_charset(request.content_type if request is not None else "")
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise TooLarge
        try:
            found = json.loads(
                body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite
            )
        except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError too
            raise exceptions.ParseError(_("The body is not valid JSON.")) from error
        if not isinstance(found, dict):
            raise exceptions.ParseError(_("The body must be a JSON object."))
        _check_values(found, MAX_DEPTH)
        return found


def _check_charset(content_type: str) -> None:
    for part in content_type.split(";")[1:]:
        name, _sign, value = part.strip().partition("=")
        if name.lower() == "charset" and value.strip('"').lower() not in ("utf-8", "utf8"):
            raise exceptions.UnsupportedMediaType(content_type)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("the number is too large")
    return number


def _check_values(value: Any, depth: int) -> None:
    """Refuse what lies too deep, and texts that the database cannot hold."""
    if depth < 0:
        raise exceptions.ParseError(_("The body is nested too deeply."))
    if isinstance(value, str) and any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in value):
        raise exceptions.ParseError(_("A text holds a character that cannot be stored."))
    if isinstance(value, dict):
        for name, inner in value.items():
            _check_values(name, depth)
            _check_values(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _check_values(inner, depth - 1)


# --- fields that guess nothing --------------------------------------------------------------------


@extend_schema_field(OpenApiTypes.STR)
class Text(serializers.Field[str, Any, str, Any]):
    """A string and nothing that could be turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str:
            raise serializers.ValidationError(_("This must be a text."), code="invalid")
        return data

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field(OpenApiTypes.INT)
class Whole(serializers.Field[int, Any, int, Any]):
    """A whole number: no text, no true or false, no 1.0, and small enough for the database."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int or not -(2**31) < data < 2**31:
            raise serializers.ValidationError(_("This must be a whole number."), code="invalid")
        return data

    def to_representation(self, value: int) -> int:
        return value


@extend_schema_field(OpenApiTypes.BOOL)
class Flag(serializers.Field[bool, Any, bool, Any]):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            raise serializers.ValidationError(_("This must be true or false."), code="invalid")
        return data

    def to_representation(self, value: bool) -> bool:
        return value


class Input(serializers.Serializer[Any]):
    """What is sent: an unknown name is a mistake that its sender wants to hear of."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields)
        if unknown:
            message = _("There is no such field.")
            raise serializers.ValidationError({str(name)[:60]: [message] for name in sorted(unknown)})
        return super().to_internal_value(data)


def read(serializer: type[Input], request: Request) -> dict[str, Any]:
    """The checked body of a request; raises `ValidationError`."""
    sent = serializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return cast("dict[str, Any]", sent.validated_data)
