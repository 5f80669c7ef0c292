"""What addressees, organisers and supporters are told about official responses, and in which words.

A mail that holds a key is of a secret kind: its text is stored nowhere, and the key is made while it is written.
"""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.registration import ensure_account
from consultations.models import Opinion, Vote
from digests import due, keys
from digests.models import Edition, Link, Recommendation, Response, Review
from notifications import kinds, occasions
from notifications.kinds import Kind, Mail, absolute
from notifications.models import Occasion

ASKED = "response_asked"
RECEIVED = "response_received"
RETURNED = "response_returned"
PUBLISHED = "response_published"
#: A reminder that could not go on its day does not go at all; the next one does.
LATEST = timedelta(hours=24)


def register() -> None:
    """Register the kinds; `digests.notices` calls it when the app starts."""
    kinds.register(Kind(ASKED, _asked, compulsory=True, secret=True))
    kinds.register(Kind(due.KIND, _due, audience=_due_audience, secret=True))
    kinds.register(Kind(RECEIVED, _received, compulsory=True))
    kinds.register(Kind(RETURNED, _returned, compulsory=True, secret=True))
    kinds.register(Kind(PUBLISHED, _published, audience=supporters))


# --- reasons to tell --------------------------------------------------------------------------------


def tell_asked(link: Link, person: User, now: datetime) -> None:
    """Mail a link to its address."""
    occasions.notify(ASKED, target=f"link:{link.pk}", version=f"{now:%Y%m%dT%H%M%S%f}", people=[person])


def last_sent(recommendation: Recommendation, address: str) -> datetime | None:
    """When a link of this recommendation was last mailed to an address."""
    links = Link.objects.filter(recommendation=recommendation, email=address).values_list("pk", flat=True)
    sent = Occasion.objects.filter(kind=ASKED, target__in=[f"link:{pk}" for pk in links])
    return sent.order_by("-created_at").values_list("created_at", flat=True).first()


def call_off(link: Link) -> None:
    """What has not gone out yet with a key of this link does not go."""
    occasions.cancel(ASKED, target=f"link:{link.pk}")


def tell_received(response: Response) -> None:
    """Tell the organisers that an answer waits for them, once a version."""
    organisers = User.objects.filter(is_active=True, role_grants__role=Role.ORGANISER)
    occasions.notify(RECEIVED, target=f"response:{response.pk}", people=organisers)


def tell_returned(response: Response) -> None:
    """Tell who gave an answer that it was sent back, once a version."""
    person = response.given_by if response.link is None else ensure_account(response.link.email)
    assert person is not None
    occasions.notify(RETURNED, target=f"response:{response.pk}", people=[person])


def tell_published(response: Response) -> None:
    """Tell who wrote or supported the cited opinions, once a version of the answer."""
    occasions.plan(
        PUBLISHED,
        target=f"recommendation:{response.recommendation_id}",
        version=str(response.version),
        due_at=timezone.now(),
    )


# --- who --------------------------------------------------------------------------------------------


def supporters(occasion: Occasion) -> QuerySet[User]:
    """Who wrote one of the cited opinions, and whose vote for one of them counts."""
    recommendation = Recommendation.objects.select_related("edition").defer("edition__content").get(pk=_key(occasion))
    cited = {
        "consultation": recommendation.edition.consultation_id,
        "number__in": recommendation.opinions,
    }
    wrote = Opinion.objects.filter(**cited, author__voided_at=None).values("author__user")
    agreed = (
        Vote.objects.counting().filter(value=1, opinion__in=Opinion.objects.filter(**cited)).values("participant__user")
    )
    return User.objects.filter(Q(pk__in=wrote) | Q(pk__in=agreed))


def _due_audience(occasion: Occasion) -> QuerySet[User]:
    """The addressee and the organisers, while no answer has come; plans the next reminder until one is published."""
    recommendation = Recommendation.objects.get(pk=_key(occasion))
    nobody = User.objects.none()
    if _is_published(recommendation):
        return nobody
    now = timezone.now()
    due.plan_next(recommendation, max(now, occasion.due_at))
    if _is_answered(recommendation) or now - occasion.due_at > LATEST:
        return nobody
    link = Link.objects.filter(recommendation=recommendation, revoked_at=None).first()
    addressee = Q(pk=ensure_account(link.email).pk) if link else Q(pk=None)
    return User.objects.filter(addressee | Q(role_grants__role=Role.ORGANISER))


def _is_published(recommendation: Recommendation) -> bool:
    return Review.objects.filter(response__recommendation=recommendation, verb=Review.Verb.PUBLISH).exists()


def _is_answered(recommendation: Recommendation) -> bool:
    """Whether an answer is published, or waits for the organisers."""
    waits = Response.objects.filter(recommendation=recommendation, review=None).exists()
    return waits or _is_published(recommendation)


def _key(occasion: Occasion) -> str:
    return occasion.target.partition(":")[2]


