"""`manage.py load_sample`: the summit that a newcomer sees first."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.errors import DomainError
from config.sample import digest as first_edition
from config.sample.load import load


class Command(BaseCommand):
    help = "Load the sample summit: invented people, societies, opinions and votes. A second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--first-meeting",
            type=date.fromisoformat,
            metavar="DATE",
            help="day of the first meeting, as 2027-08-26; everything else moves with it",
        )
        parser.add_argument(
            "--digest",
            action="store_true",
            help="publish a first edition, too, with recommendations, sign-offs and an official's answer",
        )

    def handle(
        self, *args: Any, first_meeting: date | None, verbosity: int, digest: bool = False, **options: Any
    ) -> None:
        try:
            loaded = load(first_meeting=first_meeting)
            if digest:
                first_edition.publish(loaded.summit)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            days = [timezone.localdate(meeting.starts_at) for meeting in loaded.summit.meetings.all()]
            verb = "Loaded the sample summit" if loaded.changed else "The sample summit is there already"
            self.stdout.write(f"{verb}: meetings on {' and '.join(map(str, days))}")
