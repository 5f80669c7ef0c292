"""Compiling a digest: a request is a row, a worker runs it step by step, the edition appears whole or not at all.

The row is the queue; `working` says how a worker holds it. One compiles at a time for a consultation; others join it,
or wait when they want another meeting's.
"""

import hashlib
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common.errors import DomainError, Invalid, NotAllowed
from consultations.models import Consultation
from digests import content, editions
from digests.models import Compilation, Document, Edition
from digests.working import AlreadyRunning, Cancelled, LeaseLost, Work, claim, due
from summit.models import Meeting

if TYPE_CHECKING:
    from digests.snapshot import Snapshot

__all__ = [
    "AlreadyRunning",
    "Cancelled",
    "LeaseLost",
    "Overtaken",
    "Work",
    "cancel",
    "claim",
    "due",
    "request",
    "run",
]
log = logging.getLogger(__name__)
#: So often it begins anew when something came between: moderators take several texts away one after the other.
_MOST_ATTEMPTS = 10
State, Step = Compilation.State, Compilation.Step


class Overtaken(DomainError):
    """An edition was published while this one was being compiled: its number and its list of what is new are stale."""

    code = "overtaken"


class TextGone(Overtaken):
    """A text was redacted or removed while it was being compiled into a digest: the snapshot still holds it."""


class NothingToCancel(DomainError):
    """The request is done, failed or cancelled already."""

    code = "nothing_to_cancel"


def request(
    *, consultation: Consultation, meeting: Meeting | None = None, requested_by: User | None = None, wake: bool = True
) -> Compilation:
    """Ask for a digest; while the same is waiting or running, the request joins it; behind another one it waits.

    Wakes a worker on commit (`wake` False: the caller runs it). Raises `NotAllowed` for who does not organise,
    `Invalid` for a meeting of another summit.
    """
    if requested_by is not None and not access.is_organiser(requested_by):
        raise NotAllowed(_("Only organisers compile digests."))
    if meeting is not None and meeting.summit_id != consultation.summit_id:
        raise Invalid(_("This meeting belongs to another summit."), fields={"meeting": [str(_("Another summit."))]})
    with transaction.atomic():
        compilation = _join_or_make(consultation, meeting, requested_by)
        if wake and compilation.state != State.PLANNED:
            transaction.on_commit(lambda: _wake(compilation), robust=True)
    return compilation


def _join_or_make(consultation: Consultation, meeting: Meeting | None, requested_by: User | None) -> Compilation:
    mine = Compilation(
        consultation=consultation, meeting=meeting, requested_by=requested_by, language=(get_language() or "")[:2]
    )
    for _attempt in range(5):
        found = Compilation.objects.filter(consultation=consultation, state__in=[State.QUEUED, State.RUNNING]).first()
        if found is not None and found.meeting_id == mine.meeting_id:
            return found
        if found is not None:
            return _behind(mine)
        try:
            with transaction.atomic():
                mine.save(force_insert=True)
                return mine
        except IntegrityError:  # somebody else asked in this moment
            continue
    raise AlreadyRunning(_("A digest is being compiled already."))


def _behind(mine: Compilation) -> Compilation:
    """Planned for now: it begins when what runs is done. One that waits already is joined."""
    waiting = Compilation.objects.filter(
        consultation=mine.consultation, meeting=mine.meeting, state=State.PLANNED, due_at__lte=Now()
    ).first()
    if waiting is not None:
        return waiting
    mine.state, mine.due_at = State.PLANNED, Now()
    mine.save(force_insert=True)
    mine.refresh_from_db()
    return mine


def _wake(compilation: Compilation) -> None:
    from digests import tasks

    tasks.compile_edition.delay(str(compilation.pk))


def cancel(*, compilation: Compilation, actor: User) -> Compilation:
    """Cancel what is planned, waiting or running; its worker notices at the next step and stores nothing.

    One conditional update: of a worker that finishes and an organiser who cancels, one wins. Raises `NotAllowed`
    for who does not organise, `NothingToCancel` when it has ended.
    """
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers cancel digests."))
    open_ = Compilation.objects.filter(pk=compilation.pk, state__in=[State.PLANNED, State.QUEUED, State.RUNNING])
    if not open_.update(state=State.CANCELLED, finished_at=Now(), lease_until=None):
        raise NothingToCancel(_("There is nothing to cancel any more."))
    return Compilation.objects.get(pk=compilation.pk)


