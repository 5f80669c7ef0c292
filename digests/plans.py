"""Drafts that are compiled later: at a moment that somebody named, and at the cut-off of meetings.

Plans are rows; a scan finds what is due, so a clock that stood still for a while costs delay and nothing else.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import db
from common.errors import DomainError
from consultations.models import Consultation
from digests.models import Compilation, MeetingPlan
from summit.models import Meeting

State, Origin = Compilation.State, Compilation.Origin
#: A meeting whose cut-off is longer ago gets no draft any more: what would be compiled is not what stood then.
CATCH_UP = timedelta(days=3)


class CutoffPast(DomainError):
    """The cut-off lies in the past and people could vote after it: what stood then cannot be had any more."""

    code = "cutoff_past"


def plan(*, consultation: Consultation, cutoff: datetime) -> Compilation | None:
    """Plan a draft for a moment ahead; planned twice is planned once.

    None for a moment in the past by which voting had closed: its counts stand, compile now. Raises `CutoffPast` for
    any other moment in the past.
    """
    if cutoff <= db.now():
        if consultation.is_closed(cutoff):
            return None
        raise CutoffPast(_("The cut-off is in the past, and voting had not closed by then."))
    made, _new = Compilation.objects.get_or_create(
        consultation=consultation, meeting=None, origin=Origin.ASKED, state=State.PLANNED, due_at=cutoff
    )
    return made


def plan_meetings() -> int:
    """Plan the drafts of meetings whose cut-off has come: one a meeting and consultation, whoever scans how often.

    For every consultation of the summit that had opened by then. Gives the number of consultations looked at.
    """
    wanted = [
        Compilation(consultation=c, meeting=m, origin=Origin.MEETING, state=State.PLANNED, due_at=cutoff)
        for m, cutoff in _meetings_due(db.now())
        for c in m.summit.consultations.all()
        if min(c.submissions_open_at, c.voting_open_at) <= cutoff
    ]
    # The constraint decides: of two clocks one plans, and what was compiled, failed or cancelled stays so.
    Compilation.objects.bulk_create(wanted, ignore_conflicts=True)
    return len(wanted)


def cutoff_of(meeting: Meeting) -> datetime | None:
    """The moment at which drafts of a meeting are compiled; None: it gets none."""
    own = MeetingPlan.objects.filter(meeting=meeting).first()
    whole = MeetingPlan.objects.filter(summit=meeting.summit_id).first()
    said = own or whole
    on_the_agenda = Consultation.objects.filter(agenda_item__meeting=meeting)
    compiles = said.compiles if said is not None else on_the_agenda.exists()
    if meeting.is_cancelled or not compiles:
        return None
    return (own.cutoff_at if own is not None else None) or meeting.ends_at


def _meetings_due(now: datetime) -> Iterator[tuple[Meeting, datetime]]:
    """Meetings near their end or their own cut-off, with the cut-off that has come."""
    near = Q(ends_at__gt=now - CATCH_UP, ends_at__lte=now)
    own = MeetingPlan.objects.filter(cutoff_at__gt=now - CATCH_UP, cutoff_at__lte=now).values("meeting")
    meetings = Meeting.objects.filter(near | Q(pk__in=own)).select_related("summit")
    for meeting in meetings.prefetch_related("summit__consultations"):
        cutoff = cutoff_of(meeting)
        if cutoff is not None and now - CATCH_UP < cutoff <= now:
            yield meeting, cutoff


def begin_due() -> int:
    """Let what is planned and due begin, the longest due first; what finds another compiling waits for it."""
    begun = 0
    for compilation in Compilation.objects.filter(state=State.PLANNED, due_at__lte=Now()).order_by(
        "due_at", "created_at"
    ):
        try:
            with transaction.atomic():
                begun += Compilation.objects.filter(pk=compilation.pk, state=State.PLANNED).update(state=State.QUEUED)
        except IntegrityError:
            continue
    return begun
