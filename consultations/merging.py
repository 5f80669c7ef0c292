"""Merging opinions: into a joint text with all authors, or into one that is there and stays as it is.

Votes never move. The originals are readable, closed to votes, with their final counts, and stand in no order, matrix or
ranking. Who agreed with one of them is asked once whether they agree with the target (`consent`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import db
from common.errors import DomainError, Invalid
from consultations import (
    authors,
    consent,
    deciding,
    moderation,
    recording,
    refusals,
    states,
    submission,
    telling,
    voting,
)
from consultations.deciding import Desk, NotPossible, TooLate
from consultations.holding import pending_hold
from consultations.models import Case, CoAuthor, Consultation, Decision, Merge, Opinion, OpinionVersion, Participant
from consultations.models.opinions import ShownAs, Source, State

#: Merging a published opinion must leave people this much time to vote on the target.
TIME_TO_VOTE = timedelta(hours=24)
#: Of several authors' wishes the most reserved one is kept.
_RESERVED = (ShownAs.MEMBER, ShownAs.SOCIETY, ShownAs.NAME)


def merge(
    *,
    actor: User,
    opinions: Sequence[Opinion],
    into: Opinion | None = None,
    fields: Mapping[str, Any] | None = None,
    reason: str = "duplicate",
    note: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> Merge:
    """Merge submitted or published opinions, into one that is published or into a joint text made of `fields`.

    The joint text gets a number of its own and is published by this decision. `seen`: opinion id → the version id that
    the moderator saw. Exclusive lock, and the counts anew; authors and reporters are told, and who agreed is asked when
    it can no longer be undone. Raises `Invalid`, `TooLate` (a published one, less than 24 hours before voting closes),
    `NotPossible`, and what `deciding.check` raises for each of them: a case that a colleague holds, an own opinion.
    """
    deciding.check_words("merge", reason, note)
    _check_choice(opinions, into, fields)
    checked = submission.check(fields, opinions[0].consultation) if fields is not None else None
    with transaction.atomic():
        desks = [_open(actor, opinion, seen or {}) for opinion in sorted(opinions, key=lambda o: o.number)]
        _check_time(desks)
        target = _joint(desks, checked) if checked is not None else _existing(actor, into)
        made = Merge.objects.create(target=target, is_joint=into is None)
        if into is None:
            _publish_joint(target, made, actor, desks[0].now)
        for desk in desks:
            _go_into(desk, made, reason, note)
        voting.retally([target.pk, *(desk.opinion.pk for desk in desks)])
        consent.ask(made, desks[0].now + states.TIME_TO_UNDO)
        return made


def against(actor: User, opinion: Opinion) -> DomainError | None:
    """What stands against merging this one now, for a page; takes no lock, so it may differ a moment later."""
    waiting = deciding.cases_of(opinion).filter(kind=Case.Kind.NEW).first()
    desk = Desk(states.VERBS["merge"], actor, opinion, case=waiting, now=db.now())
    try:
        deciding.check(desk)
        _check_time([desk])
    except DomainError as error:
        return error
    return None


def latest(consultation: Consultation) -> datetime:
    """Until when published opinions can be merged."""
    return consultation.voting_close_at - TIME_TO_VOTE


def mergeable(consultation: Consultation) -> QuerySet[Opinion]:
    """The opinions of a consultation that are in a state from which they can be merged."""
    rows = consultation.opinions.filter(state__in=states.VERBS["merge"].sources)
    return rows.select_related("consultation", "version", "theme", "author__user").order_by("number")


# --- checks -----------------------------------------------------------------------------------------


def _check_choice(opinions: Sequence[Opinion], into: Opinion | None, fields: Mapping[str, Any] | None) -> None:
    if (into is None) == (fields is None):
        raise Invalid(_("Choose an opinion that stays, or write a joint text."))
    if len({opinion.pk for opinion in opinions}) < (2 if into is None else 1):
        raise Invalid(_("A joint text is made of at least two opinions."))
    if len({o.consultation_id for o in (*opinions, *([into] if into else []))}) > 1:
        raise Invalid(_("Only opinions of one consultation can be merged."))
    if into is not None and into.pk in {opinion.pk for opinion in opinions}:
        raise Invalid(_("An opinion cannot be merged into itself."))


def _open(actor: User, opinion: Opinion, seen: Mapping[UUID, int]) -> Desk:
    """One original with the case in which it waits, when it does."""
    waiting = deciding.cases_of(opinion).filter(kind=Case.Kind.NEW).first()
    desk = deciding.open_for("merge", actor=actor, subject=opinion, case=waiting)
    version = seen.get(opinion.pk)
    if version is not None and version != desk.opinion.version_id:
        raise refusals.text_moved()
    return desk


def _check_time(desks: Sequence[Desk]) -> None:
    over = desks[0].now > latest(desks[0].opinion.consultation)
    if over and any(desk.state == State.PUBLISHED for desk in desks):
        raise TooLate(_("Voting closes in less than a day: published opinions can no longer be merged."))


def _existing(actor: User, into: Opinion | None) -> Opinion:
    assert into is not None
    target = deciding.locked_opinion(into.pk)
    if target.state != State.PUBLISHED:
        raise NotPossible(_("Only a published opinion takes in others."))
    if deciding.is_own(actor, target):
        raise moderation.NotAllowed(_("Nobody decides on an own opinion."), code="own_opinion")
    return target


# --- the joint text ---------------------------------------------------------------------------------


def _joint(desks: Sequence[Desk], checked: Mapping[str, Any]) -> Opinion:
    """The new opinion with its text and everybody who wrote one of the originals; not published yet."""
    originals = [desk.opinion for desk in desks]
    written_by = list(dict.fromkeys(p for original in originals for p in authors.participants_of(original)))
    consultation = Consultation.objects.get(pk=originals[0].consultation_id)
    made = Opinion.objects.create(
        consultation=consultation,
        number=submission.next_number(consultation),
        author=written_by[0] if written_by else None,
        theme_id=checked["theme"],
        state=State.DRAFT,
        source=Source.MERGE,
        language=checked["language"],
        shown_as=next(wish for wish in _RESERVED if wish in {o.shown_as for o in originals}),
        quote=all(original.quote for original in originals),
        submitted_at=desks[0].now,
    )
    made.version = OpinionVersion.objects.create(opinion=made, number=1, votes_since=1, **submission.texts_of(checked))
    made.save(update_fields=["version"])
    CoAuthor.objects.bulk_create(CoAuthor(opinion=made, participant=p) for p in written_by[1:])
    return made


def _publish_joint(target: Opinion, merge: Merge, actor: User, now: datetime) -> None:
    desk = Desk(states.VERBS["publish_joint"], actor, target, now=now)
    moderation.put_in_force(desk)
    recording.record(desk, merge=merge)


def _go_into(desk: Desk, merge: Merge, reason: str, note: str) -> None:
    desk.opinion.merge = merge
    decision = recording.record(desk, reason=reason, note=note, merge=merge)
    telling.reporters(recording.close_all(desk, decision, *desk.rule.cases), decision)
    telling.author(decision)


# --- out of a merge ---------------------------------------------------------------------------------


def let_go(merge: Merge, opinion: Opinion, *, actor: User | None, now: datetime) -> None:
    """What follows when an original is as before: its authors no longer stand under the joint text.

    A joint text that nothing is merged into any more ends; its votes stay where they are and count no more. Call with
    the consultation's exclusive lock, after the original has moved.
    """
    if not merge.is_joint:
        return
    target = deciding.locked_opinion(merge.target_id)
    left = Opinion.objects.filter(merge__target=target)
    if not left.exists():
        _dissolve(target, actor, now)
        return
    staying = {p.pk for original in left for p in authors.participants_of(original)}
    for person in authors.participants_of(opinion):
        if person.pk not in staying:
            _strike(target, person)


def _strike(target: Opinion, person: Participant) -> None:
    CoAuthor.objects.filter(opinion=target, participant=person).delete()
    if target.author_id == person.pk:
        following = CoAuthor.objects.filter(opinion=target).first()
        target.author = following.participant if following else None
        target.save(update_fields=["author"])
        if following:
            following.delete()


def _dissolve(target: Opinion, actor: User | None, now: datetime) -> None:
    if not states.allowed("dissolve", target.state):
        return
    desk = Desk(states.VERBS["dissolve"], actor, target, first=pending_hold(target), now=now)
    decision = recording.record(desk)
    telling.reporters(recording.close_all(desk, decision), decision)
    telling.author(decision)
    voting.retally([target.pk])


def undo_parts(merge: Merge) -> list[Decision]:
    """The decisions that an undo of a merge takes back together: one an original that is still in it."""
    return list(merge.decisions.filter(verb="merge", opinion__merge=merge).select_related("opinion", "actor"))


def originals_of(opinion: Opinion) -> Iterable[Opinion]:
    """The opinions that were merged into this one, by number; for its page."""
    return Opinion.objects.filter(merge__target=opinion).select_related("consultation", "version").order_by("number")
