"""Editions: storing a draft, publishing it, finding what a reader may see."""

import json
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import db
from common.db import Lock, lock_exclusive
from common.errors import DomainError, NotAllowed
from consultations.models import Consultation
from consultations.models.consultations import CountsShown
from digests import blocks, errata, notices, recommendations, responses, signoff
from digests.models import Edition
from digests.opendata import sealing
from digests.signoff import SignOffMissing

__all__ = ["CountsHidden", "SignOffMissing", "Stale", "lock", "may_read", "next_number", "publish", "visible_to"]


class CountsHidden(DomainError):
    """Counts are hidden from readers until voting closes, and an edition would show them."""

    code = "counts_hidden"


class Stale(DomainError):
    """Organisers wrote something after the draft was compiled: it has to be compiled again."""

    code = "stale"


def lock(consultation_id: int) -> None:
    """Take the lock of a consultation's editions until the end of the transaction."""
    lock_exclusive(Lock.EDITION, consultation_id)


def next_number(consultation_id: int) -> int:
    """The number that the next published edition gets; its draft carries it already."""
    published = Edition.objects.published().filter(consultation=consultation_id)
    return int(published.aggregate(last=Max("number"))["last"] or 0) + 1


def may_read(reader: Any, edition: Edition) -> bool:
    """Published: everybody. Before: organisers and auditors, and in review the named hosts."""
    if edition.state == Edition.State.PUBLISHED or access.sees_everything(reader):
        return True
    return edition.state == Edition.State.REVIEW and signoff.is_host(reader, edition.consultation)


def visible_to(reader: Any, consultation: Consultation) -> Any:
    """The editions that a reader may see, by the rule of `may_read`."""
    editions = Edition.objects.filter(consultation=consultation).defer("content")
    if access.sees_everything(reader):
        return editions
    if signoff.is_host(reader, consultation):
        return editions.filter(Q(state=Edition.State.PUBLISHED) | Q(state=Edition.State.REVIEW))
    return editions.published()


def content_of(edition: Edition) -> dict[str, Any]:
    """The content of an edition; empty when it was withdrawn."""
    held = bytes(edition.content)
    content: dict[str, Any] = json.loads(held) if held else {}
    return content


@transaction.atomic
def publish(*, edition: Edition, actor: User | None = None) -> Edition:
    """Publish a draft; from then on the database refuses every change of it. Again: changes nothing.

    The moment is written into the edition's manifest, which names every other file.
    One conditional update under the lock of the editions, so that one of several callers wins and the others get
    the published edition. What organisers wrote for it is bound to it, its recommendations are put on record, and
    those who took part are told. `actor` None: the command line. Raises `NotAllowed`, `CountsHidden` before voting
    has closed unless counts are live, `Stale`, and `SignOffMissing` while a named host has not signed.
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
    content = content_of(fresh)
    _check_in_step(fresh, content)
    signoff.check(fresh)
    moment = db.now()
    sealing.seal(fresh, published_at=moment, signed=signoff.signed(fresh))
    Edition.objects.unpublished().filter(pk=fresh.pk).update(
        state=Edition.State.PUBLISHED, published_at=moment, published_by=actor, figures=figures_of(content)
    )
    blocks.bind(fresh)
    errata.carry(fresh)
    responses.ask(fresh, content.get("recommendations", []))
    notices.tell_published(fresh)
    return Edition.objects.get(pk=fresh.pk)


def _locked(edition: Edition) -> Edition:
    fresh = Edition.objects.select_for_update(of=("self",)).select_related("consultation").filter(pk=edition.pk).first()
    if fresh is None:
        raise DomainError(_("A newer draft took this one's place. Please look at it first."), code="draft_replaced")
    return fresh


def _check_in_step(edition: Edition, content: dict[str, Any]) -> None:
    """Raise `Stale` unless the draft holds what organisers have written, word for word, as it stands now."""
    written = blocks.facts(edition.consultation_id)
    now = recommendations.rows(written, recommendations.source_of(content)) if written else []
    if now != content.get("recommendations", []) or errata.facts(edition.consultation_id) != content.get("errata", []):
        raise Stale(
            _("Recommendations, notes or corrections have changed since this draft was compiled. Compile it again.")
        )


def figures_of(content: dict[str, Any]) -> dict[str, int]:
    """What lists say of an edition without opening its content."""
    if not content:
        return {}
    head = content["headline"]
    figures = {name: head[name] for name in ("opinions", "new", "votes", "voters")}
    figures |= {name: len(content.get(name) or []) for name in ("recommendations", "errata")}
    return figures
