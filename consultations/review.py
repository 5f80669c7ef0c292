"""What a moderator sees beside a text before deciding: personal data marked, what is similar, what was decided before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.functional import Promise

from accounts import access
from accounts.models import User
from common.errors import DomainError
from consultations import appeals, authors, comparing, deciding, personal_data, saying, similarity, states
from consultations.deciding import Desk, Subject
from consultations.models import Case, Decision, Opinion, OpinionVersion
from consultations.models.opinions import State
from consultations.personal_data import Found
from consultations.states import Who

#: The keys of the verbs, by where they stand on the keyboard; two of one case never share one.
KEYS = {
    "confirm_hold": "P", "confirm_removal": "P", "decline_removal": "X",
    "publish": "P", "approve_version": "P", "grant_appeal": "P", "dismiss_report": "P", "release": "L",
    "request_changes": "R", "reject": "X", "reject_version": "X", "refuse_appeal": "X",
    "hold": "H", "remove": "D", "merge": "M", "redact": "E",
}  # fmt: skip
#: In this order the verbs stand on the page.
ORDER = tuple(KEYS)
#: The one that is pressed most often, and those that take something away.
MAIN = ("publish", "approve_version", "grant_appeal", "dismiss_report", "release", "confirm_hold")
GRAVE = ("reject", "reject_version", "refuse_appeal", "remove", "confirm_removal")


@dataclass(frozen=True)
class Field:
    """One field of a text, with what in it looks like personal data."""

    name: str
    label: str
    text: str
    found: list[Found]


@dataclass(frozen=True)
class Action:
    """A button: the verb, its words and key, and whether it wants a reason, words, or a page of its own."""

    verb: str
    label: str
    key: str
    is_main: bool
    is_grave: bool
    has_page: bool
    #: Why this moderator cannot, while another could; empty when they can.
    refused: str | Promise = ""


# --- the text -----------------------------------------------------------------------------------------


def fields(subject: Subject, version: OpinionVersion) -> list[Field]:
    """The filled fields of what is decided on, in the order of the form."""
    row = version if isinstance(subject, Opinion) else subject
    return [
        Field(name, str(row._meta.get_field(name).verbose_name), words, personal_data.find(words))  # type: ignore[union-attr]
        for name, words in personal_data.texts_of(row).items()
    ]


def signs(rows: list[Field]) -> list[str]:
    """The kinds of personal data that these fields seem to hold, each once, in words."""
    return list(dict.fromkeys(str(found.kind.label) for row in rows for found in row.found))


def changes(case: Case) -> list[comparing.Changed]:
    """What a new text changes: against the one in force, or the one that was sent back."""
    if case.argument_id is not None:
        return []
    earlier = case.opinion.version
    if earlier is None or earlier.pk == case.version_id:
        earlier = case.opinion.versions.filter(number=case.version.number - 1).first()
    return comparing.compare(earlier, case.version) if earlier is not None else []


def similar(subject: Subject, version: OpinionVersion) -> list[similarity.Similar]:
    """Published opinions that say nearly the same; none for an argument."""
    return similarity.to_version(version) if isinstance(subject, Opinion) else []


# --- its author ---------------------------------------------------------------------------------------


def author_is_hidden(reader: Any, subject: Subject) -> bool:
    """Whether a moderator must not see who wrote this: where the organiser wants it so, until it is decided on.

    One's own author one knows.
    """
    opinion, _argument = deciding.parts(subject)
    if not opinion.consultation.hides_authors or not access.is_moderator(reader):
        return False
    waits = subject.state in (State.SUBMITTED, State.CHANGES_REQUESTED)
    appealed = (
        states.allowed("appeal", subject.state) and deciding.cases_of(subject).filter(kind=Case.Kind.APPEAL).exists()
    )
    return (waits or appealed) and not deciding.is_own(reader, subject)


def bylines(reader: Any, subjects: Iterable[Subject]) -> dict[UUID, str]:
    """The lines that this reader sees under some texts; none where the author is hidden from them."""
    return authors.bylines([subject for subject in subjects if not author_is_hidden(reader, subject)])


def byline(reader: Any, subject: Subject) -> str:
    """`bylines` of one text; empty where there is none."""
    return bylines(reader, [subject]).get(subject.pk, "")


@dataclass(frozen=True)
class Earlier:
    """How often moderators published and did not publish other texts of an author; no text, no name."""

    published: int
    returned: int
    rejected: int


def earlier(subject: Subject) -> Earlier | None:
    """What was decided before on other texts of its author; None where nobody is known to have written it."""
    users = [person.pk for person in authors.people_of(subject)]
    if not users:
        return None
    opinion, argument = deciding.parts(subject)
    mine = Q(argument=None, opinion__author__user__in=users) | Q(argument__author__user__in=users)
    rows = Decision.objects.filter(mine).exclude(opinion=opinion, argument=argument)
    rows = rows.exclude(answer__verb="undo")
    return Earlier(
        **rows.aggregate(
            published=Count("id", filter=Q(verb="publish")),
            returned=Count("id", filter=Q(verb="request_changes")),
            rejected=Count("id", filter=Q(verb__in=["reject", "confirm_removal"])),
        )
    )


def appeal(case: Case) -> tuple[Decision | None, Decision | None]:
    """Of an appeal: the decision that it is against, and the appeal with its author's words."""
    if case.kind != Case.Kind.APPEAL:
        return None, None
    return appeals.against(deciding.of_case(case)), case.opened_by


