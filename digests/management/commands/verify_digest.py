"""Check the files of an edition: hashes, counts, tests, given figures; --full also computes groups and map again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digests.opendata import verify


class Command(BaseCommand):
    help = "Check an edition's files as verify.py does; --full computes groups and map from the votes and compares."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="the unpacked ZIP, or a folder of the edition's files"
        )
        parser.add_argument("--full", action="store_true", help="compute groups and map again")
        parser.add_argument("--manifest-sha256", metavar="HASH", help="as the edition's page shows it")
        parser.add_argument("--language", choices=("ko", "en"), default="en")

    def handle(
        self, *args: Any, folder: Path, full: bool, manifest_sha256: str | None, language: str, **options: Any
    ) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        report, data = verify.check(folder, manifest_sha256)
        if full and data is not None and not report.errors:
            from digests.opendata import recomputing

            recomputing.check_groups(verify.Files(folder), data, report)
        for line in report.lines(language):
            self.stdout.write(line)
        if report.errors:
            raise CommandError("The files do not verify.")
