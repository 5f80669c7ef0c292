"""The states of opinions and arguments, and who may move them where: one table that code, pages, tests and documents read.

A verb that is not here does not exist. Its words for people stand here too, so that no page spells them. Times that end
something (a second person's, an appeal's, an undo's) are columns of the table; the service time of what waits is below it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations.models.cases import Case
from consultations.models.opinions import State

Kind = Case.Kind
Words = str | Promise

#: What waits is looked at within so much working time; on the day of a meeting, and what several societies reported,
#: within the short one.
SERVICE = timedelta(hours=4)
SHORT_SERVICE = timedelta(hours=1)
#: The author has so long to answer a request for changes, and to appeal; who decided, to undo it.
TIME_FOR_CHANGES = timedelta(hours=48)
TIME_TO_APPEAL = timedelta(hours=72)
TIME_TO_UNDO = timedelta(minutes=10)
#: A hold without a second person ends after the first, a removal or redaction without one is void after the second.
TIME_TO_CONFIRM_HOLD = timedelta(hours=4)
TIME_TO_CONFIRM = timedelta(hours=24)
#: A claim lasts so long, and longer by working.
CLAIM = timedelta(minutes=15)
#: A case is offered so long to one moderator first: who asked for the changes sees the new text.
OFFERED = timedelta(hours=1)


class Who(models.TextChoices):
    """Who may say a verb. Nobody says a moderator's verb about an own opinion or argument."""

    AUTHOR = "author", _("Its author")
    MEMBER = "member", _("A member of a society who is not its author")
    STAFF = "staff", _("A moderator, or a secretary for members of the own society")
    HOLDER = "holder", _("The moderator who holds the case")
    MODERATOR = "moderator", _("A moderator")
    OTHER = "other", _("A moderator who did not cause the hold")
    SECOND = "second", _("A second moderator")
    DECIDER = "decider", _("Who decided")
    CLOCK = "clock", _("The clock")
    FOLLOWS = "follows", _("Nobody: it follows from another decision")


#: Where a verb leads back to the state before the decision that it is about.
BEFORE = None


class Verb(NamedTuple):
    """One verb: who says it, from which states to which, and what it needs.

    `cases` are the kinds of case that are decided on with it, and closed by it. `opens` is the kind that it opens.
    `second`: it is the first of two, and the second person has so long. `answers` names the verb that it is an answer
    to, `within` the time since the decision that it is about. `late`: it may still be said after voting has closed.
    """

    verb: str
    #: What was done, as a history says it; what a button says (empty: there is none).
    label: Words
    act: Words
    who: Who
    moves: Mapping[State, State | None]
    cases: frozenset[Kind] = frozenset()
    opens: Kind | None = None
    needs_reason: bool = False
    needs_note: bool = False
    second: timedelta | None = None
    answers: str = ""
    within: timedelta | None = None
    late: bool = True
    undoable: bool = False
    bulk: bool = False
    arguments: bool = True
    opinions: bool = True
    #: Its author is told at once.
    tells: bool = False
    #: Everybody may see in the history of a published opinion that it happened.
    public: bool = False

    @property
    def sources(self) -> frozenset[State]:
        return frozenset(self.moves)


def _stay(*states: State) -> dict[State, State | None]:
    return {state: state for state in states}


def _to(target: State | None, *states: State) -> dict[State, State | None]:
    return dict.fromkeys(states, target)


S, W = State, Who
_VISIBLE = (S.PUBLISHED, S.HELD)
_ENDED = (S.REJECTED, S.REMOVED, S.MERGED)
_WITH_TEXT = tuple(state for state in State if state != S.DRAFT)

