"""The API of digests: published editions and their files. Reading only."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import PAGE_PARAMETERS, View, listing, listing_of
from common.paging import Key, page
from consultations.models import Consultation
from digests.models import Document, Edition


class DocumentOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    format = serializers.CharField()
    language = serializers.CharField(help_text="Empty for what exists once.")
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    pages = serializers.IntegerField(allow_null=True)
    url = serializers.URLField()


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


class Digests(View):
    """The published editions of a consultation, the newest first."""

    @extend_schema(operation_id="digests_list", parameters=PAGE_PARAMETERS, responses=listing_of("Digests", EditionOut))
    def get(self, request: Request, slug: str) -> Response:
        consultation = get_object_or_404(Consultation, slug=slug)
        # The files themselves stay in the database: a list of them must not read megabytes.
        documents = Prefetch("documents", Document.objects.defer("content"))
        rows = consultation.editions.published().defer("content").prefetch_related(documents)
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
            }
            for d in edition.documents.all()
        ],
    }
