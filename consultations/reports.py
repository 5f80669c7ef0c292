"""Reporting an opinion to the moderators. A report hides nothing; it puts the opinion before them again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import text
from common.errors import DomainError, Invalid, NotAllowed
from consultations import moderation
from consultations.models import Case, Decision, Opinion, Report
from consultations.models.arguments import REPORT_LENGTH
from consultations.models.cases import Reason
from consultations.models.opinions import State


class NotReportable(DomainError):
    """The opinion is not published."""

    code = "not_reportable"


def report(*, user: User, opinion: Opinion, reason: str, note: str = "") -> Report:
    """Report a published opinion, once a member and opinion; a second time gives the first report again.

    All open reports of an opinion are one case. Locks the opinion's row, so that two first reports open one case.
    Raises `Invalid`, `NotAllowed` (not a member, or the author) and `NotReportable`.
    """
    note = text.clean(note)
    _check(reason, note)
    if not access.is_member(user):
        raise NotAllowed(_("Only members of a society may report an opinion."), code="not_a_member")
    with transaction.atomic():
        held = Opinion.objects.select_for_update(of=("self",), no_key=True).select_related("author").get(pk=opinion.pk)
        earlier = Report.objects.filter(opinion=held, user=user).first()
        if earlier is not None:
            return earlier
        if held.state != State.PUBLISHED:
            raise NotReportable(_("This opinion is not published."))
        if held.author is not None and held.author.user_id == user.pk:
            raise NotAllowed(_("This is your own opinion."), code="own_opinion")
        return Report.objects.create(opinion=held, case=_open_case(held), user=user, reason=reason, note=note)


def _open_case(opinion: Opinion) -> Case:
    assert opinion.version_id is not None
    found, _made = Case.objects.get_or_create(
        opinion=opinion,
        kind=Case.Kind.REPORT,
        closed_at=None,
        defaults={"version_id": opinion.version_id, "opened_at": timezone.now()},
    )
    return found


def dismiss(*, actor: User, case: Case, note: str = "") -> Decision:
    """Close the reports of a case: the opinion stays as it is. Locks the case; errors as `moderation.publish`."""
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).select_related("opinion__author").get(pk=case.pk)
        author = held.opinion.author
        moderation.check_actor(actor, author.user_id if author is not None else None)
        if held.kind != Case.Kind.REPORT:
            raise moderation.WrongCase(_("This case is decided in another way."))
        moderation.check_free(held, actor, allowed=True)
        state = held.opinion.state
        Case.objects.filter(pk=held.pk).update(closed_at=timezone.now(), claimed_by=actor)
        return Decision.objects.create(
            opinion=held.opinion, case=held, actor=actor, verb="dismiss_report", from_state=state, to_state=state,
            note=note, versions=[held.version_id],
        )  # fmt: skip


def has_reported(reader: Any, opinion: Opinion) -> bool:
    """Whether this reader reported the opinion already."""
    return bool(reader.is_authenticated) and Report.objects.filter(opinion=opinion, user=reader.pk).exists()


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
