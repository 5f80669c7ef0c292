"""What pages of other rooms show of digests."""

from typing import Any

from django import template

from digests.models import Document, Edition
from summit.models import Meeting

register = template.Library()


@register.inclusion_tag("digests/meeting_digests.html")
def meeting_digests(meeting: Meeting) -> dict[str, Any]:
    """The published files of a meeting's digests, the newest edition first; two queries."""
    editions = (
        Edition.objects.published().filter(meeting=meeting).select_related("consultation").defer("content").order_by(
            "consultation_id", "-number"
        )
    )  # fmt: skip
    found = list(editions)
    files: dict[Any, list[Document]] = {edition.pk: [] for edition in found}
    for document in Document.objects.filter(edition__in=found).defer("content") if found else []:
        files[document.edition_id].append(document)
    return {"shelf": [{"edition": edition, "documents": files[edition.pk]} for edition in found]}
