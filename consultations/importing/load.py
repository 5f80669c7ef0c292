"""An import: an exported consultation becomes one of ours, all of it or nothing."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, Invalid
from common.text import clean_line
from consultations import voting
from consultations.importing import compare, read, stage
from consultations.importing.rows import Progress
from consultations.importing.write import write
from consultations.models import Consultation, Opinion
from consultations.models.consultations import CountsShown
from summit.models import Summit

SUMMIT = {"slug": "imported", "title_ko": "가져온 의견 수렴", "title_en": "Imported"}
#: Who must be named where data of a host is used.
ATTRIBUTIONS = {"pol.is": "Data: Polis, CC BY 4.0, The Computational Democracy Project"}


class AlreadyThere(DomainError):
    """Another consultation, or an import of other files, has this address; nothing was changed."""

    code = "already_there"


@dataclass(frozen=True)
class Outcome:
    """What an import came to. ``changed`` is false when the same files had been imported before."""

    consultation: Consultation
    changed: bool
    opinions: dict[str, int]
    participants: int
    rows: int
    votes: int
    counting: int

    @property
    def revotes(self) -> int:
        """Rows that a later row of the same voter replaced."""
        return self.rows - self.votes


@transaction.atomic
def import_consultation(*, folder: Path, slug: str = "", progress: Progress | None = None) -> Outcome:
    """Store an exported consultation: all of it, or nothing when anything is broken.

    The number of an opinion is its comment-id + 1, so that a number printed in a digest leads back to its row.
    The last vote of a voter on a comment stands, by timestamp and then by line. Votes on comments that are not
    published are kept and count nowhere. Phases are the first and the last timestamp. The same files a second
    time change nothing; the same address with other files is refused.

    Two imports of one address wait for each other (an advisory lock on the address). Raises `BrokenInput`
    (with file and line), `AlreadyThere`, and `Invalid` for an address that cannot be one.
    """
    slug = slug or folder.resolve().name
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", slug) or len(slug) > 60:
        raise Invalid(_("“%(slug)s” cannot be an address: lower-case letters, digits and hyphens.") % {"slug": slug})
    export = read.open_export(folder)
    with stage.bulk_settings():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {slug}"])
        staged = stage.stage(export, progress)
        existing = Consultation.objects.filter(slug=slug).first()
        if existing is None:
            consultation = _make(slug, export, staged)
            write(consultation, export)
            voting.retally_consultation(consultation.pk)
        elif not existing.is_imported or not compare.same(existing, export, staged):
            raise AlreadyThere(
                _("“%(slug)s” exists already, and not from these files. Give another --slug.") % {"slug": slug}
            )
        else:
            consultation = existing
    return _outcome(consultation, staged, changed=existing is None)


def moment(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _make(slug: str, export: read.Export, staged: stage.Staged) -> Consultation:
    summit, _made = Summit.objects.get_or_create(slug=SUMMIT["slug"], defaults=SUMMIT)
    title = clean_line(export.summary.get("topic", ""))[:200] or slug
    about = export.summary.get("conversation-description", "")
    opened, closed = moment(staged.first_at), moment(staged.last_at + 1)  # open until after the last one
    return Consultation.objects.create(
        slug=slug,
        summit=summit,
        title_ko=title,
        title_en=title,
        about_ko=about,
        about_en=about,
        submissions_open_at=opened,
        submissions_close_at=closed,
        voting_open_at=opened,
        voting_close_at=closed,
        counts=CountsShown.LIVE,
        is_imported=True,
        attribution=_attribution(export),
        last_number=max(comment.number for comment in export.comments.values()),
    )


def _attribution(export: read.Export) -> str:
    """What the folder's own ATTRIBUTION says, else what the host of the data asks for."""
    path = export.folder / "ATTRIBUTION"
    if path.is_file():
        return path.read_text(encoding="utf-8").strip()
    return ATTRIBUTIONS.get(urlsplit(export.summary.get("url", "")).hostname or "", "")


def _outcome(consultation: Consultation, staged: stage.Staged, *, changed: bool) -> Outcome:
    states: dict[str, int] = {}
    counting = 0
    for opinion in Opinion.objects.filter(consultation=consultation):
        states[opinion.state] = states.get(opinion.state, 0) + 1
        counting += opinion.agree_count + opinion.pass_count + opinion.disagree_count
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staged_last")
        votes = cursor.fetchone()[0]
    return Outcome(
        consultation=consultation,
        changed=changed,
        opinions=states,
        participants=consultation.participants.count(),
        rows=staged.rows,
        votes=votes,
        counting=counting,
    )