def run(compilation: Compilation) -> Edition:
    """Compile: snapshot, figures, documents, open data, and edition with its files stored in one transaction.

    Each step renews the lease and is visible at once to other connections; call it outside a transaction. What goes
    wrong is written to the request and raised. Raises `AlreadyRunning` when the request is not to be had, `LeaseLost`
    and `Cancelled` when it is taken away; nothing is stored then.
    """
    work = claim(compilation)
    try:
        # for what goes wrong; files know no reader
        with work.held(), override(work.compilation.language or settings.LANGUAGE_CODE):
            return _compile(work)
    except (LeaseLost, Cancelled, Overtaken):
        raise
    except Exception as error:
        work.fail(str(error) if isinstance(error, DomainError) else f"{type(error).__name__}: {error}")
        raise


def _compile(work: Work) -> Edition:
    from digests import findings, snapshot  # here and not above: they bring numpy, which no web process needs

    overtaken = Overtaken()
    for _attempt in range(_MOST_ATTEMPTS):
        work.step(Step.SNAPSHOT, 5)
        gone = work.texts_gone()  # before the snapshot: what goes from here on is noticed when the draft is stored
        taken = snapshot.take(work.compilation.consultation, work.compilation.meeting)
        work.step(Step.FIGURES, 20)
        number = (taken.facts["before"]["number"] if taken.facts["before"] else 0) + 1
        found = findings.compute(taken)
        built = content.build(taken.facts, number=number, cutoff_at=taken.cutoff_at, found=found.figures)
        made = list(_documents(work, built))
        work.step(Step.OPEN_DATA, 88)
        made += _open_data(work, taken, found, built, made)
        work.step(Step.STORING, 95)
        try:
            return _store(work, taken, built, made, gone)
        except Overtaken as error:
            log.info("compiling again: %s", error.__doc__)
            overtaken = error
    raise overtaken


def _documents(work: Work, built: dict[str, Any]) -> Iterator[Document]:
    from digests import documents  # brings the typesetter

    wanted = list(documents.wanted())
    for done, (form, language) in enumerate(wanted):
        work.step(Step.DOCUMENTS, 40 + 45 * done // len(wanted))
        data = form.render(built, language or None)
        pages = form.pages(data) if form.pages else None
        yield _document(form.key, documents.name(built, form, language), form.media_type, data, language, pages)


def _open_data(
    work: Work, taken: "Snapshot", found: Any, built: dict[str, Any], made: list[Document]
) -> list[Document]:
    from digests.opendata import pack, rows

    edition = built["edition"]
    files = {document.name: bytes(document.content) for document in made}
    packed = pack.pack(
        content=built,
        ballots=taken.ballots,
        found=found.groups,
        secret=rows.secret_of(work.compilation.consultation_id, edition["number"], edition["input_sha256"]),
        documents=files,
        before=taken.facts["before"],
    )
    return [_document(file.key, file.name, file.media_type, file.data) for file in packed]


def _document(
    key: str, name: str, media_type: str, data: bytes, language: str = "", pages: int | None = None
) -> Document:
    return Document(
        format=key,
        language=language,
        name=name,
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        pages=pages,
        content=data,
    )


def _store(work: Work, taken: "Snapshot", built: dict[str, Any], made: list[Document], gone: int) -> Edition:
    """The edition, its documents and the end of the request, in one transaction; the draft before gives way."""
    consultation_id = work.compilation.consultation_id
    canonical = content.canonical(built)
    with transaction.atomic():
        editions.lock(consultation_id)
        if not work.hold_against(gone):
            raise TextGone(_("Texts were taken away again and again while this was compiled."))
        if editions.next_number(consultation_id) != built["edition"]["number"]:
            raise Overtaken(_("Other editions were published again and again while this one was compiled."))
        Edition.objects.unpublished().filter(consultation=consultation_id).delete()
        edition = Edition.objects.create(
            consultation_id=consultation_id,
            number=built["edition"]["number"],
            meeting=work.compilation.meeting,
            cutoff_at=taken.cutoff_at,
            publish_sequence=content.last_sequence(taken.facts),
            content=canonical,
            content_sha256=hashlib.sha256(canonical).hexdigest(),
            input_sha256=built["edition"]["input_sha256"],
            manifest_sha256=next(document.sha256 for document in made if document.format == "manifest"),
        )
        for document in made:
            document.edition = edition
        Document.objects.bulk_create(made)
        work.finish(edition)
    return edition
