"""The roll: who may vote in a consultation, each with one society.

Made when submissions or voting open, whichever is first, with each person's oldest membership; later
entrants get a row at their first act. Rows are never deleted.
"""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
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
    day = timezone.localdate(on)
    return (
        Membership.objects.current(day).filter(user=user, society__is_active=True).order_by("starts_on", "id").first()
    )


@transaction.atomic
def choose_society(*, user: User, consultation: Consultation, society_id: int) -> RollEntry:
    """Count for another of one's societies; until the first opinion or vote there, then it is fixed."""
    if (
        not Membership.objects.current(timezone.localdate())
        .filter(user=user, society_id=society_id, society__is_active=True)
        .exists()
    ):
        raise NotAllowed(_("You are not a member of that society."))
    entry = RollEntry.objects.select_for_update().get(participant__user=user, consultation=consultation)
    if entry.fixed_at is not None:
        raise NotAllowed(_("Your society is fixed since your first opinion or vote here."), code="society_fixed")
    entry.society_id = society_id
    entry.save(update_fields=["society"])
    return entry


def base_of(consultation: Consultation, cutoff: datetime | None = None) -> int:
    """How many people the roll holds at a moment: the base of turn-out."""
    return consultation.roll.filter(entered_at__lte=cutoff or db.now()).count()
