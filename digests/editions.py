"""Editions: storing a draft, publishing it, finding what a reader may see."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import db
from common.db import Lock, lock_exclusive
from common.errors import DomainError, NotAllowed
from consultations.models import Consultation
from consultations.models.consultations import CountsShown
from digests.models import Edition
from digests.opendata import sealing


class CountsHidden(DomainError):
    """Counts are hidden from readers until voting closes, and an edition would show them."""

    code = "counts_hidden"


def lock(consultation_id: int) -> None:
    """Take the lock of a consultation's editions until the end of the transaction."""
    lock_exclusive(Lock.EDITION, consultation_id)


def next_number(consultation_id: int) -> int:
    """The number that the next published edition gets; its draft carries it already."""
    published = Edition.objects.published().filter(consultation=consultation_id)
    return int(published.aggregate(last=Max("number"))["last"] or 0) + 1


def visible_to(reader: Any, consultation: Consultation) -> Any:
    """The editions that a reader may see: published ones; organisers and auditors see the draft too."""
    editions = Edition.objects.filter(consultation=consultation).defer("content")
    return editions if access.sees_everything(reader) else editions.published()


@transaction.atomic
def publish(*, edition: Edition, actor: User | None = None) -> Edition:
    """Publish a draft; from then on the database refuses every change of it. Again: changes nothing.

    The moment is written into the edition's manifest, which names every other file.
    One conditional update under the lock of the editions, so that one of several callers wins and the others get
    the published edition. `actor` None: the command line. Raises `NotAllowed`, and `CountsHidden` before voting
    has closed unless counts are live.
    """
    if actor is not None and not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers publish editions."))
    lock(edition.consultation_id)
    fresh = _locked(edition)
    if fresh.state == Edition.State.PUBLISHED:
        return fresh
    consultation = fresh.consultation
    if consultation.counts != CountsShown.LIVE and not consultation.is_closed(timezone.now()):
        raise CountsHidden(_("Counts are hidden until voting closes; the edition can be published then."))
    moment = db.now()
    sealing.seal(fresh, published_at=moment)
    Edition.objects.filter(pk=fresh.pk, state=Edition.State.DRAFT).update(
        state=Edition.State.PUBLISHED, published_at=moment, published_by=actor
    )
    return Edition.objects.get(pk=fresh.pk)


def _locked(edition: Edition) -> Edition:
    fresh = Edition.objects.select_for_update(of=("self",)).select_related("consultation").filter(pk=edition.pk).first()
    if fresh is None:
        raise DomainError(_("A newer draft took this one's place. Please look at it first."), code="draft_replaced")
    return fresh
