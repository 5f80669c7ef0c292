"""Official responses: what an edition asks, who is sent the link, what they answered, and what of it is published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access, addresses
from accounts.models import User
from accounts.registration import ensure_account
from common import db, text
from common.errors import DomainError, Invalid, NotAllowed
from digests import due, response_notices
from digests.models import Edition, Link, Recommendation, Response, Review
from digests.models.responses import ANSWER_LENGTH, NOTE_LENGTH

#: One mail with the link to one address in this time.
PAUSE = timedelta(hours=1)
#: What is answered lies between yesterday and this far ahead.
FARTHEST = timedelta(days=366 * 20)
MOST_VERSIONS = 100


class TooSoon(DomainError):
    """The link was mailed within the last hour."""

    code = "too_soon"
    status = 429


class Revoked(DomainError):
    """The link is not valid any more."""

    code = "link_revoked"


class Reviewed(DomainError):
    """Somebody has decided on this answer already, otherwise."""

    code = "already_reviewed"


# --- when an edition is published -------------------------------------------------------------------


def ask(edition: Edition, rows: Iterable[dict[str, Any]]) -> list[Recommendation]:
    """Write a row for each recommendation of a content, and plan its first reminder; in the caller's transaction."""
    made = Recommendation.objects.bulk_create(
        Recommendation(
            edition=edition,
            number=row["number"],
            due_on=date.fromisoformat(row["due_on"]),
            opinions=row["opinions"],
            **{f"{name}_{lang}": row[name][lang] for name in ("title", "body", "addressee") for lang in ("ko", "en")},
        )
        for row in rows
        if row["kind"] == "recommendation"
    )
    for recommendation in made:
        due.plan_next(recommendation, db.now())
    return made


# --- the link ---------------------------------------------------------------------------------------


@transaction.atomic
def send_link(*, actor: User, recommendation: Recommendation, email: str) -> Link:
    """Mail the addressee a link; another address than before revokes the link before.

    Locks the recommendation's row, so that two presses make one link. Raises `NotAllowed`, `Invalid`, and `TooSoon`
    when the same address was mailed within the hour.
    """
    _only_organisers(actor)
    address = addresses.normal(email)
    _lock(recommendation)
    live = Link.objects.filter(recommendation=recommendation, revoked_at=None).first()
    if live is not None and live.email != address:
        _revoke(live)
        live = None
    link = live or Link.objects.create(recommendation=recommendation, email=address, made_by=actor)
    now = db.now()
    last = response_notices.last_sent(recommendation, address)
    if last is not None and last > now - PAUSE:
        raise TooSoon(_("The link was sent to this address within the last hour."))
    response_notices.tell_asked(link, ensure_account(address), now)
    return link


@transaction.atomic
def revoke_link(*, actor: User, link: Link) -> None:
    """Let the keys of a link open nothing from now on; again changes nothing. Raises `NotAllowed`."""
    _only_organisers(actor)
    _lock(link.recommendation)
    _revoke(link)


def _revoke(link: Link) -> None:
    Link.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=Now())
    response_notices.call_off(link)


# --- answering --------------------------------------------------------------------------------------


def answer(
    *,
    recommendation: Recommendation,
    fields: Mapping[str, Any],
    actor: User | None = None,
    link: Link | None = None,
) -> Response:
    """Store an answer as the next version; organisers are told and review it. The same answer again stores nothing.

    Given by an account with the role of an official (`actor`), or by a live link. Locks the recommendation's row: of
    answers given at once each gets a version of its own. Raises `NotAllowed`, `Revoked` and `Invalid`.
    """
    if link is None and (actor is None or not access.is_official(actor)):
        raise NotAllowed(_("Only officials answer recommendations."))
    checked = check(fields)
    with transaction.atomic():
        _lock(recommendation)
        if link is not None and not _opens(link, recommendation):
            raise Revoked(_("This link is not valid any more. Please ask the organisers for another one."))
        by: dict[str, Any] = {"link": link} if link is not None else {"given_by": actor}
        last = recommendation.responses.select_related("review").order_by("-version").first()
        if last is not None and _is_same(last, checked, by):
            return last
        if last is not None and last.version >= MOST_VERSIONS:
            raise Invalid(_("There are too many versions of this answer. Please write to the organisers."))
        version = last.version + 1 if last else 1
        made = Response.objects.create(recommendation=recommendation, version=version, **checked, **by)
        response_notices.tell_received(made)
    return made


def _opens(link: Link, recommendation: Recommendation) -> bool:
    return Link.objects.filter(pk=link.pk, recommendation=recommendation, revoked_at=None).exists()


def _is_same(last: Response, checked: dict[str, Any], by: dict[str, Any]) -> bool:
    """Whether the newest version says the same, by the same hand, and nobody has sent it back."""
    review: Review | None = getattr(last, "review", None)
    if review is not None and review.verb == Review.Verb.RETURN:
        return False
    return all(getattr(last, name) == value for name, value in {**checked, **by}.items())


