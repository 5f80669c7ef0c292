"""The one door through which the text of a version is overwritten; a trigger (migration 0007) refuses every other way.

Redaction and erasure use it. What was derived from the text, or copied from it, is overwritten with it.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Q

from consultations import authors, gone, listing, search, waking
from consultations.drafts import as_key
from consultations.models import Decision, Draft, DraftVector, Opinion, OpinionVector
from notifications import overwriting as mails

#: A single character stands everywhere; in drafts and mails only longer parts are looked for.
SHORTEST = 2


@contextmanager
def allowed() -> Iterator[None]:
    """Let this transaction overwrite texts of versions, inside the block alone."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL summit.overwriting = 'on'")
        yield
        cursor.execute("SET LOCAL summit.overwriting = 'off'")


def forget(opinion: Opinion, replaced: Iterable[tuple[str, str]]) -> None:
    """Take words that were overwritten in an opinion out of whatever else holds them; call in the same transaction.

    `replaced`: what stood there, and what stands there now. The search text is written anew, the vector by a worker;
    drafts of its authors and mails about it hold the new words; upper floors forget what they have not published.
    Pages kept for visitors last two seconds.
    """
    found = {pair for pair in replaced if pair[0] != pair[1] and len(pair[0]) >= SHORTEST}
    pairs = sorted(found, key=lambda pair: -len(pair[0]))
    search.index([opinion.pk])
    OpinionVector.objects.filter(opinion=opinion).delete()
    waking.on_commit(waking.VECTORS)
    key = listing.addressees_key(opinion.consultation_id)
    transaction.on_commit(lambda: cache.delete(key), robust=True)
    _in_drafts(opinion, pairs)
    mails.overwrite(_occasions(opinion), pairs)
    gone.tell(opinion)


def _in_drafts(opinion: Opinion, pairs: Iterable[tuple[str, str]]) -> None:
    """In its authors' drafts of another text of it, and in the one that it was made of."""
    own = Q(form=f"text:{opinion.number}") | Q(pk=as_key(opinion.idempotency_key))
    drafts = Draft.objects.select_for_update().filter(
        own, consultation=opinion.consultation_id, user__in=authors.people_of(opinion)
    )
    changed: list[UUID] = []
    for draft in drafts:
        fields = _replace(draft.fields, pairs)
        if fields != draft.fields:
            Draft.objects.filter(pk=draft.pk).update(fields=fields, revision=draft.revision + 1)
            changed.append(draft.pk)
    DraftVector.objects.filter(draft__in=changed).delete()


def _replace(fields: dict[str, object], pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    kept = json.dumps(fields, ensure_ascii=False)
    for old, new in pairs:
        kept = kept.replace(json.dumps(old, ensure_ascii=False)[1:-1], json.dumps(new, ensure_ascii=False)[1:-1])
    found: dict[str, object] = json.loads(kept)
    return found


def _occasions(opinion: Opinion) -> list[str]:
    """How occasions name what has mails with words of this opinion."""
    decisions = Decision.objects.filter(opinion=opinion).values_list("pk", flat=True)
    merges = opinion.merges.values_list("pk", flat=True)
    return [
        f"opinion:{opinion.pk}",
        f"consultation:{opinion.consultation_id}",
        *(f"decision:{pk}" for pk in decisions),
        *(f"merge:{pk}" for pk in merges),
    ]
