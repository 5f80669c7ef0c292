"""Who may do what: predicates made of role, membership and phase. Every face asks here.

Each takes a person (or a visitor who is not signed in) and plain facts, and answers yes or no. Roles are
read once a request and kept on the person; `roles_of` reads them afresh for a person loaded anew.
"""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils import timezone

from accounts.models import Membership, Role, RoleGrant

#: A signed-in person or a visitor; loose, because a request types its user loosely too.
Person = Any


class Phased(Protocol):
    """What the predicates need to know of a consultation."""

    submissions_open_at: datetime
    submissions_close_at: datetime
    voting_open_at: datetime
    voting_close_at: datetime


def roles_of(person: Person) -> frozenset[str]:
    """The person's roles for the whole site; kept on the object for the rest of the request."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    known: frozenset[str] | None = getattr(person, "_roles", None)
    if known is None:
        grants = RoleGrant.objects.filter(user_id=person.pk).values_list("role", flat=True)
        known = frozenset(grants)
        person._roles = known
    return known


def is_moderator(person: Person) -> bool:
    return Role.MODERATOR in roles_of(person)


def is_organiser(person: Person) -> bool:
    return Role.ORGANISER in roles_of(person)


def is_official(person: Person) -> bool:
    return Role.OFFICIAL in roles_of(person)


def sees_everything(person: Person) -> bool:
    """Organisers and auditors see counts that are hidden from others."""
    return bool(roles_of(person) & {Role.ORGANISER, Role.AUDITOR})


def is_secretary_of(person: Person, society_id: int | None) -> bool:
    """Whether the person vouches for members of this society; organisers may for each, and where there is none."""
    if is_organiser(person):
        return True
    if society_id is None or Role.SECRETARY not in roles_of(person):
        return False
    return RoleGrant.objects.filter(user_id=person.pk, role=Role.SECRETARY, society_id=society_id).exists()


def is_member(person: Person, at: datetime | None = None) -> bool:
    """Whether the person belongs to an active society on the day of a moment (default: today)."""
    if not person.is_authenticated or not person.is_active:
        return False
    day = timezone.localdate(at)
    return Membership.objects.current(day).filter(user_id=person.pk, society__is_active=True).exists()


def submissions_open(phases: Phased, at: datetime) -> bool:
    return phases.submissions_open_at <= at < phases.submissions_close_at


def voting_open(phases: Phased, at: datetime) -> bool:
    return phases.voting_open_at <= at < phases.voting_close_at


def may_submit(person: Person, phases: Phased, at: datetime) -> bool:
    """Members, while submissions are open."""
    return submissions_open(phases, at) and is_member(person, at)


def may_vote(person: Person, phases: Phased, at: datetime) -> bool:
    """Members, while voting is open. Authors and moderators are members like others."""
    return voting_open(phases, at) and is_member(person, at)


def may_decide(person: Person, author_id: UUID | None) -> bool:
    """Moderators, but nobody on an own opinion."""
    return is_moderator(person) and person.pk != author_id


def doors(person: Person) -> dict[str, bool]:
    """Which working pages to offer in the navigation."""
    roles = roles_of(person)
    return {
        "moderate": Role.MODERATOR in roles,
        "organise": Role.ORGANISER in roles,
        "respond": Role.OFFICIAL in roles,
        "vouch": Role.SECRETARY in roles,
        "admin": bool(getattr(person, "is_staff", False)),
    }