def check(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they will be stored; raises `Invalid` with every field's messages at once."""
    errors: dict[str, list[str]] = {}
    verdict = str(fields.get("verdict") or "")
    if verdict not in Response.Verdict.values:
        errors["verdict"] = [str(_("Please choose one of the options."))]
    texts = {name: text.clean(str(fields.get(name) or "")) for name in ("text_ko", "text_en")}
    if not any(text.has_letters(value) for value in texts.values()):
        errors["text_ko"] = [str(_("Write the answer in Korean or in English, or in both."))]
    for name, value in texts.items():
        if len(value) > ANSWER_LENGTH:
            errors[name] = [str(_("At most %(most)d characters.") % {"most": ANSWER_LENGTH})]
    day: date | None = fields.get("done_by") or None
    today = timezone.localdate()
    if day is not None and not today <= day <= today + FARTHEST:
        errors["done_by"] = [str(_("This date must lie ahead."))]
    if errors:
        raise Invalid(_("Some fields need mending."), fields=errors)
    return {"verdict": verdict, **texts, "done_by": day}


# --- review -----------------------------------------------------------------------------------------


def publish(*, actor: User, response: Response) -> Review:
    """Publish an answer; who wrote or supported the cited opinions is told, once a version. Again changes nothing.

    The newest published version is the one that is shown. Raises `NotAllowed` and `Reviewed`.
    """
    return _review(Review.Verb.PUBLISH, actor=actor, response=response, note="")


def send_back(*, actor: User, response: Response, note: str) -> Review:
    """Send an answer back to who gave it, with a note. Raises `NotAllowed`, `Reviewed`, and `Invalid` without a note."""
    words = text.clean(note)
    if not text.has_letters(words) or len(words) > NOTE_LENGTH:
        message = str(_("Say what is needed, in at most %(most)d characters.") % {"most": NOTE_LENGTH})
        raise Invalid(message, fields={"note": [message]})
    return _review(Review.Verb.RETURN, actor=actor, response=response, note=words)


def _review(verb: Review.Verb, *, actor: User, response: Response, note: str) -> Review:
    """One review a response: the database lets one of several win, the others are told or get the same."""
    _only_organisers(actor)
    try:
        with transaction.atomic():
            made = Review.objects.create(response=response, verb=verb, note=note, actor=actor)
            if verb == Review.Verb.PUBLISH:
                response_notices.tell_published(response)
            else:
                response_notices.tell_returned(response)
            return made
    except IntegrityError:
        earlier = Review.objects.select_related("actor").get(response=response)
    if earlier.verb != verb:
        raise Reviewed(_("%(person)s has decided on this answer already.") % {"person": str(earlier.actor)})
    return earlier


def _only_organisers(actor: User) -> None:
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers do this."))


def _lock(recommendation: Recommendation) -> None:
    Recommendation.objects.select_for_update(no_key=True, of=("self",)).get(pk=recommendation.pk)


# --- reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How a recommendation stands on a day: `state` is "waiting", "overdue", or the verdict that was published."""

    recommendation: Recommendation
    #: The newest published version.
    response: Response | None
    #: Every version, the newest first; for organisers.
    versions: list[Response]
    state: str
    days_late: int

    @property
    def to_review(self) -> list[Response]:
        return [version for version in self.versions if not hasattr(version, "review")]


def with_answers(rows: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """Recommendations with all that `standing` needs; one query more, whatever their number."""
    versions = Response.objects.select_related("review").order_by("-version")
    return rows.prefetch_related(Prefetch("responses", versions))


def standing(recommendation: Recommendation, day: date) -> Standing:
    """How a recommendation of `with_answers` stands; no query. What waits for a review is not overdue."""
    versions = list(recommendation.responses.all())
    shown = next((v for v in versions if hasattr(v, "review") and v.review.verb == Review.Verb.PUBLISH), None)
    answered = any(not hasattr(version, "review") for version in versions)
    late = 0 if shown or answered else max((day - recommendation.due_on).days, 0)
    state = str(shown.verdict) if shown else "overdue" if late else "waiting"
    return Standing(recommendation, shown, versions, state, late)


def of(edition: Edition) -> list[Standing]:
    """The recommendations of an edition in order, as they stand today; two queries."""
    rows = with_answers(edition.recommendations.order_by("number"))
    return [standing(row, timezone.localdate()) for row in rows]


def to_do() -> list[Standing]:
    """What organisers should look at: answers to review, and recommendations that are overdue. Two queries."""
    joined = Recommendation.objects.select_related("edition__consultation").defer("edition__content")
    reviews = Review.objects.filter(response__recommendation=OuterRef("pk"), verb=Review.Verb.PUBLISH)
    unread = Response.objects.filter(recommendation=OuterRef("pk"), review=None)
    rows = with_answers(joined.filter(~Exists(reviews) | Exists(unread)).order_by("due_on"))
    found = [standing(row, timezone.localdate()) for row in rows]
    return [row for row in found if row.to_review or row.days_late]


def facts(consultation_id: int, cutoff: datetime) -> list[dict[str, Any]]:
    """What a snapshot holds of earlier editions' recommendations; two queries."""
    rows = Recommendation.objects.filter(edition__consultation=consultation_id)
    found = with_answers(rows.select_related("edition").defer("edition__content")).order_by("edition__number", "number")
    return [_facts(standing(row, timezone.localdate(cutoff))) for row in found]


def _facts(row: Standing) -> dict[str, Any]:
    asked, given = row.recommendation, row.response
    return {
        "edition": asked.edition.number,
        "number": asked.number,
        "title": {"ko": asked.title_ko, "en": asked.title_en},
        "addressee": {"ko": asked.addressee_ko, "en": asked.addressee_en},
        "due_on": asked.due_on.isoformat(),
        "state": row.state,
        "text": {"ko": given.text_ko, "en": given.text_en} if given else None,
        "done_by": given.done_by.isoformat() if given and given.done_by else None,
        "answered_on": timezone.localdate(given.created_at).isoformat() if given else None,
        "published_at": given.review.created_at.isoformat() if given else None,
    }
