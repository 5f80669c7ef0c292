"""The roll: who may vote in a consultation, each with one society.

Made when submissions or voting open, whichever is first, with each person's oldest membership; later
entrants get a row at their first act. Rows are never deleted.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Society, User
from common import db
from common.errors import NotAllowed
from consultations.models import Consultation, Participant, RollEntry

#: Everybody who is a member on the day, with the oldest membership that still holds.
_MEMBERS = """
SELECT DISTINCT ON (m.user_id) m.user_id, m.society_id, u.sector, u.stage
FROM accounts_membership m
JOIN accounts_society s ON s.id = m.society_id AND s.is_active
JOIN accounts_user u ON u.id = m.user_id AND u.is_active
WHERE m.starts_on <= %(day)s AND (m.ends_on IS NULL OR m.ends_on >= %(day)s)
ORDER BY m.user_id, m.starts_on, m.id
"""


@transaction.atomic
def make(consultation: Consultation) -> int:
    """Write the roll of everybody who is a member today; who is on it stays as they are. Returns new rows."""
    facts: dict[str, date | int] = {"day": timezone.localdate(), "consultation": consultation.pk}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO consultations_participant (consultation_id, user_id, void_reason)
            SELECT %(consultation)s, user_id, '' FROM ({_MEMBERS}) members
            ON CONFLICT DO NOTHING
            """,  # noqa: S608
            facts,
        )
        cursor.execute(
            f"""
            INSERT INTO consultations_rollentry (participant_id, consultation_id, society_id, sector, stage)
            SELECT p.id, %(consultation)s, members.society_id, members.sector, members.stage
            FROM ({_MEMBERS}) members
            JOIN consultations_participant p ON p.user_id = members.user_id AND p.consultation_id = %(consultation)s
            ON CONFLICT DO NOTHING
            """,  # noqa: S608
            facts,
        )
        added = int(cursor.rowcount)
    Consultation.objects.filter(pk=consultation.pk).update(roll_made_at=Coalesce("roll_made_at", Now()))
    return added


def make_due(now: datetime) -> int:
    """Make the roll of every consultation that has opened and has none; for the clock."""
    opened = Consultation.objects.open_at(now).filter(is_imported=False, roll_made_at=None)
    return sum(make(consultation) for consultation in opened)


def enter(*, user: User, consultation: Consultation) -> Participant:
    """The person's participant and roll entry, made at the first act and fixed by it.

    Call inside a transaction. Raises `NotAllowed` for who is not on the roll and belongs to no society today,
    for who has left every society, and for who was voided.
    """
    membership = current_membership(user)
    if membership is None:
        raise NotAllowed(
            _("Only members of a society may take part. Ask your society to confirm you."), code="not_a_member"
        )
    participant, _made = Participant.objects.get_or_create(consultation=consultation, user=user)
    if participant.voided_at is not None:
        raise NotAllowed(_("Your participation was ended by the organisers."), code="voided")
    entry, _made = RollEntry.objects.get_or_create(
        participant=participant,
        defaults={
            "consultation": consultation,
            "society_id": membership.society_id,
            "sector": user.sector,
            "stage": user.stage,
        },
    )
    if entry.fixed_at is None:
        RollEntry.objects.filter(pk=entry.pk, fixed_at=None).update(fixed_at=Now())
    return participant


def current_membership(user: User, on: datetime | None = None) -> Membership | None:
    """The oldest membership that holds today in an active society."""
    return _memberships(user, on).first()


def _memberships(user: User, on: datetime | None = None) -> QuerySet[Membership]:
    """The memberships that hold today in active societies, the oldest first."""
    held = Membership.objects.current(timezone.localdate(on))
    return held.filter(user=user, society__is_active=True).order_by("starts_on", "id")


@dataclass(frozen=True)
class Choice:
    """The societies among which somebody may still choose, and the one that they count for now."""

    societies: list[Society]
    current: Society


def choice(*, user: User, consultation: Consultation, now: datetime) -> Choice | None:
    """What a member of several societies may still choose here; None where there is nothing to choose.

    One query for who belongs to one society, two for who belongs to more.
    """
    if consultation.is_imported or not consultation.is_under_way(now):
        return None
    societies = list(dict.fromkeys(m.society for m in _memberships(user, now).select_related("society")))
    if len(societies) < 2:
        return None
    known = Participant.objects.filter(user=user, consultation=consultation).select_related("roll_entry__society")
    participant = known.first()
    entry: RollEntry | None = getattr(participant, "roll_entry", None)
    if participant is not None and (participant.voided_at is not None or (entry and entry.fixed_at is not None)):
        return None
    return Choice(societies, societies[0] if entry is None else entry.society)


def society_of(*, user: User, consultation: Consultation) -> Society | None:
    """The society that a person counts for here, or would with their first act; None for who belongs nowhere."""
    entry = (
        RollEntry.objects.filter(participant__user=user, consultation=consultation).select_related("society").first()
    )
    if entry is not None:
        return entry.society
    membership = current_membership(user)
    return membership.society if membership is not None else None


@transaction.atomic
def choose_society(*, user: User, consultation: Consultation, society_id: int) -> RollEntry:
    """Count for another of one's societies; until the first opinion or vote there, then it is fixed.

    Who joined after the roll was made enters it by choosing. Locks the person's roll entry. Raises `NotAllowed`.
    """
    if consultation.is_imported or not consultation.is_under_way(db.now()):
        raise NotAllowed(_("This can be chosen while the consultation is open."), code="not_open")
    if not _memberships(user).filter(society=society_id).exists():
        raise NotAllowed(_("You are not a member of that society."))
    participant, _made = Participant.objects.get_or_create(consultation=consultation, user=user)
    if participant.voided_at is not None:
        raise NotAllowed(_("Your participation was ended by the organisers."), code="voided")
    facts = {"consultation": consultation, "society_id": society_id, "sector": user.sector, "stage": user.stage}
    RollEntry.objects.get_or_create(participant=participant, defaults=facts)
    entry = RollEntry.objects.select_for_update().get(participant=participant)
    if entry.fixed_at is not None:
        raise NotAllowed(_("Your society is fixed since your first opinion or vote here."), code="society_fixed")
    entry.society_id = society_id
    entry.save(update_fields=["society"])
    return entry


def base_of(consultation: Consultation, cutoff: datetime | None = None) -> int:
    """How many people the roll holds at a moment: the base of turn-out."""
    return consultation.roll.filter(entered_at__lte=cutoff or db.now()).count()