_TABLE = (
    # --- its author's ---------------------------------------------------------------------------------------------
    Verb("submit", _("submitted again"), _("Submit"), W.AUTHOR, _to(S.SUBMITTED, S.DRAFT, S.CHANGES_REQUESTED),
         opens=Kind.NEW, late=False),
    Verb("enter", _("entered for somebody else"), _("Enter an opinion"), W.STAFF, _to(S.SUBMITTED, S.DRAFT),
         opens=Kind.NEW, late=False, arguments=False),
    Verb("propose_version", _("new text proposed"), _("Propose a new text"), W.AUTHOR, _stay(S.PUBLISHED),
         opens=Kind.VERSION, late=False, arguments=False),
    Verb("withdraw", _("withdrawn"), _("Withdraw"), W.AUTHOR,
         _to(S.WITHDRAWN, S.DRAFT, S.SUBMITTED, S.CHANGES_REQUESTED, S.PUBLISHED), late=False),
    Verb("appeal", _("appealed"), _("Appeal"), W.AUTHOR, _stay(*_ENDED), opens=Kind.APPEAL, needs_note=True,
         within=TIME_TO_APPEAL),
    # --- what a moderator decides on a case -----------------------------------------------------------------------
    Verb("publish", _("published"), _("Publish"), W.HOLDER, _to(S.PUBLISHED, S.SUBMITTED), undoable=True, bulk=True,
         cases=frozenset({Kind.NEW, Kind.ARGUMENT}), public=True, tells=True),
    Verb("request_changes", _("changes requested"), _("Ask for changes"), W.HOLDER,
         _to(S.CHANGES_REQUESTED, S.SUBMITTED), undoable=True, bulk=True, needs_note=True, late=False,
         cases=frozenset({Kind.NEW, Kind.ARGUMENT}), tells=True),
    Verb("reject", _("rejected"), _("Reject"), W.HOLDER, _to(S.REJECTED, S.SUBMITTED), undoable=True, bulk=True,
         cases=frozenset({Kind.NEW, Kind.ARGUMENT}), needs_reason=True, tells=True),
    Verb("approve_version", _("new text published"), _("Publish the new text"), W.HOLDER, _stay(S.PUBLISHED),
         cases=frozenset({Kind.VERSION}), undoable=True, arguments=False, public=True, tells=True),
    Verb("reject_version", _("new text refused"), _("Refuse the new text"), W.HOLDER, _stay(S.PUBLISHED),
         cases=frozenset({Kind.VERSION}), undoable=True, bulk=True, needs_reason=True, arguments=False, tells=True),
    Verb("dismiss_report", _("report closed"), _("Close the report"), W.HOLDER, _stay(*_WITH_TEXT),
         cases=frozenset({Kind.REPORT}), undoable=True, bulk=True),
    Verb("grant_appeal", _("appeal granted"), _("Grant the appeal"), W.HOLDER,
         {S.REJECTED: S.SUBMITTED, S.REMOVED: S.PUBLISHED, S.MERGED: BEFORE}, cases=frozenset({Kind.APPEAL}),
         undoable=True, tells=True),
    Verb("refuse_appeal", _("appeal refused"), _("Refuse the appeal"), W.HOLDER, _stay(*_ENDED),
         cases=frozenset({Kind.APPEAL}), undoable=True, needs_reason=True, tells=True),
    # --- what a moderator does without one ------------------------------------------------------------------------
    Verb("merge", _("merged"), _("Merge"), W.MODERATOR, _to(S.MERGED, S.SUBMITTED, S.PUBLISHED), undoable=True,
         cases=frozenset({Kind.NEW, Kind.VERSION, Kind.REPORT}), late=False, arguments=False, public=True, tells=True),
    Verb("hold", _("held"), _("Hold"), W.MODERATOR, _to(S.HELD, S.PUBLISHED), undoable=True, needs_reason=True,
         second=TIME_TO_CONFIRM_HOLD, tells=True),
    Verb("release", _("released"), _("Release"), W.OTHER, _to(S.PUBLISHED, S.HELD), undoable=True,
         cases=frozenset({Kind.REPORT}), answers="hold", tells=True),
    Verb("remove", _("removal proposed"), _("Propose removal"), W.OTHER, _stay(*_VISIBLE), undoable=True,
         needs_reason=True, second=TIME_TO_CONFIRM),
    Verb("redact", _("redaction proposed"), _("Propose a redaction"), W.MODERATOR, _stay(*_WITH_TEXT), undoable=True,
         needs_reason=True, second=TIME_TO_CONFIRM),
    Verb("undo", _("undone"), _("Undo"), W.DECIDER, _to(BEFORE, *_WITH_TEXT), within=TIME_TO_UNDO, tells=True),
    # --- the second person ----------------------------------------------------------------------------------------
    Verb("confirm_hold", _("hold confirmed"), _("Confirm the hold"), W.SECOND, _stay(S.HELD), answers="hold"),
    Verb("confirm_removal", _("removed"), _("Confirm the removal"), W.SECOND, _to(S.REMOVED, *_VISIBLE),
         cases=frozenset({Kind.VERSION, Kind.REPORT}), answers="remove", undoable=True, tells=True),
    Verb("decline_removal", _("removal declined"), _("Decline the removal"), W.SECOND, _stay(*_VISIBLE),
         answers="remove"),
    Verb("confirm_redaction", _("part of the text redacted"), _("Confirm the redaction"), W.SECOND,
         _stay(*_WITH_TEXT), answers="redact", public=True, tells=True),
    Verb("decline_redaction", _("redaction declined"), _("Decline the redaction"), W.SECOND, _stay(*_WITH_TEXT),
         answers="redact"),
    # --- anybody else ---------------------------------------------------------------------------------------------
    Verb("report", _("reported"), _("Report to the moderators"), W.MEMBER, _stay(S.PUBLISHED), opens=Kind.REPORT,
         needs_reason=True),
    # --- the clock: it never publishes or rejects -----------------------------------------------------------------
    Verb("return", _("back to the queue, time was over"), "", W.CLOCK, _to(S.SUBMITTED, S.CHANGES_REQUESTED),
         opens=Kind.NEW, tells=True),
    Verb("lapse_version", _("new text lapsed, time was over"), "", W.CLOCK, _stay(*_VISIBLE),
         cases=frozenset({Kind.VERSION}), arguments=False, tells=True),
    Verb("lapse_hold", _("released, because nobody confirmed the hold in time"), "", W.CLOCK,
         _to(S.PUBLISHED, S.HELD), answers="hold", tells=True),
    Verb("lapse_removal", _("removal void, because nobody confirmed it in time"), "", W.CLOCK, _stay(*_WITH_TEXT),
         answers="remove"),
    Verb("lapse_redaction", _("redaction void, because nobody confirmed it in time"), "", W.CLOCK,
         _stay(*_WITH_TEXT), answers="redact"),
    # --- what follows from a merge --------------------------------------------------------------------------------
    Verb("publish_joint", _("published as a joint text"), "", W.FOLLOWS, _to(S.PUBLISHED, S.DRAFT), arguments=False,
         late=False, public=True),
    Verb("dissolve", _("joint text dissolved"), "", W.FOLLOWS, _to(S.WITHDRAWN, *_VISIBLE), arguments=False, tells=True),
)  # fmt: skip

