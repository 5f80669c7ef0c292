"""Compile a digest without a browser, and write its documents into a folder."""

import time
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from common.errors import DomainError
from consultations.models import Consultation
from digests import compile as compiling
from digests import content, editions, plans, snapshot
from digests.models import Compilation, Edition

#: How long to wait for a worker that has the request already.
PATIENCE = 600
#: Exit status while a named host has not signed.
SIGN_OFF_MISSING = 3


class Command(BaseCommand):
    help = "Compile the digest of a consultation; --publish makes it public and final."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the consultation's address")
        parser.add_argument("--publish", action="store_true", help="publish the edition")
        parser.add_argument(
            "--cutoff",
            metavar="T",
            help="a moment as ISO 8601, in the site's zone where it names none; ahead: a draft is planned for then",
        )
        parser.add_argument("--output", metavar="DIR", type=Path, help="write every document into this folder")

    def handle(
        self, *args: Any, slug: str, publish: bool, cutoff: str | None, output: Path | None, **options: Any
    ) -> None:
        consultation = Consultation.objects.filter(slug=slug).first()
        if consultation is None:
            raise CommandError(f"There is no consultation “{slug}”.")
        try:
            if cutoff is not None and self._is_planned(consultation, _moment(cutoff), publish):
                return
            edition = (self._draft_of_today(consultation) if publish else None) or self._compile(consultation)
            if publish:
                edition = editions.publish(edition=edition)
        except editions.SignOffMissing as error:
            raise CommandError(str(error), returncode=SIGN_OFF_MISSING) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self._tell(edition)
        if output is not None:
            self._write(edition, output)

    def _is_planned(self, consultation: Consultation, cutoff: datetime, publish: bool) -> bool:
        """Plan for a moment ahead. Publishing is somebody's act and cannot be planned."""
        if publish and cutoff > timezone.now():
            raise CommandError("--publish cannot be planned: publish the draft when it is there.")
        planned = plans.plan(consultation=consultation, cutoff=cutoff)
        if planned is not None:
            self.stdout.write(f"Planned: a draft as of {cutoff:%Y-%m-%d %H:%M:%S %z}; a worker compiles it then.")
        return planned is not None

    def _draft_of_today(self, consultation: Consultation) -> Edition | None:
        """The draft, if compiling now would read the same input: what was looked at is what gets published."""
        draft = consultation.editions.unpublished().select_related("meeting").first()
        if draft is None:
            return None
        facts = snapshot.take(consultation, draft.meeting).facts
        return draft if content.digest_of(facts) == draft.input_sha256 else None

    def _compile(self, consultation: Consultation) -> Edition:
        """Compile here, or wait for the worker that has the request; one behind another begins when that is done."""
        compilation = compiling.request(consultation=consultation, wake=False)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            plans.begin_due()
            try:
                return compiling.run(compilation)
            except compiling.AlreadyRunning:
                compilation.refresh_from_db()
            if compilation.state == Compilation.State.DONE and compilation.edition is not None:
                return compilation.edition
            if not compilation.is_open:
                raise CommandError(compilation.error or f"The digest was not compiled: {compilation.state}.")
            time.sleep(0.5)
        raise CommandError("A worker has had this digest for ten minutes; look at it on the organiser's page.")

    def _tell(self, edition: Edition) -> None:
        self.stdout.write(
            f"Edition {edition.number} ({edition.state}), cut-off {edition.cutoff_at:%Y-%m-%d %H:%M:%S} UTC"
        )

    def _write(self, edition: Edition, output: Path) -> None:
        output.mkdir(parents=True, exist_ok=True)
        for document in edition.documents.all():
            # Written aside and renamed: whoever watches the folder never sees half a file.
            aside = output / f".{document.name}.part"
            aside.write_bytes(bytes(document.content))
            aside.replace(output / document.name)
            self.stdout.write(f"{document.sha256}  {document.name}")


def _moment(text: str) -> datetime:
    """The moment; without an offset it is in the site's zone. Raises CommandError for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"“{text}” is no moment; write for example 2026-09-01T18:00:00+09:00.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
