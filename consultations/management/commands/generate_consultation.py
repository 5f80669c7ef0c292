"""`manage.py generate_consultation DIR`: write a consultation from a model, for tests and benchmarks."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from consultations.importing.generate import Size, generate


class Command(BaseCommand):
    help = "Write a generated consultation in the format that import_consultation reads. Same seed, same bytes."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--participants", type=int, default=200)
        parser.add_argument("--opinions", type=int, default=50)
        parser.add_argument("--votes", type=int, default=5_000, help="rows of votes.csv, revotes included")
        parser.add_argument("--groups", type=int, default=2)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, folder: Path, seed: int, verbosity: int, **options: Any) -> None:
        size = Size(**{name: options[name] for name in ("participants", "opinions", "votes", "groups")})
        try:
            generate(folder=folder, size=size, seed=seed)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(
                f"Wrote {folder}: {size.participants:,} participants, {size.opinions:,} opinions, "
                f"{size.votes:,} votes in {size.groups} groups, seed {seed}"
            )
