"""The API of digests: published editions and their files. Reading only."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import PAGE_PARAMETERS, Both, View, both, listing, listing_of
from common.paging import Key, page
from consultations.models import Consultation
from digests import responses
from digests.models import Document, Edition, Erratum, Recommendation


class DocumentOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    format = serializers.CharField()
    language = serializers.CharField(help_text="Empty for what exists once.")
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    pages = serializers.IntegerField(allow_null=True)
    url = serializers.URLField()
    withdrawn_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When the file was withdrawn: its address answers 410; size and hash are as published.",
    )
    withdrawn = Both(help_text="Why; empty for a file that is there.")


class AnswerOut(serializers.Serializer[Any]):
    """The newest published version of an official's answer."""

    version = serializers.IntegerField()
    text = Both()
    done_by = serializers.DateField(allow_null=True)
    answered_on = serializers.DateField()


class RecommendationOut(serializers.Serializer[Any]):
    """A recommendation and how it stands now; the edition's files say what it says."""

    number = serializers.IntegerField()
    title = Both(help_text="Empty when the edition's content was withdrawn.")
    addressee = Both()
    due_on = serializers.DateField()
    opinions = serializers.ListField(child=serializers.IntegerField())
    state = serializers.ChoiceField(choices=["waiting", "overdue", "accept", "accept_in_part", "decline"])
    response = AnswerOut(allow_null=True)


class ErratumOut(serializers.Serializer[Any]):
    """A correction of the edition, and the edition that carries it."""

    number = serializers.IntegerField()
    text = Both()
    carried_in = serializers.IntegerField()


class EditionOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    consultation = serializers.CharField()
    meeting = serializers.UUIDField(allow_null=True)
    cutoff_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField()
    sha256 = serializers.CharField(help_text="Of the canonical JSON that every document is made from.")
    manifest_sha256 = serializers.CharField(help_text="Of manifest.json, which names every file's; verify.py takes it.")
    url = serializers.URLField()
    documents = DocumentOut(many=True)
    recommendations = RecommendationOut(many=True)
    errata = ErratumOut(many=True)


class Digests(View):
    """The published editions of a consultation, the newest first."""

    @extend_schema(operation_id="digests_list", parameters=PAGE_PARAMETERS, responses=listing_of("Digests", EditionOut))
    def get(self, request: Request, slug: str) -> Response:
        consultation = get_object_or_404(Consultation, slug=slug)
        # The files themselves stay in the database: a list of them must not read megabytes.
        documents = Prefetch("documents", Document.objects.defer("content"))
        asked = Prefetch("recommendations", responses.with_answers(Recommendation.objects.order_by("number")))
        errata = Prefetch("errata", Erratum.objects.carried().select_related("carried_in").defer("carried_in__content"))
        rows = consultation.editions.published().defer("content").prefetch_related(documents, asked, errata)
        found, following = page(request, rows, Key("number", int, descending=True))
        return listing([_edition(consultation, edition) for edition in found], following)


def _edition(consultation: Consultation, edition: Edition) -> dict[str, Any]:
    edition.consultation = consultation
    url = f"{settings.SITE_URL}{edition.get_absolute_url()}"
    return {
        "number": edition.number,
        "consultation": consultation.slug,
        "meeting": edition.meeting_id,
        "cutoff_at": edition.cutoff_at,
        "published_at": edition.published_at,
        "sha256": edition.content_sha256,
        "manifest_sha256": edition.manifest_sha256,
        "url": url,
        "documents": [
            {
                "name": d.name,
                "format": d.format,
                "language": d.language,
                "media_type": d.media_type,
                "size": d.size,
                "sha256": d.sha256,
                "pages": d.pages,
                "url": f"{url}{d.name}",
                "withdrawn_at": d.withdrawn_at,
                "withdrawn": both(d, "withdrawn"),
            }
            for d in edition.documents.all()
        ],
        "recommendations": [
            _recommendation(edition, responses.standing(row, timezone.localdate()))
            for row in edition.recommendations.all()
        ],
        "errata": [
            {"number": row.number, "text": both(row, "text"), "carried_in": row.carried_in.number}
            for row in edition.errata.all()
            if row.carried_in is not None
        ],
    }


def _recommendation(edition: Edition, row: responses.Standing) -> dict[str, Any]:
    asked, given = row.recommendation, row.response
    return {
        "number": asked.number,
        "title": both(asked, "title") if edition.withdrawn_at is None else {"ko": "", "en": ""},
        "addressee": both(asked, "addressee"),
        "due_on": asked.due_on,
        "opinions": asked.opinions,
        "state": row.state,
        "response": given
        and {
            "version": given.version,
            "text": both(given, "text"),
            "done_by": given.done_by,
            "answered_on": timezone.localdate(given.created_at),
        },
    }