VERBS: Mapping[str, Verb] = {row.verb: row for row in _TABLE}
#: What everybody may know of what happened to an opinion that they may read.
PUBLIC = tuple(row.verb for row in _TABLE if row.public)
#: Those that put a text in force; the decision names its version first.
IN_FORCE = ("publish", "approve_version", "publish_joint")


def allowed(verb: str, state: str) -> bool:
    """Whether a verb may start from a state."""
    return state in VERBS[verb].moves


def after(verb: str, state: str, before: str = "") -> State:
    """Where a verb leads from a state; `before` is the state before the decision that it is about.

    Raises `KeyError` where the verb may not start.
    """
    target = VERBS[verb].moves[State(state)]
    return State(before) if target is BEFORE else target


def label(verb: str) -> str:
    """What was done, in the reader's language; a verb of an older release as it is stored."""
    known = VERBS.get(verb)
    return str(known.label) if known else verb


def is_for_authors(verb: str) -> bool:
    """Whether an author sees it in the history of an own text: what they did, and what they were told."""
    known = VERBS.get(verb)
    return known is None or known.tells or known.who == Who.AUTHOR


def is_of_moderators(verb: str) -> bool:
    """Whether a moderator says it: then who did may be named to colleagues; authors and the clock are not."""
    known = VERBS.get(verb)
    return known is not None and known.who in (Who.HOLDER, Who.MODERATOR, Who.OTHER, Who.SECOND, Who.DECIDER)


def offered(state: str, *, argument: bool = False) -> list[Verb]:
    """The verbs that start from a state, in the order of the table; who may say them is another question."""
    return [row for row in _TABLE if state in row.moves and (row.arguments if argument else row.opinions)]
