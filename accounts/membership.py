"""Membership: ask a society, accept, refuse, import a roster, end."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access, addresses, hooks
from accounts.models import Membership, MembershipRequest, Role, Society, User
from accounts.registration import ensure_account
from common.errors import DomainError, Invalid, NotAllowed


@transaction.atomic
def ask(*, user: User, society: Society | None, note: str = "") -> MembershipRequest:
    """Put a request before the society's secretaries (or the organisers when there are none); asking twice is one."""
    request, made = MembershipRequest.objects.get_or_create(
        user=user, society=society, state=MembershipRequest.State.OPEN, defaults={"note": note}
    )
    if made:
        for person in who_decides(society):
            hooks.tell_membership("membership_requested", person, str(request.pk))
    return request


def who_decides(society: Society | None) -> list[User]:
    """The society's secretaries; organisers where there are none."""
    people = User.objects.filter(is_active=True)
    secretaries = list(people.filter(role_grants__role=Role.SECRETARY, role_grants__society=society)) if society else []
    return secretaries or list(people.filter(role_grants__role=Role.ORGANISER))


@transaction.atomic
def accept(*, actor: User, request: MembershipRequest, society: Society | None = None) -> Membership:
    """Make the person a member from today and tell them. Raises `NotAllowed`, and `DomainError` when decided already."""
    fresh = _open_request(actor, request)
    chosen = fresh.society or society
    if chosen is None:
        raise Invalid(_("Please choose a society."), fields={"society": [_("Please choose a society.")]})
    membership = add(user=fresh.user, society=chosen)
    _decide(fresh, actor, MembershipRequest.State.ACCEPTED)
    hooks.tell_membership("membership_accepted", fresh.user, str(fresh.pk))
    return membership


@transaction.atomic
def refuse(*, actor: User, request: MembershipRequest) -> None:
    """Refuse a request and tell the person. Raises as `accept`."""
    fresh = _open_request(actor, request)
    _decide(fresh, actor, MembershipRequest.State.REFUSED)
    hooks.tell_membership("membership_refused", fresh.user, str(fresh.pk))


def _open_request(actor: User, request: MembershipRequest) -> MembershipRequest:
    fresh = (
        MembershipRequest.objects.select_for_update(of=("self",)).select_related("user", "society").get(pk=request.pk)
    )
    if not access.is_secretary_of(actor, fresh.society_id):
        raise NotAllowed(_("Only the society's secretary decides on this."))
    if fresh.user_id == actor.pk:
        raise NotAllowed(_("Nobody vouches for themselves."))
    if fresh.state != MembershipRequest.State.OPEN:
        raise DomainError(_("This request was decided already."), code="already_decided")
    return fresh


def _decide(request: MembershipRequest, actor: User, state: str) -> None:
    MembershipRequest.objects.filter(pk=request.pk).update(state=state, decided_by=actor, decided_at=Now())


def add(
    *, user: User, society: Society, starts_on: date | None = None, ends_on: date | None = None, number: str = ""
) -> Membership:
    """The person's membership from a day on; one that holds on that day already is kept as it is."""
    day = starts_on or timezone.localdate()
    # Beside the exclusion constraint, so that adding twice is no error.
    User.objects.select_for_update().get(pk=user.pk)
    own = Membership.objects.filter(user=user, society=society)
    held = own.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day).first()
    if held is not None:
        return held
    later = own.filter(starts_on__gt=day).order_by("starts_on").first()
    if later is not None:  # two memberships of one society may not overlap: this one ends when that begins
        eve = later.starts_on - timedelta(days=1)
        ends_on = min(ends_on, eve) if ends_on else eve
    return Membership.objects.create(user=user, society=society, starts_on=day, ends_on=ends_on, number=number)


def end(*, actor: User, membership: Membership, on: date | None = None) -> None:
    """End a membership on a day (default: yesterday, so that it no longer holds). Votes cast stay."""
    if not access.is_secretary_of(actor, membership.society_id):
        raise NotAllowed(_("Only the society's secretary decides on this."))
    day = on or timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(pk=membership.pk).update(ends_on=max(day, membership.starts_on))


@dataclass
class RosterResult:
    """What an import did: how many became members, how many were members already."""

    added: int = 0
    kept: int = 0
    errors: list[str] = field(default_factory=list)


MAX_ROSTER = 2_000_000


@transaction.atomic
def import_roster(*, actor: User, society: Society, data: bytes) -> RosterResult:
    """Read a CSV with the columns email, name, number, starts_on, ends_on (only `email` is compulsory), all or nothing.

    Raises `Invalid` with every line that cannot be read, and `NotAllowed`.
    """
    if not access.is_secretary_of(actor, society.pk):
        raise NotAllowed(_("Only the society's secretary decides on this."))
    rows, errors = _read_roster(data)
    if not access.is_organiser(actor) and any(row.email == actor.email for row in rows):
        errors.append(_("Nobody vouches for themselves."))
    if errors:
        raise Invalid(_("Nothing was imported."), fields={"file": errors[:20]})
    result = RosterResult()
    for row in rows:
        user = ensure_account(row.email)
        if row.name and not user.name:
            User.objects.filter(pk=user.pk).update(name=row.name)
        already = Membership.objects.filter(user=user, society=society).count()
        add(user=user, society=society, starts_on=row.starts_on, ends_on=row.ends_on, number=row.number)
        if Membership.objects.filter(user=user, society=society).count() > already:
            result.added += 1
        else:
            result.kept += 1
    return result


@dataclass(frozen=True)
class RosterRow:
    """One person of a roster file."""

    email: str
    name: str
    number: str
    starts_on: date | None
    ends_on: date | None


def _read_roster(data: bytes) -> tuple[list[RosterRow], list[str]]:
    if len(data) > MAX_ROSTER:
        return [], [_("The file is larger than 2 MB.")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [_("The file is not UTF-8. In Excel: save as “CSV UTF-8”.")]
    if "\x00" in text:
        return [], [_("The file is not a CSV.")]
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if "email" not in (reader.fieldnames or []):
        return [], [_("The first line must name the columns; “email” is missing.")]
    rows, errors = [], []
    try:
        raws = list(reader)
    except csv.Error:
        return [], [_("The file is not a CSV.")]
    for line, raw in enumerate(raws, 2):
        try:
            rows.append(_roster_row(raw))
        except (ValueError, ValidationError, Invalid):
            errors.append(
                _("Line %(line)d cannot be read: an e-mail address or a date (2026-08-26) is wrong.") % {"line": line}
            )
    return rows, errors


def _roster_row(raw: dict[str, str | None]) -> RosterRow:
    email = addresses.normal(raw.get("email") or "")

    def day(name: str) -> date | None:
        value = (raw.get(name) or "").strip()
        return date.fromisoformat(value) if value else None

    starts_on, ends_on = day("starts_on"), day("ends_on")
    if ends_on and ends_on < (starts_on or timezone.localdate()):
        raise ValueError
    name, number = ((raw.get(column) or "").strip() for column in ("name", "number"))
    return RosterRow(email, name[:100], number[:50], starts_on, ends_on)
