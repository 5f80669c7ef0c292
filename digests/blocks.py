"""What organisers write for the next edition: adding, changing, ordering, and how it will read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import text
from common.db import Lock, lock_exclusive
from common.errors import DomainError, Invalid, NotAllowed
from consultations import voting
from consultations.models import Consultation, Opinion, RollEntry, Vote
from consultations.models.votes import counting
from digests import recommendations
from digests.before import numbers_ever
from digests.models import Block, Edition
from digests.models.blocks import BODY_LENGTH, TITLE_LENGTH

LINES = ("title_ko", "title_en", "addressee_ko", "addressee_en")
BODIES = ("body_ko", "body_en")
FIELDS = ("kind", *LINES, *BODIES, "opinions", "due_on")
#: More would be no summary of anything.
MOST = 50
MOST_OPINIONS = 50


class Used(DomainError):
    """The block stands in a published edition: it never changes again."""

    code = "block_used"


def save(*, actor: User, block: Block) -> Block:
    """Store a new or changed block; a new one comes last.

    It may be unfinished: `problems` and compiling say what is missing. Takes the lock of the consultation's editions,
    so that nothing changes while one is published. Raises `NotAllowed`, `Invalid` and `Used`.
    """
    _only_organisers(actor)
    _clean(block)
    with transaction.atomic():
        _lock(block.consultation_id)
        block.written_by = actor
        if block._state.adding:
            waiting = Block.objects.waiting().filter(consultation=block.consultation_id)
            orders = list(waiting.values_list("order", flat=True))
            if len(orders) >= MOST:
                raise Invalid(_("An edition has at most %(most)d blocks.") % {"most": MOST})
            block.order = max(orders, default=0) + 1
            block.save(force_insert=True)
        else:
            _waiting(block)
            block.save(update_fields=[*FIELDS, "written_by"])
    return block


@transaction.atomic
def delete(*, actor: User, block: Block) -> None:
    """Take a block out. Raises `NotAllowed` and `Used`."""
    _only_organisers(actor)
    _lock(block.consultation_id)
    _waiting(block).delete()


@transaction.atomic
def move(*, actor: User, block: Block, direction: Literal["up", "down"]) -> None:
    """Let a block change places with the one before or after it; at the end nothing happens.

    Raises `NotAllowed` and `Used`.
    """
    _only_organisers(actor)
    _lock(block.consultation_id)
    _waiting(block)
    rows = list(Block.objects.waiting().filter(consultation=block.consultation_id))
    place = next(n for n, row in enumerate(rows) if row.pk == block.pk)
    other = place + (-1 if direction == "up" else 1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for order, row in enumerate(rows, 1):
        row.order = order
    Block.objects.bulk_update(rows, ["order"])


def _only_organisers(actor: User) -> None:
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers write recommendations."))


def _lock(consultation_id: int) -> None:
    lock_exclusive(Lock.EDITION, consultation_id)


def _waiting(block: Block) -> Block:
    """The block as it stands, when no edition has taken it."""
    fresh = Block.objects.filter(pk=block.pk).first()
    if fresh is None:
        raise DomainError(_("Somebody has taken this block out."), code="block_gone")
    if fresh.edition_id is not None:
        raise Used(_("This stands in a published edition and does not change any more."))
    return fresh


def _clean(block: Block) -> None:
    """Clean texts and order numbers; raise `Invalid` with each field's messages."""
    errors: dict[str, list[str]] = {}
    for names, tidy, most in ((LINES, text.clean_line, TITLE_LENGTH), (BODIES, text.clean, BODY_LENGTH)):
        for name in names:
            setattr(block, name, tidy(getattr(block, name)))
            if len(getattr(block, name)) > most:
                errors[name] = [str(_("At most %(most)d characters.") % {"most": most})]
    if block.kind not in Block.Kind.values:
        errors["kind"] = [str(_("Please choose one of the options."))]
    block.opinions = sorted(set(block.opinions))
    if len(block.opinions) > MOST_OPINIONS or any(not 0 < n < 2**31 for n in block.opinions):
        errors["opinions"] = [str(_("At most %(most)d numbers of opinions.") % {"most": MOST_OPINIONS})]
    if errors:
        raise Invalid(_("Some fields need mending."), fields=errors)


