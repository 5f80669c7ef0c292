"""Loading the sample summit, once."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from common.errors import DomainError
from config.sample import content, meetings, opinions, people, votes
from config.sample.dates import Dates, default_first_meeting
from consultations import mapping, orders, roll, search, voting
from consultations.models import Consultation
from summit.models import Summit


class NameTaken(DomainError):
    """Something that is no sample has an address of the sample; nothing was changed."""

    code = "name_taken"


@dataclass(frozen=True)
class Loaded:
    """The sample summit, and whether this call made it."""

    summit: Summit
    changed: bool


@transaction.atomic
def load(*, first_meeting: date | None = None) -> Loaded:
    """Make the sample summit with people, opinions and votes; where it is already, nothing changes.

    `first_meeting` moves every date with it; the second meeting is seven days later. Two calls at once wait
    for each other (an advisory lock). Raises `NameTaken`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('load sample'))")
    texts = content.summit()
    existing = Summit.objects.filter(slug=texts["summit"]["slug"]).first()
    if existing is not None and existing.is_sample:
        return Loaded(existing, changed=False)
    if existing is not None or Consultation.objects.filter(slug=texts["consultation"]["slug"]).exists():
        raise NameTaken("There is another summit or consultation with the sample's address. Nothing was changed.")
    now = timezone.now()
    return Loaded(_make(Dates(first_meeting or default_first_meeting(now), now)), changed=True)


def _make(dates: Dates) -> Summit:
    cast = people.make()
    summit = meetings.make_summit(dates, cast)
    consultation, themes = meetings.make_consultation(dates, summit)
    roll.make(consultation)
    published = opinions.make(consultation, themes, cast, dates)
    votes.make(published, cast, dates)
    votes.fix_roll(consultation)
    voting.retally_consultation(consultation.pk)
    # What the clock would bring later: the list is searched, ordered and mapped from the first minute on.
    search.index_missing()
    orders.refresh(consultation)
    mapping.refresh(consultation)
    return summit
