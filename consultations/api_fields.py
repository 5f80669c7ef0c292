"""What the API of consultations reads and shows, field by field; the schema is made of this."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.api import Both
from common.json_input import Flag, Input, Text, Whole
from consultations.models.consultations import CountsShown
from consultations.models.opinions import PROPOSAL_LENGTH, TEXT_LENGTH, Horizon, ShownAs, State
from consultations.models.votes import VALUES


def text(longest: int) -> Any:
    return {"type": "string", "maxLength": longest}


@extend_schema_field(text(PROPOSAL_LENGTH))
class Proposal(Text):
    pass


@extend_schema_field(text(TEXT_LENGTH))
class LongText(Text):
    pass


@extend_schema_field({"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]})
class Evidence(Text):
    """DOIs and links: a list, or a text with one a line."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list):
            return [super(Evidence, self).to_internal_value(item) for item in data]
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "enum": list(VALUES)})
class Word(Text):
    """agree, pass or disagree, and nothing that looks like it."""

    def to_internal_value(self, data: Any) -> str:
        word = super().to_internal_value(data)
        if word not in VALUES:
            raise serializers.ValidationError(f"Choose one of {', '.join(VALUES)}.", code="invalid")
        return word


@extend_schema_field({"type": "string", "enum": ["", *Horizon.values]})
class HorizonWord(Text):
    pass


@extend_schema_field({"type": "string", "enum": ["ko", "en"]})
class LanguageWord(Text):
    pass


@extend_schema_field({"type": "string", "enum": ShownAs.values})
class ShownAsWord(Text):
    pass


class OpinionIn(Input):
    """The fields of the form. Lengths are counted after NFC; what is checked beyond types, `submission` checks."""

    proposal = Proposal()
    problem = LongText()
    reason = LongText()
    theme = Whole(required=False, allow_null=True)
    addressee = Text(required=False)
    horizon = HorizonWord(required=False)
    evidence = Evidence(required=False)
    interests = Text(required=False)
    language = LanguageWord(required=False)
    shown_as = ShownAsWord(required=False)
    quote = Flag(required=False)


class VoteIn(Input):
    """`version`: the version that was read; another one in force is answered with 409 and the new text."""

    value = Word()
    version = Whole(required=False)


class CountsOut(serializers.Serializer[Any]):
    agree = serializers.IntegerField()
    pass_ = serializers.IntegerField()
    disagree = serializers.IntegerField()

    def get_fields(self) -> dict[str, Any]:
        """`pass` cannot be the name of an attribute."""
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


class VoteOut(serializers.Serializer[Any]):
    value = serializers.ChoiceField(list(VALUES))
    version = serializers.IntegerField()
    votes = CountsOut(allow_null=True)


class ThemeOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = Both()
    hint = Both()


class ConsultationOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = Both()
    about = Both()
    summit = serializers.CharField()
    submissions_open_at = serializers.DateTimeField()
    submissions_close_at = serializers.DateTimeField()
    voting_open_at = serializers.DateTimeField()
    voting_close_at = serializers.DateTimeField()
    counts = serializers.ChoiceField(CountsShown.values)
    themes = ThemeOut(many=True)
    url = serializers.URLField()


class OpinionOut(serializers.Serializer[Any]):
    """`votes` is null while counts are hidden from the reader; `my_vote` is there for who is signed in."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    consultation = serializers.CharField()
    status = serializers.ChoiceField(State.values)
    version = serializers.IntegerField()
    proposal = serializers.CharField()
    problem = serializers.CharField()
    reason = serializers.CharField()
    addressee = serializers.CharField()
    horizon = serializers.CharField()
    evidence = serializers.ListField(child=serializers.CharField())
    interests = serializers.CharField()
    theme = serializers.IntegerField(allow_null=True)
    language = serializers.CharField()
    shown_as = serializers.ChoiceField(ShownAs.values)
    quote = serializers.BooleanField()
    author = serializers.CharField(help_text="As the author chose to be shown; empty for imported opinions.")
    published_at = serializers.DateTimeField(allow_null=True)
    votes = CountsOut(allow_null=True)
    my_vote = serializers.CharField(allow_null=True, required=False, help_text=f"{', '.join(VALUES)}, or null.")
