"""For whom somebody may enter an opinion: members found by name or address, as far as the one who looks may know them.

A whole e-mail address finds one person; a part of a name finds a few. Addresses are told in part, enough to tell two of
one name apart. Secretaries find only members of their own society.
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access, addresses
from accounts.models import Membership, Role, RoleGrant, Society, User
from common import text
from common.errors import Invalid
from consultations.models import Consultation, Participant

SHORTEST = 2
MOST = 10


class Candidate(NamedTuple):
    """A member as the page names them; `address` is told in part."""

    user: User
    name: str
    society: str
    address: str


class Found(NamedTuple):
    people: list[Candidate]
    #: There are more than a page shows.
    has_more: bool


def find(*, actor: User, consultation: Consultation, words: str) -> Found:
    """Members who may take part, by their whole address or a part of their name; ten at most, two queries.

    Raises `Invalid` when there is too little to look for.
    """
    wanted = text.clean_line(words)
    if len(wanted) < SHORTEST:
        message = str(_("Write at least two letters of the name, or the whole e-mail address."))
        raise Invalid(message, fields={"find": [message]})
    matching = Q(email=_address(wanted)) if "@" in wanted else Q(name__icontains=wanted)
    rows = list(_people(actor, consultation).filter(matching).order_by("name", "pk")[: MOST + 1])
    return Found(_named(rows[:MOST]), len(rows) > MOST)


def chosen(*, actor: User, consultation: Consultation, pk: str) -> Candidate | None:
    """The member of an id, when this person could have found them; None for a made-up one."""
    try:
        found = _people(actor, consultation).filter(pk=UUID(pk))
    except ValueError:
        return None
    return next(iter(_named(found)), None)


def _address(words: str) -> str:
    try:
        return addresses.normal(words)
    except Invalid:
        return ""


def _people(actor: User, consultation: Consultation) -> QuerySet[Any]:
    """Everybody who may take part here today, with the society that they count for (the oldest membership)."""
    held = Membership.objects.current(timezone.localdate()).filter(user=OuterRef("pk"), society__is_active=True)
    oldest = held.order_by("starts_on", "id").values("society")[:1]
    voided = Participant.objects.filter(consultation=consultation).exclude(voided_at=None).exclude(user=None)
    people = User.objects.filter(is_active=True).exclude(pk=actor.pk).exclude(pk__in=voided.values("user"))
    found = people.annotate(counts_for=Subquery(oldest)).exclude(counts_for=None)
    if access.is_moderator(actor):
        return found
    own = RoleGrant.objects.filter(user=actor, role=Role.SECRETARY).values("society")
    return found.filter(counts_for__in=own)


def _named(rows: Any) -> list[Candidate]:
    people = list(rows)
    societies = Society.objects.in_bulk({person.counts_for for person in people})
    return [
        Candidate(person, person.name, societies[person.counts_for].name, in_part(person.email)) for person in people
    ]


def in_part(address: str) -> str:
    """The first two letters of an address and its domain."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:2]}…@{domain}"
