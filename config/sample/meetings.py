"""The sample's summit, meetings with agenda, registrations and consultation."""

from config.sample import content
from config.sample.dates import Dates
from config.sample.people import People
from consultations.models import Consultation, Theme
from consultations.models.consultations import CountsShown
from summit.models import AgendaItem, Meeting, Registration, Summit

#: How many of the members come to each meeting, beside two personas.
COMING = 23


def make_summit(dates: Dates, people: People) -> Summit:
    texts = content.summit()
    summit = Summit.objects.create(is_sample=True, **_stripped(texts["summit"]))
    for number, (entry, (starts, ends)) in enumerate(zip(texts["meetings"], dates.meetings, strict=True)):
        own = {key: value for key, value in entry.items() if key != "agenda"}
        meeting = Meeting.objects.create(summit=summit, starts_at=starts, ends_at=ends, **own, **texts["place"])
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, order=order, **item) for order, item in enumerate(entry["agenda"], 1)
        )
        _register(meeting, people, first=number * COMING)
    return summit


def _register(meeting: Meeting, people: People, first: int) -> None:
    coming = [people.personas["member-2"], people.personas["member-3"]]
    coming += [user for user, _kind in people.members[first : first + COMING]]
    Registration.objects.bulk_create(Registration(meeting=meeting, user=user) for user in coming)


def make_consultation(dates: Dates, summit: Summit) -> tuple[Consultation, dict[str, Theme]]:
    """The consultation of the second meeting's first agenda item, and its themes by their key in the file."""
    texts = content.summit()
    item = AgendaItem.objects.filter(meeting__summit=summit).order_by("-meeting__starts_at", "order").first()
    consultation = Consultation.objects.create(
        summit=summit,
        agenda_item=item,
        submissions_open_at=dates.opens,
        submissions_close_at=dates.submissions_close,
        voting_open_at=dates.opens,
        voting_close_at=dates.voting_close,
        counts=CountsShown.LIVE,
        **texts["consultation"],
    )
    themes = {}
    for order, entry in enumerate(texts["themes"], 1):
        own = {key: value for key, value in entry.items() if key != "key"}
        themes[entry["key"]] = Theme.objects.create(consultation=consultation, order=order, **own)
    return consultation, themes


def _stripped(texts: content.Texts) -> content.Texts:
    return {key: value.strip() for key, value in texts.items()}
