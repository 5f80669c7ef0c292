"""Compiling a digest: a request is a row, a worker runs it step by step, the edition appears whole or not at all.

The row is the queue. A worker holds it by a lease that it renews at each step; when the worker dies the lease lapses
and another takes over. `attempts` is the fence: a worker that was taken for dead and wakes up again writes nothing.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import db
from common.errors import DomainError, Invalid, NotAllowed
from consultations.models import Consultation
from digests import content, editions, snapshot
from digests.models import Compilation, Document, Edition
from summit.models import Meeting

log = logging.getLogger(__name__)
State, Step = Compilation.State, Compilation.Step
#: Longer than the longest step; a dead worker's request waits this long.
LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 3


class AlreadyRunning(DomainError):
    """Another worker holds the request, or it is finished."""

    code = "already_running"


class LeaseLost(DomainError):
    """This worker was taken for dead, and another one has the request now. Nothing was stored."""

    code = "lease_lost"


class Overtaken(DomainError):
    """An edition was published while this one was being compiled: its number and its list of what is new are stale."""

    code = "overtaken"


def request(
    *, consultation: Consultation, meeting: Meeting | None = None, requested_by: User | None = None, wake: bool = True
) -> Compilation:
    """Ask for a digest; while one is waiting or running for the consultation, the request joins it.

    Wakes a worker on commit (`wake` False: the caller runs it). Raises `NotAllowed` for who does not organise,
    `Invalid` for a meeting of another summit.
    """
    if requested_by is not None and not access.is_organiser(requested_by):
        raise NotAllowed(_("Only organisers compile digests."))
    if meeting is not None and meeting.summit_id != consultation.summit_id:
        raise Invalid(_("This meeting belongs to another summit."), fields={"meeting": [str(_("Another summit."))]})
    with transaction.atomic():
        compilation = _join_or_make(consultation, meeting, requested_by)
        if wake:
            transaction.on_commit(lambda: _wake(compilation), robust=True)
    return compilation


def _join_or_make(consultation: Consultation, meeting: Meeting | None, requested_by: User | None) -> Compilation:
    waiting = Compilation.objects.filter(consultation=consultation, state__in=[State.QUEUED, State.RUNNING])
    for _attempt in range(5):
        found = waiting.first()
        if found is not None:
            if found.meeting_id != (meeting.pk if meeting else None):
                raise AlreadyRunning(
                    _("A digest of another meeting is being compiled; please ask again when it is done.")
                )
            return found
        try:
            with transaction.atomic():
                return Compilation.objects.create(
                    consultation=consultation,
                    meeting=meeting,
                    requested_by=requested_by,
                    language=(get_language() or "")[:2],
                )
        except IntegrityError:  # somebody else asked in this moment
            continue
    raise AlreadyRunning(_("A digest is being compiled already."))


def _wake(compilation: Compilation) -> None:
    from digests import tasks

    tasks.compile_edition.delay(str(compilation.pk))


def due() -> QuerySet[Compilation]:
    """Requests that nobody works on: waiting, or left by a worker whose lease lapsed."""
    return Compilation.objects.filter(Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=Now())).order_by(
        "created_at"
    )


def run(compilation: Compilation) -> Edition:
    """Compile: snapshot, figures, documents, and edition with documents stored in one transaction.

    Each step renews the lease and is visible at once to other connections; call it outside a transaction. What goes
    wrong is written to the request and raised. Raises `AlreadyRunning` when the request is not to be had.
    """
    work = _claim(compilation)
    try:
        with override(work.compilation.language or settings.LANGUAGE_CODE):  # for what goes wrong; files know no reader
            return _compile(work)
    except (LeaseLost, Overtaken):
        raise
    except Exception as error:
        work.fail(str(error) if isinstance(error, DomainError) else f"{type(error).__name__}: {error}")
        raise


def _compile(work: "Work") -> Edition:
    for _attempt in range(3):
        work.step(Step.SNAPSHOT, 5)
        taken = snapshot.take(work.compilation.consultation, work.compilation.meeting)
        work.step(Step.FIGURES, 30)
        number = (taken.facts["before"]["number"] if taken.facts["before"] else 0) + 1
        built = content.build(taken.facts, number=number, cutoff_at=taken.cutoff_at)
        made = list(_documents(work, built))
        work.step(Step.STORING, 95)
        try:
            return _store(work, taken, built, made)
        except Overtaken:
            log.info("an edition was published meanwhile; compiling again")
    raise Overtaken(_("Other editions were published again and again while this one was compiled."))


def _documents(work: "Work", built: dict[str, Any]) -> Iterator[Document]:
    from digests import documents  # here and not above: it brings the typesetter, which no web process needs

    wanted = list(documents.wanted())
    for done, (form, language) in enumerate(wanted):
        work.step(Step.DOCUMENTS, 40 + 50 * done // len(wanted))
        data = form.render(built, language or None)
        yield Document(
            format=form.key,
            language=language,
            name=documents.name(built, form, language),
            media_type=form.media_type,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            pages=form.pages(data) if form.pages else None,
            content=data,
        )


def _store(work: "Work", taken: snapshot.Snapshot, built: dict[str, Any], made: list[Document]) -> Edition:
    """The edition, its documents and the end of the request, in one transaction; the draft before gives way."""
    consultation_id = work.compilation.consultation_id
    canonical = content.canonical(built)
    with transaction.atomic():
        editions.lock(consultation_id)
        if editions.next_number(consultation_id) != built["edition"]["number"]:
            raise Overtaken
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
        )
        for document in made:
            document.edition = edition
        Document.objects.bulk_create(made)
        work.finish(edition)
    return edition


# --- the lease --------------------------------------------------------------------------------------


def _claim(compilation: Compilation) -> "Work":
    """Take the request by one conditional update; the third worker that dies of it is the last."""
    free = due().filter(pk=compilation.pk)
    if free.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=State.FAILED,
        finished_at=Now(),
        error=str(_("Compiling broke off several times. Please tell the operators.")),
    ):
        raise AlreadyRunning(_("This request has failed."))
    taken = free.filter(attempts__lt=MAX_ATTEMPTS).update(
        state=State.RUNNING, attempts=F("attempts") + 1, lease_until=db.now() + LEASE, error=""
    )
    if not taken:
        raise AlreadyRunning(_("A digest is being compiled already."))
    fresh = Compilation.objects.select_related("consultation", "meeting").get(pk=compilation.pk)
    return Work(fresh, fresh.attempts)


@dataclass(frozen=True)
class Work:
    """A request in one worker's hands."""

    compilation: Compilation
    attempt: int

    def step(self, step: Compilation.Step, percent: int) -> None:
        """Say how far the work is, and renew the lease."""
        self._write(step=step, percent=percent, lease_until=db.now() + LEASE)

    def finish(self, edition: Edition) -> None:
        self._write(state=State.DONE, percent=100, edition=edition, finished_at=Now(), lease_until=None)

    def fail(self, error: str) -> None:
        self._write(state=State.FAILED, error=error[:1000], finished_at=Now(), lease_until=None)

    def _write(self, **changes: Any) -> None:
        mine = Compilation.objects.filter(pk=self.compilation.pk, state=State.RUNNING, attempts=self.attempt)
        if not mine.update(**changes):
            raise LeaseLost(_("Another worker took this request over."))
