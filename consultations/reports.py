"""Reporting an opinion or an argument to the moderators. A report hides nothing; it puts the text before them again.

Three reports by members of two societies put the case to the top of the queue, with the short service time.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import db, text
from common.errors import DomainError, Invalid, NotAllowed
from consultations import deciding, locks, recording, roll, states, telling
from consultations.deciding import Subject
from consultations.models import Case, Decision, Opinion, Report, RollEntry
from consultations.models.arguments import REPORT_LENGTH
from consultations.models.cases import Reason
from consultations.models.opinions import State

#: So many reports, from so many societies, make a case urgent.
URGENT_REPORTS, URGENT_SOCIETIES = 3, 2


class NotReportable(DomainError):
    """The opinion or argument is not published."""

    code = "not_reportable"


def report(*, user: User, opinion: Subject, reason: str, note: str = "") -> Report:
    """Report a published opinion or argument, once a member and text; a second time gives the first report again.

    All open reports of a text are one case. Takes the consultation's shared lock and the opinion's row, so that two
    first reports open one case. Raises `Invalid`, `NotAllowed` (not a member, or the author) and `NotReportable`.
    """
    note = text.clean(note)
    _check(reason, note)
    if not access.is_member(user):
        raise NotAllowed(_("Only members of a society may report an opinion."), code="not_a_member")
    subject = opinion
    with transaction.atomic():
        locks.share(deciding.parts(subject)[0].consultation_id)
        held = deciding.locked_opinion(deciding.parts(subject)[0].pk)
        argument = None if isinstance(subject, Opinion) else deciding.locked_argument(subject.pk)
        earlier = Report.objects.filter(opinion=held, argument=argument, user=user).first()
        if earlier is not None:
            return earlier
        fresh = argument or held
        if not states.allowed("report", fresh.state) or held.state != State.PUBLISHED:
            raise NotReportable(_("This opinion is not published."))
        if deciding.is_own(user, fresh):
            raise NotAllowed(_("This is your own opinion."), code="own_opinion")
        case = deciding.cases_of(fresh).filter(kind=Case.Kind.REPORT).first()
        case = case or recording.open_case(Case.Kind.REPORT, fresh, now=db.now())
        made = Report.objects.create(
            opinion=held, argument=argument, case=case, user=user, society_id=_society_of(user, held), reason=reason,
            note=note,
        )  # fmt: skip
        _mark_urgent(case)
        return made


def _society_of(user: User, opinion: Opinion) -> int | None:
    """The society that the member counts for in this consultation, so that a member of five counts once."""
    entry = RollEntry.objects.filter(participant__user=user, consultation=opinion.consultation_id).first()
    if entry is not None:
        return entry.society_id
    membership = roll.current_membership(user)
    return None if membership is None else membership.society_id


def _mark_urgent(case: Case) -> None:
    """The third report from a second society puts the case to the top; a worker writes the new due time."""
    societies = list(case.reports.values_list("society", flat=True))
    known = set(societies) - {None}
    if len(societies) >= URGENT_REPORTS and len(known) >= URGENT_SOCIETIES:
        Case.objects.filter(pk=case.pk, urgent_since=None).update(urgent_since=db.now(), due_at=None, half_at=None)


def dismiss(*, actor: User, case: Case, note: str = "") -> Decision:
    """Close the reports of a case: the text stays as it is, and who reported is told. Errors as `moderation.publish`."""
    deciding.check_words("dismiss_report", "", note)
    with transaction.atomic():
        desk = deciding.open_for("dismiss_report", actor=actor, subject=deciding.of_case(case), case=case)
        decision = recording.finish(desk, recording.record(desk, note=note))
        telling.reporters([case], decision)
        return decision


def has_reported(reader: Any, opinion: Opinion, argument: UUID | None = None) -> bool:
    """Whether this reader reported the opinion itself, or one of its arguments, already."""
    mine = Report.objects.filter(opinion=opinion, argument=argument)
    return bool(reader.is_authenticated) and mine.filter(user=reader.pk).exists()


def _check(reason: str, note: str) -> None:
    errors: dict[str, list[str]] = {}
    if reason not in Reason.values:
        errors["reason"] = [str(_("Please choose a reason."))]
    if reason == Reason.OTHER and not note:
        errors["note"] = [str(_("Please write the reason in words."))]
    if len(note) > REPORT_LENGTH:
        errors["note"] = [str(_("At most %(longest)d characters.") % {"longest": REPORT_LENGTH})]
    if errors:
        raise Invalid(_("Some fields need mending."), fields=errors)
