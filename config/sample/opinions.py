"""The sample's opinions with versions, cases and decisions, as if they had come in over the last two weeks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from common.text import guess_language
from config.sample import content
from config.sample.dates import Dates
from config.sample.people import People
from consultations import working_time
from consultations.models import Case, Consultation, Decision, Opinion, OpinionVersion, Participant, Theme
from consultations.models.opinions import ShownAs, State

#: How long ago those in the queue came in.
WAITING = (timedelta(hours=5), timedelta(hours=3), timedelta(minutes=50))
_SHOWN = (ShownAs.SOCIETY, ShownAs.SOCIETY, ShownAs.SOCIETY, ShownAs.NAME, ShownAs.MEMBER)


def make(consultation: Consultation, themes: dict[str, Theme], people: People, dates: Dates) -> list[Opinion]:
    """Write every opinion, the earliest first; returns the published ones in the order of the file."""
    participants = {row.user_id: row for row in Participant.objects.filter(consultation=consultation)}
    entries = content.opinions()
    submitted = _times(entries, dates)
    opinions = []
    for number, (entry, at) in enumerate(zip(entries, submitted, strict=True), 1):
        author = participants[people.authors[_author_of(number, len(people.authors))].pk]
        published = entry.is_published
        opinions.append(
            Opinion(
                consultation=consultation,
                number=number,
                author=author,
                theme=themes[entry.theme],
                state=State.PUBLISHED if published else State.SUBMITTED,
                language=guess_language(str(entry.fields["proposal"])),
                shown_as=_SHOWN[number % len(_SHOWN)],
                submitted_at=at,
                published_at=_decided_at(at, number) if published else None,
                publish_sequence=number if published else None,
            )
        )
    Opinion.objects.bulk_create(opinions)
    versions = OpinionVersion.objects.bulk_create(
        OpinionVersion(opinion=opinion, number=1, votes_since=1, **entry.fields)
        for opinion, entry in zip(opinions, entries, strict=True)
    )
    for opinion, version in zip(opinions, versions, strict=True):
        opinion.version = version
    Opinion.objects.bulk_update(opinions, ["version"])
    _moderate(opinions, people)
    found = [opinion for opinion in opinions if opinion.state == State.PUBLISHED]
    consultation.last_number, consultation.last_publish_sequence = len(opinions), len(found)
    consultation.save(update_fields=["last_number", "last_publish_sequence"])
    return found


def _author_of(number: int, authors: int) -> int:
    """The first published and the last queued one are the personas'; the others are spread."""
    if number == 1:
        return 0
    if number == len(content.opinions()):
        return 1
    return 2 + number % (authors - 2)


def _times(entries: Sequence[content.SampleOpinion], dates: Dates) -> list[datetime]:
    published = [entry for entry in entries if entry.is_published]
    step = (dates.submitted_until - dates.opens) / (len(published) + 1)
    times = [dates.opens + step * (number + 0.4) for number in range(len(published))]
    return times + [dates.submitted_until - waiting for waiting in WAITING]


def _decided_at(submitted: datetime, number: int) -> datetime:
    return submitted + timedelta(hours=1 + number % 3, minutes=7 * number % 60)


def _moderate(opinions: list[Opinion], people: People) -> None:
    """A case for every opinion; those of the published ones closed by a decision of one of the moderators."""
    moderators = [people.personas["moderator-1"], people.personas["moderator-2"]]
    cases, decisions = [], []
    for opinion in opinions:
        assert opinion.submitted_at is not None
        case = Case(kind=Case.Kind.NEW, opinion=opinion, version=opinion.version, opened_at=opinion.submitted_at)
        cases.append(case)
        if opinion.published_at is None:
            continue
        case.claimed_by, case.closed_at = moderators[opinion.number % 2], opinion.published_at
        decisions.append(
            Decision(
                opinion=opinion,
                case=case,
                actor=case.claimed_by,
                verb="publish",
                from_state=State.SUBMITTED,
                to_state=State.PUBLISHED,
                versions=[opinion.version_id],
                created_at=opinion.published_at,
            )
        )
    Case.objects.bulk_create(cases)
    closed = [case for case in cases if case.closed_at is not None]
    calendar = working_time.calendar_of(opinions[0].consultation)
    for case, decision in zip(closed, Decision.objects.bulk_create(decisions), strict=True):
        case.closed_by, case.due_at = decision, working_time.due_at(case, calendar)
    Case.objects.bulk_update(closed, ["closed_by", "due_at"])
