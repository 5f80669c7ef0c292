"""Withdrawing files of a published edition: their bytes go, their hashes stay, and a reason takes their place."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import text
from common.db import Lock, lock_exclusive
from common.errors import DomainError, Invalid, NotAllowed
from digests.models import Document, Edition

REASON_LENGTH = 1_000
#: The archive holds these, so it goes with each of them.
IN_THE_ARCHIVE = {"json", "csv"}


@transaction.atomic
def withdraw(*, actor: User, edition: Edition, names: Iterable[str], reason_ko: str, reason_en: str) -> list[Document]:
    """Replace chosen files by a notice with the reason; once, for good. Gives those that this call withdrew.

    With the JSON goes what the page is made of; with JSON or CSV goes the archive that holds them. Takes the lock of
    the consultation's editions; the database refuses every other change. Raises `NotAllowed`, `Invalid`, and
    `DomainError` for a draft.
    """
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers withdraw files."))
    reasons = _checked(reason_ko, reason_en)
    lock_exclusive(Lock.EDITION, edition.consultation_id)
    if not Edition.objects.published().filter(pk=edition.pk).exists():
        raise DomainError(
            _("Only files of a published edition are withdrawn; compile a draft again."), code="not_published"
        )
    chosen = _chosen(edition, set(names))
    gone = {"content": b"", "withdrawn_at": Now(), "withdrawn_by": actor, **reasons}
    keys = [document.pk for document in chosen if document.withdrawn_at is None]
    Document.objects.filter(pk__in=keys).update(**gone)
    if any(document.sha256 == edition.content_sha256 for document in chosen):
        Edition.objects.filter(pk=edition.pk, withdrawn_at=None).update(**gone)
    return list(Document.objects.filter(pk__in=keys).defer("content"))


def _checked(reason_ko: str, reason_en: str) -> dict[str, str]:
    reasons = {"withdrawn_ko": text.clean(reason_ko), "withdrawn_en": text.clean(reason_en)}
    wrong = {}
    for stored, value in reasons.items():
        name = stored.replace("withdrawn", "reason")
        if not text.has_letters(value):
            wrong[name] = [str(_("Please write this in both languages."))]
        elif len(value) > REASON_LENGTH:
            wrong[name] = [str(_("At most %(most)d characters.") % {"most": REASON_LENGTH})]
    if wrong:
        raise Invalid(_("Some fields need mending."), fields=wrong)
    return reasons


def _chosen(edition: Edition, names: set[str]) -> list[Document]:
    every = list(edition.documents.defer("content"))
    unknown = names - {document.name for document in every}
    if unknown or not names:
        message = str(_("Choose at least one file of this edition."))
        raise Invalid(message, fields={"names": [message]})
    formats = {document.format for document in every if document.name in names}
    with_archive = bool(formats & IN_THE_ARCHIVE)
    return [d for d in every if d.name in names or (with_archive and d.format == "zip")]


def gone(request: HttpRequest, document: Document) -> HttpResponse:
    """What a download of a withdrawn file gives: 410, and the reason in the reader's language."""
    response = render(request, "digests/gone.html", {"document": document, "edition": document.edition}, status=410)
    response["Cache-Control"] = "no-store"
    return response