# --- words ------------------------------------------------------------------------------------------


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def _what(recommendation: Recommendation) -> list[str]:
    """What is asked, of whom, by when."""
    return [
        _("Recommendation %(number)d: %(title)s") % {"number": recommendation.number, "title": recommendation.title},
        _("Addressed to: %(addressee)s") % {"addressee": recommendation.addressee},
        _("An answer is due by %(day)s.") % {"day": _day(recommendation.due_on)},
    ]


def _with_key(link: Link, subject: str, paragraphs: list[str]) -> Mail:
    how = _(
        "The link opens the form without an account. Whoever has it can answer: pass it on only to who answers with you. It serves for %(days)d days."
    )
    return Mail(
        subject=subject,
        paragraphs=[*paragraphs, how % {"days": keys.LIFETIME.days}],
        link=absolute(reverse("respond", args=[keys.make(link)])),
        link_text=_("Answer the recommendation"),
    )


def _live(link: Link | None, reader: User) -> bool:
    return link is not None and link.revoked_at is None and link.email == reader.email


def _asked(occasion: Occasion, reader: User) -> Mail | None:
    found = Link.objects.select_related("recommendation__edition__consultation")
    link = found.defer("recommendation__edition__content").filter(pk=_key(occasion)).first()
    if link is None or not _live(link, reader):
        return None
    edition = link.recommendation.edition
    return _with_key(
        link,
        _("Your answer is asked for: %(title)s") % {"title": link.recommendation.title},
        [
            _(
                "Members of scientific societies recommend something to you, in edition %(number)d of the digest of “%(title)s”."
            )
            % {"number": edition.number, "title": edition.consultation.title},
            *_what(link.recommendation),
        ],
    )


def _due(occasion: Occasion, reader: User) -> Mail | None:
    found = Recommendation.objects.select_related("edition__consultation").defer("edition__content")
    recommendation = found.filter(pk=_key(occasion)).first()
    if recommendation is None or _is_answered(recommendation):
        return None
    late = timezone.localdate() > recommendation.due_on
    subject = (
        _("Overdue: answer to recommendation %(number)d")
        if late
        else _("Reminder: answer to recommendation %(number)d")
    )
    subject = subject % {"number": recommendation.number}
    link = Link.objects.filter(recommendation=recommendation, revoked_at=None).first()
    if link is not None and _live(link, reader):
        return _with_key(link, subject, _what(recommendation))
    if not reader.role_grants.filter(role=Role.ORGANISER).exists():
        return None
    told = (
        _("The addressee is reminded, too.")
        if link
        else _("No address has been entered: the addressee has not been asked yet.")
    )
    return _for_organisers(recommendation.edition, subject, [*_what(recommendation), told])


def _for_organisers(edition: Edition, subject: str, paragraphs: list[str]) -> Mail:
    return Mail(
        subject=subject,
        paragraphs=paragraphs,
        link=absolute(reverse("organise-responses", args=[edition.consultation.slug])),
        link_text=_("All recommendations and answers"),
    )


def _received(occasion: Occasion, reader: User) -> Mail | None:
    response = _response(occasion)
    if response is None or hasattr(response, "review"):
        return None
    recommendation = response.recommendation
    return _for_organisers(
        recommendation.edition,
        _("An answer has come: recommendation %(number)d") % {"number": recommendation.number},
        [*_what(recommendation), _("Please read it and publish it, or send it back.")],
    )


def _returned(occasion: Occasion, reader: User) -> Mail | None:
    response = _response(occasion)
    if response is None or not hasattr(response, "review"):
        return None
    recommendation = response.recommendation
    subject = _("Your answer needs a change: recommendation %(number)d") % {"number": recommendation.number}
    paragraphs = [*_what(recommendation), _("Note of the organisers: %(note)s") % {"note": response.review.note}]
    if response.link is not None:
        return _with_key(response.link, subject, paragraphs) if _live(response.link, reader) else None
    address = absolute(reverse("response-form", args=[recommendation.pk]))
    return Mail(subject=subject, paragraphs=paragraphs, link=address, link_text=_("Answer the recommendation"))


def _response(occasion: Occasion) -> Response | None:
    joined = Response.objects.select_related("recommendation__edition__consultation", "review", "link")
    return joined.defer("recommendation__edition__content").filter(pk=_key(occasion)).first()


def _published(occasion: Occasion, reader: User) -> Mail | None:
    joined = Response.objects.select_related("recommendation__edition__consultation", "review")
    response = (
        joined.defer("recommendation__edition__content")
        .filter(recommendation__pk=_key(occasion), version=int(occasion.version))
        .first()
    )
    if response is None:
        return None
    recommendation = response.recommendation
    return Mail(
        subject=_("There is an official answer: %(title)s") % {"title": recommendation.title},
        paragraphs=[
            _("You wrote or supported an opinion that this recommendation rests on."),
            *_what(recommendation)[:2],
            _("Answer: %(verdict)s") % {"verdict": response.get_verdict_display()},
            response.text,
        ],
        link=absolute(recommendation.edition.get_absolute_url() + "#responses"),
        link_text=_("Read the answer"),
    )
