"""A request in one worker's hands: taking it, holding it, noticing that it was lost or cancelled.

A worker holds a request by a lease of 25 seconds, renewed in the background while it lives and again at each step. When it dies
the lease lapses and another takes over within a minute. `attempts` is the fence: a worker that was taken for dead and
wakes up again writes nothing.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

from django.db import Error, connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from digests.models import Compilation, Edition

State = Compilation.State
#: With the scan every 20 seconds, a dead worker's request is taken up within 45.
LEASE = timedelta(seconds=25)
#: So often, in seconds, a living worker renews it.
BEAT = 8.0
MAX_ATTEMPTS = 3


class AlreadyRunning(DomainError):
    """Another worker holds the request, or it is finished."""

    code = "already_running"


class LeaseLost(DomainError):
    """This worker was taken for dead, and another one has the request now. Nothing was stored."""

    code = "lease_lost"


class Cancelled(DomainError):
    """An organiser cancelled the request. Nothing was stored."""

    code = "cancelled"


def due() -> QuerySet[Compilation]:
    """Requests that nobody works on: waiting, or left by a worker whose lease lapsed."""
    return Compilation.objects.filter(Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=Now())).order_by(
        "created_at"
    )


def claim(compilation: Compilation) -> "Work":
    """Take the request by one conditional update; the third worker that dies of it is the last.

    Raises `AlreadyRunning` when it is not to be had.
    """
    free = due().filter(pk=compilation.pk)
    if free.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=State.FAILED,
        finished_at=Now(),
        error=str(_("Compiling broke off several times. Please tell the operators.")),
    ):
        raise AlreadyRunning(_("This request has failed."))
    taken = free.filter(attempts__lt=MAX_ATTEMPTS).update(
        state=State.RUNNING, attempts=F("attempts") + 1, lease_until=Now() + LEASE, error=""
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

    def texts_gone(self) -> int:
        """How often texts were taken away while this ran; read it before the snapshot."""
        return Compilation.objects.values_list("texts_gone", flat=True).get(pk=self.compilation.pk)

    def hold_against(self, texts_gone: int) -> bool:
        """Lock the request's row until the transaction ends; whether no text was taken away since the number was read.

        Whoever takes a text away writes this row first (`forgetting`), so either they wait for what is stored, and
        delete it, or this sees that they were here. Raises `LeaseLost` or `Cancelled`.
        """
        held = self._mine().select_for_update().values_list("texts_gone", flat=True).first()
        if held is None:
            self._refuse()
        return held == texts_gone

    def step(self, step: Compilation.Step, percent: int) -> None:
        """Say how far the work is, and renew the lease. Raises `LeaseLost` or `Cancelled`."""
        self._write(step=step, percent=percent, lease_until=Now() + LEASE)

    def finish(self, edition: Edition) -> None:
        self._write(state=State.DONE, percent=100, edition=edition, finished_at=Now(), lease_until=None)

    def fail(self, error: str) -> None:
        self._write(state=State.FAILED, error=error[:1000], finished_at=Now(), lease_until=None)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Renew the lease in the background, however long a step takes; it ends with the block or the process."""
        stop = threading.Event()
        thread = threading.Thread(target=self._renew, args=(stop,), name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _renew(self, stop: threading.Event) -> None:
        try:
            while not stop.wait(BEAT):
                with suppress(Error):  # a database that is away for a moment; the next step will notice
                    self._mine().update(lease_until=Now() + LEASE)
        finally:
            connection.close()  # this thread's own

    def _write(self, **changes: Any) -> None:
        if not self._mine().update(**changes):
            self._refuse()

    def _refuse(self) -> NoReturn:
        if Compilation.objects.filter(pk=self.compilation.pk, state=State.CANCELLED).exists():
            raise Cancelled(_("An organiser cancelled this."))
        raise LeaseLost(_("Another worker took this request over."))

    def _mine(self) -> QuerySet[Compilation]:
        return Compilation.objects.filter(pk=self.compilation.pk, state=State.RUNNING, attempts=self.attempt)
