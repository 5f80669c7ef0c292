"""What stands beside an edition and is no part of its bytes: sign-offs, corrections, answers, and what changed."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digests import responses, signoff
from digests.models import Document, Edition, Erratum, SignOff
from digests.signoff import Standing


@dataclass(frozen=True)
class Records:
    """The rows beside one edition, as one reader sees them."""

    #: Each named host, signed or not; of a published edition who signed it.
    hosts: list[Standing]
    signed: list[SignOff]
    #: Whether the reader is a named host who has not signed yet, and may.
    may_sign: bool
    #: Corrections of this edition that later ones carry, and those that it carries itself.
    errata: list[Erratum]
    carries: list[Erratum]
    responses: list[responses.Standing]

    @property
    def is_signed(self) -> bool:
        return all(row.signed for row in self.hosts)


def of(edition: Edition, reader: Any) -> Records:
    """Everything beside one edition; six queries at most, whatever it holds."""
    published = edition.state == Edition.State.PUBLISHED
    hosts = [] if published else signoff.standing(edition)
    mine = any(row.host.user_id == reader.pk and row.signed is None for row in hosts)
    joined = Erratum.objects.carried().select_related("edition", "carried_in")
    joined = joined.defer("edition__content", "carried_in__content")
    return Records(
        hosts=hosts,
        signed=signoff.valid(edition, edition.sign_offs.all()) if published else [],
        may_sign=mine and edition.state == Edition.State.REVIEW,
        errata=list(joined.filter(edition=edition)) if published else [],
        carries=list(joined.filter(carried_in=edition)) if published else [],
        responses=responses.of(edition) if published else [],
    )


@dataclass(frozen=True)
class Shelved:
    """One edition in the list: its files, who signed, what corrects it, and one sentence of what changed."""

    edition: Edition
    documents: list[Document]
    signed: list[SignOff]
    errata: list[Erratum]
    sentence: str


def shelf(editions: QuerySet[Edition]) -> list[Shelved]:
    """A consultation's editions, the newest first, with all that the list says; four queries, whatever their number."""
    joined = editions.select_related("meeting").prefetch_related(
        Prefetch("documents", Document.objects.defer("content")),
        "sign_offs",
        Prefetch("errata", Erratum.objects.carried().select_related("carried_in").defer("carried_in__content")),
    )
    rows: list[Edition] = list(joined)
    return [
        Shelved(
            edition=row,
            documents=list(row.documents.all()),
            signed=signoff.valid(row, row.sign_offs.all()),
            errata=list(row.errata.get_queryset()),
            sentence=sentence(row, before),
        )
        for row, before in zip_longest(rows, rows[1:])
    ]


def sentence(edition: Edition, before: Edition | None) -> str:
    """What changed since the edition before, in one sentence; empty where that was not kept."""
    now, then = edition.figures, before.figures if before else {}
    if not now:
        return ""
    if before is None:
        text = ngettext(
            "The first edition: %(opinions)s opinion, %(votes)s votes by %(voters)s people.",
            "The first edition: %(opinions)s opinions, %(votes)s votes by %(voters)s people.",
            now["opinions"],
        )
        return text % {name: f"{now[name]:,}" for name in ("opinions", "votes", "voters")}
    parts = [ngettext("%(count)s new opinion", "%(count)s new opinions", now["new"]) % {"count": f"{now['new']:,}"}]
    if then:
        votes = {"now": f"{now['votes']:,}", "then": f"{then['votes']:,}"}
        parts.append(_("%(now)s votes instead of %(then)s") % votes)
    for name, words in (
        (
            "recommendations",
            ngettext("%(count)s recommendation or note", "%(count)s recommendations and notes", now["recommendations"]),
        ),
        ("errata", ngettext("%(count)s correction", "%(count)s corrections", now["errata"])),
    ):
        if now[name]:
            parts.append(words % {"count": now[name]})
    return _("Since edition %(number)d: %(parts)s.") % {"number": before.number, "parts": ", ".join(parts)}
