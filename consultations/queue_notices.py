"""Reminding moderators and organisers of what waits: at half and at the whole of the service time, and on the morning
of a meeting.

One mail for all cases whose time comes within the same quarter of an hour, so that a busy day is not a day of mails.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role, User
from consultations import telling
from consultations.models import Case, Consultation
from notifications import kinds, occasions
from notifications.models import Occasion
from summit.models import Meeting

HALF, WHOLE, MORNING = "queue_half", "queue_whole", "queue_morning"
SLOT = timedelta(minutes=15)
MORNING_AT = time(8, 30)
#: So long ahead the mornings of meetings are planned; a morning that is over by more than this is not made up for.
_AHEAD, _LATE = timedelta(hours=36), timedelta(minutes=30)
_COLUMN = {HALF: "half_at", WHOLE: "due_at"}


def register() -> None:
    kinds.register(kinds.Kind(HALF, _render_times, audience=_moderators))
    kinds.register(kinds.Kind(WHOLE, _render_times, audience=_organisers))
    kinds.register(kinds.Kind(MORNING, _render_morning, audience=_everybody))


# --- planning ---------------------------------------------------------------------------------------


def plan(cases: Iterable[Case]) -> None:
    """Plan the reminders of cases whose due times were written; several of one quarter of an hour are one occasion."""
    wanted = {
        (kind, case.opinion.consultation_id, slot)
        for case in cases
        for kind, column in _COLUMN.items()
        if (slot := _slot(getattr(case, column))) is not None
    }
    for kind, consultation, slot in sorted(wanted):
        occasions.plan(kind, target=f"consultation:{consultation}", version=slot.isoformat(), due_at=slot)


def _slot(at: datetime | None) -> datetime | None:
    """The end of the quarter of an hour in which a moment lies; None for one that is long over."""
    if at is None or at < timezone.now() - SLOT:
        return None
    return datetime.fromtimestamp(-(-at.timestamp() // SLOT.total_seconds()) * SLOT.total_seconds(), UTC)


def plan_mornings(now: datetime) -> int:
    """Plan 8:30 of the days on which a meeting is held; gives the number of days ahead. Idempotent."""
    meetings = Meeting.objects.filter(
        is_cancelled=False, starts_at__gt=now - timedelta(days=1), starts_at__lt=now + _AHEAD
    )
    planned = set()
    for meeting in meetings:
        day = meeting.starts_at.astimezone(meeting.zone).date()
        due = datetime.combine(day, MORNING_AT, meeting.zone)
        if due >= now - _LATE:
            occasions.plan(MORNING, target=f"summit:{meeting.summit_id}", version=day.isoformat(), due_at=due)
            planned.add((meeting.summit_id, day))
    return len(planned)


# --- who is reminded --------------------------------------------------------------------------------


def _cases(occasion: Occasion) -> QuerySet[Case]:
    """The cases of a reminder that still wait: those whose time came in its quarter of an hour."""
    end = datetime.fromisoformat(occasion.version)
    column = _COLUMN[occasion.kind]
    return Case.objects.filter(
        closed_at=None,
        opinion__consultation=_number(occasion),
        **{f"{column}__gt": end - SLOT, f"{column}__lte": end},
    )


def _number(occasion: Occasion) -> int:
    return int(occasion.target.partition(":")[2])


def _moderators(occasion: Occasion) -> QuerySet[User]:
    return telling.moderators() if _cases(occasion).exists() else User.objects.none()


def _organisers(occasion: Occasion) -> QuerySet[User]:
    found = User.objects.filter(is_active=True, role_grants__role=Role.ORGANISER).distinct()
    return found if _cases(occasion).exists() else User.objects.none()


def _everybody(occasion: Occasion) -> QuerySet[User]:
    roles = Q(role_grants__role__in=[Role.MODERATOR, Role.ORGANISER])
    return User.objects.filter(roles, is_active=True).distinct() if _meets(occasion) else User.objects.none()


def _meets(occasion: Occasion) -> bool:
    """Whether a meeting is still held on the day."""
    day = date.fromisoformat(occasion.version)
    meetings = Meeting.objects.filter(summit=_number(occasion), is_cancelled=False)
    return any(meeting.starts_at.astimezone(meeting.zone).date() == day for meeting in meetings)


# --- the words --------------------------------------------------------------------------------------


def _render_times(occasion: Occasion, reader: User) -> kinds.Mail | None:
    count = _cases(occasion).count()
    if not count:
        return None
    consultation = Consultation.objects.get(pk=_number(occasion))
    facts = {"count": count, "title": consultation.title}
    if occasion.kind == HALF:
        subject = ngettext("%(count)d text waits for a moderator", "%(count)d texts wait for a moderator", count)
        told = _("Half of the service time is over. Please look at them before the whole of it is.")
    else:
        subject = ngettext(
            "%(count)d text is overdue with the moderators", "%(count)d texts are overdue with the moderators", count
        )
        told = _("The service time is over and nobody has decided. Please see to it that somebody does.")
    waiting = Case.objects.filter(closed_at=None, opinion__consultation=consultation).count()
    paragraphs = [
        _("Consultation: %(title)s") % facts,
        told,
        _("Waiting there in all: %(waiting)d.") % {"waiting": waiting},
    ]
    return _mail(subject % facts, paragraphs)


def _render_morning(occasion: Occasion, reader: User) -> kinds.Mail | None:
    if not _meets(occasion):
        return None
    waiting = Case.objects.filter(closed_at=None, opinion__consultation__summit=_number(occasion))
    facts = {"waiting": waiting.count(), "late": waiting.filter(due_at__lte=timezone.now()).count()}
    return _mail(
        _("A meeting is held today. Waiting for a moderator: %(waiting)d") % facts,
        [
            _("On the day of a meeting, what comes in is decided on within one hour."),
            _("Waiting now: %(waiting)d; overdue: %(late)d.") % facts,
        ],
    )


def _mail(subject: str, paragraphs: list[str]) -> kinds.Mail:
    return kinds.Mail(subject, paragraphs, kinds.absolute(reverse("moderation")), _("Open what waits"))