# --- for compiling ----------------------------------------------------------------------------------


def facts(consultation_id: int) -> list[dict[str, Any]]:
    """What a snapshot holds of the blocks: plain data in order, without keys of the database; one query."""
    return [_facts(row) for row in Block.objects.waiting().filter(consultation=consultation_id)]


def _facts(block: Block) -> dict[str, Any]:
    return {
        "kind": str(block.kind),
        **{
            name: {language: str(getattr(block, f"{name}_{language}")) for language in ("ko", "en")}
            for name in ("title", "body", "addressee")
        },
        "opinions": list(block.opinions),
        "due_on": block.due_on.isoformat() if block.due_on else None,
    }


def bind(edition: Edition) -> None:
    """Let a published edition take the blocks that wait; call it under the lock of the editions."""
    Block.objects.waiting().filter(consultation=edition.consultation_id).update(edition=edition)


# --- for reading ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """A block as it would read if it were compiled now, and what keeps it from being published."""

    block: Block
    number: int
    title: dict[str, str]
    body: dict[str, str]
    problems: list[str]


def preview(consultation: Consultation, blocks: Iterable[Block]) -> list[Preview]:
    """Each block with its numbers filled in from the counts of this moment; six queries, whatever their number."""
    rows = list(blocks)
    known = _source_now(consultation, {n for row in rows for n in row.opinions})
    return [_preview(row, number, known, timezone.localdate()) for number, row in enumerate(rows, 1)]


def _preview(block: Block, number: int, known: recommendations.Source, day: date) -> Preview:
    plain = _facts(block)
    bound = known.of(block.opinions)
    filled = {
        name: {language: recommendations.fill(plain[name][language], bound, language) for language in ("ko", "en")}
        for name in ("title", "body")
    }
    return Preview(block, number, filled["title"], filled["body"], recommendations.problems(plain, known, day=day))


def _source_now(consultation: Consultation, numbers: set[int]) -> recommendations.Source:
    """The figures that texts may name, as they stand now. What is published comes from the snapshot, never from here."""
    mine = counting(opinion__consultation=consultation)
    published = Opinion.objects.published().filter(consultation=consultation)
    named = published.filter(number__in=numbers).values_list("number", flat=True)
    tallies = {
        number: (agree, passed, disagree)
        for number, agree, passed, disagree in Vote.objects.filter(mine, opinion__number__in=numbers)
        .values_list("opinion__number")
        .annotate(agree=Count("pk", Q(value=1)), passed=Count("pk", Q(value=0)), disagree=Count("pk", Q(value=-1)))
        .order_by()
    }
    opinions = {n: recommendations.opinion_figures(*tallies.get(n, (0, 0, 0))) for n in named}
    return recommendations.Source(opinions, _whole_now(consultation, published))


def _whole_now(consultation: Consultation, published: Any) -> Mapping[str, int | float | None]:
    mine = counting(opinion__consultation=consultation)
    before = Edition.objects.published().filter(consultation=consultation).order_by("-number")
    since = before.values_list("publish_sequence", flat=True).first() or 0
    new = Q(publish_sequence__gt=since)
    if (known := numbers_ever(consultation.pk)) is not None:
        new |= ~Q(number__in=known)
    whole: dict[str, int | float | None] = {
        "opinions": published.count(),
        "new": published.filter(new).count(),
        "votes": Vote.objects.filter(mine).count(),
        "voters": voting.participants_voted(consultation),
        "societies": None,
        "turnout": None,
    }
    if not consultation.is_imported:
        voted = Exists(Vote.objects.filter(mine, participant=OuterRef("participant")))
        roll = RollEntry.objects.filter(consultation=consultation)
        found = roll.aggregate(
            people=Count("pk"), voters=Count("pk", Q(voted)), societies=Count("society", Q(voted), distinct=True)
        )
        whole["societies"] = found["societies"]
        whole["turnout"] = round(found["voters"] / found["people"], 4) if found["people"] else None
    return whole
