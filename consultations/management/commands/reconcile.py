"""`manage.py reconcile [SLUG]`: prove that the stored tallies are the votes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consultations import reconcile
from consultations.models import Consultation


class Command(BaseCommand):
    help = "Compare every opinion's stored tally with its counting votes; name each drift. Status 1 when there is any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", help="only this consultation")
        parser.add_argument("--repair", action="store_true", help="then recount what drifted, and log it; status 0")

    def handle(self, *args: Any, **options: Any) -> None:
        consultation = self._consultation(options["slug"])
        drifts = reconcile.find(consultation)
        for drift in drifts:
            self.stderr.write(str(drift))
        compared = reconcile.total(consultation)
        if not drifts:
            self.stdout.write(f"{compared} opinions compared: every tally equals its votes.")
            return
        if options["repair"]:
            self.stdout.write(f"{len(drifts)} of {compared} opinions had drifted; {reconcile.repair(drifts)} repaired.")
            return
        raise CommandError(f"{len(drifts)} of {compared} opinions drifted.", returncode=1)

    def _consultation(self, slug: str | None) -> Consultation | None:
        if slug is None:
            return None
        found = Consultation.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no consultation {slug}.", returncode=2)
        return found
