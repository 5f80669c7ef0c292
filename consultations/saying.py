"""One door to everything that a moderator can decide: a verb of the table, by its name.

The workbench and the admin call it, so that neither knows which function a verb belongs to. Acts on many write in fewer
statements (`together`), with the checks of the same functions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import given, text
from common.errors import Invalid
from consultations import (
    appeals,
    arguments,
    deciding,
    holding,
    moderation,
    redaction,
    refusals,
    removal,
    reports,
    states,
    undoing,
    versions,
)
from consultations.deciding import NotPossible, Subject
from consultations.models import Case, Decision


@dataclass(frozen=True)
class Said:
    """What is decided, about what, and in which words; `version_id` is the text that was read."""

    verb: str
    actor: User
    subject: Subject
    case: Case | None = None
    #: The decision that is answered or undone.
    first: Decision | None = None
    reason: str = ""
    note: str = ""
    version_id: int | None = None
    #: What becomes of the votes when a new text is published; it must be said.
    keeps_votes: bool | None = None


def say(said: Said) -> Decision:
    """Call the verb's function and give the decision that it wrote; locks and errors are that function's.

    Raises `Invalid` for a verb that is not said here, and where it is not said what becomes of the votes.
    """
    act = _ACTS.get(said.verb)
    if act is None:
        raise Invalid(_("This cannot be done here."))
    if said.first is not None and said.first.subject != said.subject:
        raise NotPossible(_("This is no answer to that decision."))
    with transaction.atomic():
        act(said)
        return deciding.decisions_on(said.subject).filter(actor=said.actor, verb=said.verb).latest("pk")


def of_form(posted: QueryDict, *, actor: User, subject: Subject, case: Case | None, verb: str) -> Said:
    """What a posted form says: the words, the text and the decision that were read, what becomes of the votes."""
    reason, note = (text.clean(str(posted.get(name, ""))) for name in ("reason", "note"))
    keeps = {"yes": True, "no": False}.get(str(posted.get("keeps_votes", "")))
    first = given.number(posted.get("first"))
    rows = Decision.objects.select_related("opinion__consultation", "argument__opinion", "actor")
    return Said(
        verb,
        actor,
        subject,
        case,
        # The one that was read, not one that came meanwhile.
        first=None if first is None else rows.filter(pk=first).first(),
        reason=reason,
        note=note,
        version_id=given.number(posted.get("version")),
        keeps_votes=keeps,
    )


def can_say(verb: str) -> bool:
    """Whether a verb has a function here; merging and redacting want more than words and have pages of their own."""
    return verb in _ACTS


# --- the verbs --------------------------------------------------------------------------------------


def _case(said: Said) -> Case:
    if said.case is None:
        raise refusals.wrong_case()
    return said.case


def _first(said: Said) -> Decision:
    if said.first is None:
        raise NotPossible(_("There is nothing that waits for a second person."))
    return said.first


def _on_new(on_opinion: Callable[..., Any], on_argument: Callable[..., Any], *names: str) -> Callable[[Said], Any]:
    """A verb about a new opinion or argument, each with a function of its own; `names`: the words that it takes."""

    def act(said: Said) -> Any:
        case, words = _case(said), {name: getattr(said, name) for name in names}
        if case.argument_id is not None:
            return on_argument(actor=said.actor, case=case, **words)
        return on_opinion(actor=said.actor, case=case, version_id=said.version_id, **words)

    return act


def _approve_version(said: Said) -> Any:
    if said.keeps_votes is None:
        message = str(_("Please say whether the votes stay."))
        raise Invalid(message, fields={"keeps_votes": [message]})
    return versions.approve_version(
        actor=said.actor,
        case=_case(said),
        keeps_votes=said.keeps_votes,
        version_id=said.version_id,
        note=said.note,
    )


def _reject_version(said: Said) -> Any:
    return versions.reject_version(
        actor=said.actor, case=_case(said), reason=said.reason, version_id=said.version_id, note=said.note
    )


def _refuse_appeal(said: Said) -> Any:
    return appeals.refuse(actor=said.actor, case=_case(said), reason=said.reason, note=said.note)


def _about_case(act: Callable[..., Any]) -> Callable[[Said], Any]:
    return lambda said: act(actor=said.actor, case=_case(said), note=said.note)


def _about_subject(act: Callable[..., Any]) -> Callable[[Said], Any]:
    """A verb that needs no case; done from one, it is done under the holder's claim."""
    return lambda said: act(actor=said.actor, subject=said.subject, reason=said.reason, note=said.note, case=said.case)


def _answer(act: Callable[..., Any]) -> Callable[[Said], Any]:
    return lambda said: act(actor=said.actor, first=_first(said), note=said.note)


def _release(said: Said) -> Any:
    return holding.release(actor=said.actor, subject=said.subject, note=said.note)


def _undo(said: Said) -> Any:
    return undoing.undo(actor=said.actor, decision=_first(said), note=said.note)


_ACTS: dict[str, Callable[[Said], Any]] = {
    "publish": _on_new(moderation.publish, arguments.publish, "note"),
    "request_changes": _on_new(versions.request_changes, arguments.request_changes, "reason", "note"),
    "reject": _on_new(moderation.reject, arguments.reject, "reason", "note"),
    "approve_version": _approve_version,
    "reject_version": _reject_version,
    "dismiss_report": _about_case(reports.dismiss),
    "grant_appeal": _about_case(appeals.grant),
    "refuse_appeal": _refuse_appeal,
    "hold": _about_subject(holding.hold),
    "remove": _about_subject(removal.propose),
    "release": _release,
    "confirm_hold": _answer(holding.confirm),
    "confirm_removal": _answer(removal.confirm),
    "decline_removal": _answer(removal.decline),
    "confirm_redaction": _answer(redaction.confirm),
    "decline_redaction": _answer(redaction.decline),
    "undo": _undo,
}
assert set(_ACTS) <= set(states.VERBS)
