"""Drafts of digests hold texts: when one may be shown no longer, the draft goes, and an organiser compiles it anew.

A compilation that runs meanwhile may have read the text already: it is told, and begins again before it stores anything.
"""

from django.db.models import F

from consultations import gone
from consultations.models import Opinion
from digests.models import Compilation, Edition


def register() -> None:
    gone.register(forget)


def forget(opinion: Opinion) -> int:
    """Delete what is not published of the opinion's consultation, in the transaction that took the text away.

    Published editions stay as they are; taking something out of one is a decision of its own. The row of a compilation
    is written first: one that stores its draft in this moment is waited for, and the draft is found here.
    """
    running = Compilation.objects.filter(consultation=opinion.consultation_id, state=Compilation.State.RUNNING)
    running.update(texts_gone=F("texts_gone") + 1)
    return Edition.objects.unpublished().filter(consultation=opinion.consultation_id).delete()[0]
