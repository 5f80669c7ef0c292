"""Corrections of published editions: written by organisers, carried by the next edition, numbered when it is published."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import text
from common.db import Lock, lock_exclusive
from common.errors import DomainError, Invalid, NotAllowed
from digests.models import Edition, Erratum
from digests.models.errata import TEXT_LENGTH

MOST_WAITING = 50


class Carried(DomainError):
    """The erratum stands in a published edition: it never changes again."""

    code = "erratum_carried"


def write(*, actor: User, edition: Edition, text_ko: str, text_en: str) -> Erratum:
    """Write a correction of a published edition, in both languages; organisers alone see it until it is carried.

    Takes the lock of the consultation's editions. Raises `NotAllowed` and `Invalid`, and `DomainError` for a draft,
    which is corrected by compiling again.
    """
    _only_organisers(actor)
    words = _checked(text_ko, text_en)
    with transaction.atomic():
        _lock(edition)
        if not Edition.objects.published().filter(pk=edition.pk).exists():
            raise DomainError(
                _("Only a published edition needs a correction; compile a draft again."), code="not_published"
            )
        if Erratum.objects.waiting().filter(edition__consultation=edition.consultation_id).count() >= MOST_WAITING:
            raise Invalid(_("An edition carries at most %(most)d corrections.") % {"most": MOST_WAITING})
        return Erratum.objects.create(edition=edition, written_by=actor, **words)


def change(*, actor: User, erratum: Erratum, text_ko: str, text_en: str) -> Erratum:
    """Change a correction that waits. Raises `NotAllowed`, `Invalid` and `Carried`."""
    _only_organisers(actor)
    words = _checked(text_ko, text_en)
    with transaction.atomic():
        fresh = _waiting(erratum)
        for name, value in words.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=list(words))
    return fresh


@transaction.atomic
def delete(*, actor: User, erratum: Erratum) -> None:
    """Take back a correction that waits. Raises `NotAllowed` and `Carried`."""
    _only_organisers(actor)
    _waiting(erratum).delete()


def _checked(text_ko: str, text_en: str) -> dict[str, str]:
    words = {"text_ko": text.clean(text_ko), "text_en": text.clean(text_en)}
    wrong = {}
    for name, value in words.items():
        if not text.has_letters(value):
            wrong[name] = [str(_("Please write this in both languages."))]
        elif len(value) > TEXT_LENGTH:
            wrong[name] = [str(_("At most %(most)d characters.") % {"most": TEXT_LENGTH})]
    if wrong:
        raise Invalid(_("Some fields need mending."), fields=wrong)
    return words


def _only_organisers(actor: User) -> None:
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers correct editions."))


def _lock(edition: Edition) -> None:
    lock_exclusive(Lock.EDITION, edition.consultation_id)


def _waiting(erratum: Erratum) -> Erratum:
    _lock(erratum.edition)
    fresh = Erratum.objects.filter(pk=erratum.pk).first()
    if fresh is None:
        raise DomainError(_("Somebody has taken this correction back."), code="erratum_gone")
    if fresh.carried_in_id is not None:
        raise Carried(_("This correction is published and does not change any more."))
    return fresh


# --- for compiling and publishing -------------------------------------------------------------------


def facts(consultation_id: int) -> list[dict[str, Any]]:
    """The corrections that the next edition carries, as they stand in its content; one query."""
    waiting = Erratum.objects.waiting().filter(edition__consultation=consultation_id).select_related("edition")
    return [
        {"of_edition": row.edition.number, "text": {"ko": row.text_ko, "en": row.text_en}}
        for row in waiting.defer("edition__content")
    ]


def carry(edition: Edition) -> None:
    """Number the corrections that wait and bind them to the edition; call it under the lock, when it is published."""
    waiting = Erratum.objects.waiting().filter(edition__consultation=edition.consultation_id)
    last: dict[Any, int] = {}
    for row in Erratum.objects.carried().filter(edition__consultation=edition.consultation_id):
        last[row.edition_id] = max(last.get(row.edition_id, 0), row.number or 0)
    for erratum in waiting:
        last[erratum.edition_id] = erratum.number = last.get(erratum.edition_id, 0) + 1
        erratum.carried_in = edition
        erratum.save(update_fields=["number", "carried_in"])
