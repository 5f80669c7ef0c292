"""The API of consultations, opinions and votes: parse, call one function, answer."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api import TakesPart, person
from common import limits
from common.api import PAGE_PARAMETERS, View, both, listing_of
from common.api import listing as page_of
from common.json_input import read
from common.paging import Key, page
from consultations import authors, counts, listing, orders, review, submission, versions, voting
from consultations.api_fields import ConsultationOut, OpinionIn, OpinionOut, VoteIn, VoteOut
from consultations.models import Consultation, Opinion
from consultations.models.opinions import READABLE, Source, State
from consultations.models.votes import VALUES, WORDS, Value

LANGUAGES = ("ko", "en")
TEXTS = ("proposal", "problem", "reason", "addressee", "horizon", "evidence", "interests")
#: What is left of the texts of a withdrawn opinion.
NO_TEXTS: dict[str, Any] = {name: [] if name == "evidence" else "" for name in TEXTS}
#: The random order is for pages: it starts at a reader's own place.
ORDERS = tuple(word for word in orders.ORDERS if word != "random")
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Your own name for this request, 80 characters at most.",
)


def _moment(text: str) -> Any:
    found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ValueError("not a moment")
    return found


# --- consultations --------------------------------------------------------------------------------


class Consultations(View):
    """All consultations, those that close last first."""

    @extend_schema(
        operation_id="consultations_list",
        parameters=PAGE_PARAMETERS,
        responses=listing_of("Consultations", ConsultationOut),
    )
    def get(self, request: Request) -> Response:
        rows = Consultation.objects.select_related("summit").prefetch_related("themes")
        found, following = page(request, rows, Key("voting_close_at", _moment, descending=True), Key("id", int))
        return page_of([_consultation(c) for c in found], following)


class OneConsultation(View):
    """One consultation with its themes and phases."""

    @extend_schema(operation_id="consultation", responses=ConsultationOut)
    def get(self, request: Request, slug: str) -> Response:
        return Response(_consultation(get_object_or_404(Consultation.objects.select_related("summit"), slug=slug)))


def _consultation(found: Consultation) -> dict[str, Any]:
    phases = ("submissions_open_at", "submissions_close_at", "voting_open_at", "voting_close_at")
    return {
        "slug": found.slug,
        "title": both(found, "title"),
        "about": both(found, "about"),
        "summit": found.summit.slug,
        **{name: getattr(found, name) for name in phases},
        "counts": found.counts,
        "themes": [{"id": t.pk, "title": both(t, "title"), "hint": both(t, "hint")} for t in found.themes.all()],
        "url": f"{settings.SITE_URL}{found.get_absolute_url()}",
    }


# --- opinions -------------------------------------------------------------------------------------


class Opinions(View):
    """The published opinions of a consultation, the newest first; or submit one."""

    permission_classes = [TakesPart]
    limits = {"POST": limits.SUBMIT}

    @extend_schema(
        operation_id="opinions_list",
        parameters=[
            OpenApiParameter("theme", int, description="Only of this theme."),
            OpenApiParameter("language", str, enum=LANGUAGES, description="Only in this language."),
            OpenApiParameter("society", int, description="Only those shown with the name of this society."),
            OpenApiParameter("addressee", str, description="Only those addressed to exactly this."),
            OpenApiParameter("q", str, description="Full-text search, in Korean and English."),
            OpenApiParameter(
                "order",
                str,
                enum=ORDERS,
                description="`waiting` needs somebody signed in; `agreed`, `divided` and `fewest` need counts that this"
                " reader may see.",
            ),
            *PAGE_PARAMETERS,
        ],
        responses=listing_of("Opinions", OpinionOut),
    )
    def get(self, request: Request, slug: str) -> Response:
        consultation = get_object_or_404(Consultation, slug=slug)
        order = _order(request, consultation)
        rows = _filtered(request, consultation, consultation.opinions.published().select_related("version"))
        if order.word == "waiting":
            rows = listing.waiting(listing.with_own_vote(rows, consultation, request.user))
        found, following = page(request, rows, *_keys(order))
        for opinion in found:
            opinion.consultation = consultation
        return page_of(shown(request, found), following)

    @extend_schema(operation_id="submit", parameters=[KEY_HEADER], request=OpinionIn, responses={201: OpinionOut})
    def post(self, request: Request, slug: str) -> Response:
        consultation = get_object_or_404(Consultation, slug=slug)
        opinion = submission.submit(
            user=person(request),
            consultation=consultation,
            fields=read(OpinionIn, request),
            source=Source.API,
            idempotency_key=_idempotency_key(request),
        )
        answer = shown(request, [_readable(request).get(pk=opinion.pk)])[0]
        return Response(answer, status=201, headers={"Location": f"{settings.SITE_URL}/api/v1/opinions/{opinion.pk}/"})


class OneOpinion(View):
    """One opinion: published, or the reader's own, or any for a moderator.

    Of a withdrawn one that people had voted on the number and the state stay, without texts, author and counts.
    """

    @extend_schema(operation_id="opinion", responses=OpinionOut)
    def get(self, request: Request, pk: UUID) -> Response:
        found = _readable(request).filter(pk=pk).first()
        if found is not None:
            return Response(shown(request, [found], exact=True)[0])
        stubs = Opinion.objects.select_related("version", "consultation").filter(versions.left_a_stub())
        stub = get_object_or_404(stubs, pk=pk)
        return Response(_opinion(request, stub, "", None, False) | NO_TEXTS)


def _filtered(request: Request, consultation: Consultation, rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """The filters that there are, each by its own rule; other parameters mean nothing."""
    asked = request.query_params
    wrong: dict[str, list[str]] = {}
    for name in ("theme", "society"):
        if asked.get(name) and listing.number(asked[name]) is None:
            wrong[name] = [_("This must be a number.")]
    if asked.get("language", "") not in ("", *LANGUAGES):
        wrong["language"] = [_("Please choose one of the options.")]
    if wrong:
        raise exceptions.ValidationError(wrong)
    if asked.get("q"):
        limits.check(limits.SEARCH, request)
    societies = authors.named_societies(consultation) if asked.get("society") else []
    return listing.narrowed(rows, listing.asked_of(asked), societies)


def _order(request: Request, consultation: Consultation) -> orders.Order:
    """The order asked for; one that rests on counts which are hidden from this reader is refused."""
    word = request.query_params.get("order", "newest")
    offered = [o for o in orders.offered(consultation, request.user) if o.word == word and word in ORDERS]
    if not offered:
        raise exceptions.ValidationError({"order": [_("Please choose one of the options.")]})
    return offered[0]


def _keys(order: orders.Order) -> list[Key]:
    last = Key("publish_sequence", int, descending=order.descending)
    return [last] if order.column == last.field else [Key(order.column, float, order.descending), last]


def _idempotency_key(request: Request) -> str | None:
    key = str(request.headers.get("Idempotency-Key", ""))
    if len(key) > 80 or not (key.isascii() and (key.isprintable() or not key)):
        raise exceptions.ParseError(_("An Idempotency-Key has 80 printable ASCII characters at most."))
    return key or None


def _readable(request: Request) -> QuerySet[Opinion]:
    """What this reader may open: published ones, their own, and for moderators whatever was submitted."""
    rows = Opinion.objects.select_related("version", "consultation")
    visible = Q(state__in=READABLE)
    if request.user.is_authenticated:
        visible |= Q(author__user=request.user.pk)
        if access.is_moderator(request.user):
            visible |= ~Q(state=State.DRAFT)
    return rows.filter(visible)


def _one(request: Request, pk: UUID) -> Opinion:
    found = _readable(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def shown(request: Request, opinions: list[Opinion], *, exact: bool = False) -> list[dict[str, Any]]:
    """Opinions as this reader sees them; the number of queries does not grow with theirs."""
    bylines = review.bylines(request.user, opinions)
    mine = voting.votes_of(request.user, opinions)
    return [_opinion(request, o, bylines.get(o.pk, ""), mine.get(o.pk), exact) for o in opinions]


def _opinion(request: Request, opinion: Opinion, byline: str, mine: int | None, exact: bool) -> dict[str, Any]:
    version = opinion.version
    assert version is not None
    visible = counts.visible_counts(request.user, opinion, has_voted=mine is not None, exact=exact)
    answer = {
        "id": opinion.pk,
        "number": opinion.number,
        "consultation": opinion.consultation.slug,
        "status": opinion.state,
        "version": version.number,
        **{name: getattr(version, name) for name in TEXTS},
        "theme": opinion.theme_id,
        "language": opinion.language,
        "shown_as": opinion.shown_as,
        "quote": opinion.quote,
        "author": byline,
        "published_at": opinion.published_at,
        "votes": visible.as_words() if visible is not None else None,
    }
    if request.user.is_authenticated:
        answer["my_vote"] = None if mine is None else WORDS[Value(mine)]
    return answer


# --- votes ----------------------------------------------------------------------------------------


class OneVote(View):
    """The reader's own vote on an opinion."""

    permission_classes = [TakesPart]
    limits = {"PUT": limits.VOTE, "DELETE": limits.VOTE}

    @extend_schema(operation_id="vote", request=VoteIn, responses=VoteOut)
    def put(self, request: Request, pk: UUID) -> Response:
        sent = read(VoteIn, request)
        opinion = _one(request, pk)
        vote = voting.cast(
            user=person(request), opinion=opinion, value=int(VALUES[sent["value"]]), version=sent.get("version")
        )
        visible = counts.visible_counts(request.user, opinion, has_voted=True, exact=True)
        return Response(
            {
                "value": sent["value"],
                "version": vote.version_number,
                "votes": visible.as_words() if visible is not None else None,
            }
        )

    @extend_schema(operation_id="retract_vote", request=None, responses={204: OpenApiTypes.NONE})
    def delete(self, request: Request, pk: UUID) -> Response:
        voting.retract(user=person(request), opinion=_one(request, pk))
        return Response(status=204)
