"""The log of moderation: every decision of a consultation and of its arguments, one row each, in the order they were made.

Read-only. The insert-only table of decisions is the source; rows come in batches, so that memory stays the same however
many there are. Members are not named: what an author or a member did says so, and not who it was.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from consultations import reasons, states
from consultations.models import Case, Consultation, Decision, OpinionVersion
from consultations.models.opinions import State
from consultations.states import Who

BATCH = 500
#: Whose names are not told.
_NAMELESS = (Who.AUTHOR, Who.MEMBER)


class Row(NamedTuple):
    """One decision. Codes stay the same in every language; the columns `…_words` are in the reader's."""

    number: int
    at_utc: datetime
    at_local: datetime
    opinion: int
    argument: str
    verb: str
    verb_words: str
    from_state: str
    from_state_words: str
    to_state: str
    to_state_words: str
    reason: str
    reason_words: str
    note: str
    decided_by: str
    case_kind: str
    case_kind_words: str
    case_opened_utc: datetime | None
    case_closed_utc: datetime | None
    minutes_waited: int | None
    second_person: str
    answers_number: int | None
    versions: str
    merged_into: int | None


COLUMNS = Row._fields


#: What is read of each decision: plain values, because fifty thousand model instances take several times as long.
_READ = (
    "pk", "created_at", "opinion__number", "argument", "verb", "from_state", "to_state", "reason", "note", "actor",
    "actor__name", "case__kind", "case__opened_at", "case__closed_at", "waits_for_second", "answers", "versions",
    "merge__target__number",
)  # fmt: skip
_Values = dict[str, Any]


def batches(consultation: Consultation) -> Iterator[list[Row]]:
    """The rows of a consultation, by number, as they stand at the first call.

    Read through one cursor of the server, and two queries more a batch. The words are those of the language that is
    active while a batch is made, so whoever streams it activates the language around each step, not between them.
    """
    decisions = Decision.objects.filter(opinion__consultation=consultation).order_by("pk").values(*_READ)
    values: Iterator[_Values] = decisions.iterator(chunk_size=BATCH)
    words = _Words()
    while found := list(islice(values, BATCH)):
        numbers, seconds = _version_numbers(found), _second_persons(found)
        yield [_row(decision, words, numbers, seconds) for decision in found]


class _Words:
    """Words that repeat in every row, looked up once."""

    def __init__(self) -> None:
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.reasons = {words.code: words.title for words in reasons.all_()}
        self.verbs = {verb: states.label(verb) for verb in states.VERBS}
        self.states: dict[str, str] = {state.value: str(state.label) for state in State}
        self.kinds: dict[str, str] = {kind.value: str(kind.label) for kind in Case.Kind}
        self.parts: dict[str, str] = {who.value: str(who.label) for who in Who}
        self.moderator = _("A moderator")


def _version_numbers(decisions: Iterable[_Values]) -> dict[int, int]:
    """The numbers of the versions that decisions name by id."""
    wanted = {pk for decision in decisions for pk in decision["versions"]}
    return dict(OpinionVersion.objects.filter(pk__in=wanted).values_list("pk", "number"))


def _second_persons(decisions: Iterable[_Values]) -> dict[int, str]:
    """Who confirmed or declined the first of two, by the number of that; not the clock, and not the first one's undo."""
    first = {decision["pk"]: decision["actor"] for decision in decisions if decision["waits_for_second"]}
    answers = Decision.objects.filter(answers__in=first).exclude(actor=None)
    found = answers.values_list("answers", "actor", "actor__name")
    return {number: name for number, person, name in found if number is not None and person != first[number]}


def _row(decision: _Values, words: _Words, numbers: dict[int, int], seconds: dict[int, str]) -> Row:
    verb, second, kind = decision["verb"], seconds.get(decision["pk"]), decision["case__kind"] or ""
    return Row(
        number=decision["pk"],
        at_utc=decision["created_at"],
        at_local=decision["created_at"].astimezone(words.zone),
        opinion=decision["opinion__number"],
        argument=str(decision["argument"] or ""),
        verb=verb,
        verb_words=_said(words.verbs, verb),
        from_state=decision["from_state"],
        from_state_words=_said(words.states, decision["from_state"]),
        to_state=decision["to_state"],
        to_state_words=_said(words.states, decision["to_state"]),
        reason=decision["reason"],
        reason_words=_said(words.reasons, decision["reason"]),
        note=decision["note"],
        decided_by=_decided_by(decision, words),
        case_kind=kind,
        case_kind_words=_said(words.kinds, kind),
        case_opened_utc=decision["case__opened_at"],
        case_closed_utc=decision["case__closed_at"],
        minutes_waited=_minutes(decision),
        second_person="" if second is None else second or words.moderator,
        answers_number=decision["answers"],
        versions=", ".join(str(numbers[pk]) for pk in decision["versions"] if pk in numbers),
        merged_into=decision["merge__target__number"] if verb == "merge" else None,
    )


def _said(words: dict[str, str], code: str) -> str:
    """A code in words; one of an older release as it is stored."""
    return words.get(code, code)


def _minutes(decision: _Values) -> int | None:
    """Whole minutes from the opening of the case to this decision on it."""
    opened = decision["case__opened_at"]
    return None if opened is None else max(int((decision["created_at"] - opened).total_seconds() // 60), 0)


def _decided_by(decision: _Values, words: _Words) -> str:
    """A moderator's name; the part of everybody else."""
    rule = states.VERBS.get(decision["verb"])
    if decision["actor"] is None or (rule is not None and rule.who in _NAMELESS):
        return words.parts[rule.who] if rule is not None else ""
    return decision["actor__name"] or words.moderator
