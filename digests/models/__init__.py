"""What we hand over: editions of a digest, their documents, and the work of compiling them."""

from digests.models.compilations import Compilation, MeetingPlan
from digests.models.editions import Document, Edition

__all__ = ["Compilation", "Document", "Edition", "MeetingPlan"]
