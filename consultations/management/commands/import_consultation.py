"""`manage.py import_consultation DIR`: read a consultation that was held elsewhere."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from common.errors import DomainError
from consultations.importing import load, stage


class Command(BaseCommand):
    help = (
        "Import a consultation in the export format of Polis: a folder with comments.csv, votes.csv and, where "
        "there is one, summary.csv. All or nothing; the same folder again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--slug", default="", help="address of the consultation (default: the folder's name)")

    def handle(self, *args: Any, folder: Path, slug: str, verbosity: int, **options: Any) -> None:
        hidden = verbosity == 0 or not sys.stderr.isatty()
        with tqdm(total=stage.size_of(folder), unit="B", unit_scale=True, disable=hidden, leave=False) as bar:
            try:
                outcome = load.import_consultation(folder=folder, slug=slug, progress=bar.update)
            except DomainError as error:
                raise CommandError(f"{error.message} Nothing was stored.") from error
        if verbosity:
            self.stdout.write(_summary(outcome))


def _summary(outcome: load.Outcome) -> str:
    verb = "Imported" if outcome.changed else "Nothing changed: these files were imported before as"
    states = ", ".join(f"{count} {state}" for state, count in sorted(outcome.opinions.items()))
    return (
        f"{verb} “{outcome.consultation.slug}”\n"
        f"  opinions      {sum(outcome.opinions.values()):,} ({states})\n"
        f"  participants  {outcome.participants:,}\n"
        f"  votes         {outcome.votes:,} from {outcome.rows:,} rows ({outcome.revotes:,} replaced by a later one)\n"
        f"  counting      {outcome.counting:,} (on published opinions)"
    )