def beside(reader: Any, subject: Subject, version: OpinionVersion, case: Case | None) -> dict[str, Any]:
    """What a page about this text shows beside its words, for the workbench and the admin."""
    shown = fields(subject, version)
    return {
        "fields": shown,
        "signs": signs(shown),
        "own": deciding.is_own(reader, subject),
        "byline": byline(reader, subject),
        "author_is_hidden": author_is_hidden(reader, subject),
        "earlier": earlier(subject),
        "similar": similar(subject, version),
        "changes": changes(case) if case is not None else [],
    }


# --- what can be done -----------------------------------------------------------------------------------


def first_of_two(subject: Subject) -> Decision | None:
    """The hold or removal of this that wants a second person; a removal before a hold."""
    waiting = deciding.decisions_on(subject).pending().filter(verb__in=("remove", "hold")).select_related("actor")
    return max(waiting, key=lambda decision: decision.pk, default=None)


def actions(reader: User, subject: Subject, case: Case | None, first: Decision | None, now: datetime) -> list[Action]:
    """The verbs that start from where this stands and that this moderator has a button for, in the order of `ORDER`.

    A colleague's claim does not take a button away: who presses it is told.
    """
    rows = {rule.verb: rule for rule in states.offered(subject.state, argument=not isinstance(subject, Opinion))}
    found = []
    for verb in ORDER:
        rule = rows.get(verb)
        if rule is None or not _fits(rule, case, first) or not _in_time(rule, subject, now):
            continue
        found.append(
            Action(
                verb,
                str(rule.act),
                KEYS[verb],
                is_main=verb in MAIN,
                is_grave=verb in GRAVE,
                has_page=not saying.can_say(verb),
                refused=_refused(rule, reader, subject, case, first),
            )
        )
    return found


def _fits(rule: states.Verb, case: Case | None, first: Decision | None) -> bool:
    is_open = case is not None and case.closed_at is None
    if rule.who == Who.HOLDER:
        return is_open and case is not None and case.kind in rule.cases
    if rule.who == Who.SECOND:
        return first is not None and first.verb == rule.answers
    if first is not None and first.verb == rule.verb:
        return False  # proposed already
    # What is decided on in a case of its own is not taken away beside it.
    return case is None or is_open


def _in_time(rule: states.Verb, subject: Subject, now: datetime) -> bool:
    opinion, _argument = deciding.parts(subject)
    return rule.late or not opinion.consultation.is_closed(now)


def _refused(
    rule: states.Verb, reader: User, subject: Subject, case: Case | None, first: Decision | None
) -> str | Promise:
    opinion, argument = deciding.parts(subject)
    answered = first if rule.who == Who.SECOND else None
    try:
        deciding.check_person(Desk(rule, reader, opinion, argument, case, first=answered))
    except DomainError as error:
        return error.message
    return ""
