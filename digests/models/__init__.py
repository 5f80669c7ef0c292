"""What we hand over: editions of a digest with their documents, what organisers write for them, and the answers."""

from digests.models.blocks import Block
from digests.models.compilations import Compilation, MeetingPlan
from digests.models.editions import Document, Edition
from digests.models.errata import Erratum
from digests.models.responses import Link, Recommendation, Response, Review
from digests.models.signoff import Host, SignOff

__all__ = [
    "Block",
    "Compilation",
    "Document",
    "Edition",
    "Erratum",
    "Host",
    "Link",
    "MeetingPlan",
    "Recommendation",
    "Response",
    "Review",
    "SignOff",
]
