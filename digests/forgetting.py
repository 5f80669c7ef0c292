"""Drafts of digests hold texts: when one may be shown no longer, the draft goes, and an organiser compiles it anew."""

from consultations import gone
from consultations.models import Opinion
from digests.models import Edition


def register() -> None:
    gone.register(forget)


def forget(opinion: Opinion) -> int:
    """Delete the draft of the opinion's consultation, in the transaction that took the text away.

    Published editions stay as they are; taking something out of one is a decision of its own.
    """
    drafts = Edition.objects.filter(consultation=opinion.consultation_id, state=Edition.State.DRAFT)
    return drafts.delete()[0]
