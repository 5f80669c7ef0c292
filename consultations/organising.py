"""Making and changing a consultation."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import moments, text
from common.errors import Invalid, NotAllowed
from consultations import locks, voting
from consultations.models import Case, Consultation, Theme

PHASES = ("submissions_open_at", "submissions_close_at", "voting_open_at", "voting_close_at")
TEXTS = ("title_ko", "title_en", "about_ko", "about_en", "attribution")
#: What an organiser may change. Never the counters; and the address stays, because documents name it.
EDITABLE = (*TEXTS, *PHASES, "agenda_item", "counts", "works_on_days_off", "hides_authors")
MOST_IN_A_THEME = 100
#: So that the last opinion can still be read, moderated and voted on.
DAY_TO_VOTE = timedelta(hours=24)


def suggested_submissions_close(voting_open_at: datetime, voting_close_at: datetime) -> datetime:
    """After three quarters of the voting time, and at least 24 hours before it ends."""
    return min(voting_open_at + (voting_close_at - voting_open_at) * 3 / 4, voting_close_at - DAY_TO_VOTE)


def check_phases(fields: Mapping[str, Any]) -> None:
    """Raise `Invalid` with a message on each time that is out of order."""
    errors: dict[str, list[str]] = {}
    for name in PHASES:
        if not moments.is_sane(fields[name]):
            errors[name] = [str(_("Please check the year: it must lie between 1990 and 2199."))]
    if errors:
        raise Invalid(_("Some times are out of order."), fields=errors)
    if fields["submissions_close_at"] <= fields["submissions_open_at"]:
        errors["submissions_close_at"] = [str(_("Submissions must close after they open."))]
    if fields["voting_close_at"] <= fields["voting_open_at"]:
        errors["voting_close_at"] = [str(_("Voting must close after it opens."))]
    if fields["submissions_close_at"] > fields["voting_close_at"] - DAY_TO_VOTE:
        errors.setdefault("submissions_close_at", []).append(
            str(_("Submissions must close at least 24 hours before voting does."))
        )
    if errors:
        raise Invalid(_("Some times are out of order."), fields=errors)


def check_themes(themes: list[tuple[str, str]]) -> None:
    """Raise `Invalid` for a title that is too long or stands there twice: nothing is cut or merged silently."""
    messages = [
        str(
            _("“%(title)s …” is too long: at most %(most)d characters.")
            % {"title": title[:20], "most": MOST_IN_A_THEME}
        )
        for pair in themes
        for title in pair
        if len(title) > MOST_IN_A_THEME
    ]
    korean = [title for title, _english in themes]
    messages += [
        str(_("“%(title)s” stands there twice.") % {"title": t[:40]}) for t in {*korean} if korean.count(t) > 1
    ]
    if messages:
        raise Invalid(messages[0], fields={"themes": messages})


@transaction.atomic
def save(*, actor: User, consultation: Consultation, themes: list[tuple[str, str]] | None = None) -> Consultation:
    """Store a new or changed consultation and, when given, its themes (Korean, English), in order.

    A changed one is written field by field under its exclusive lock, because phases may move and counters
    belong to whoever submits and publishes; then everything is recounted. A theme that opinions use stays.
    Raises `NotAllowed` for who is no organiser, and `Invalid`.
    """
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers do this."))
    for name in TEXTS:
        setattr(consultation, name, text.clean(getattr(consultation, name)))
    check_phases(vars(consultation))
    check_themes(themes or [])
    if consultation._state.adding:
        consultation.save(force_insert=True)
    else:
        locks.take(consultation.pk)
        consultation.save(update_fields=EDITABLE)
        voting.retally_consultation(consultation.pk)
        # Due times rest on the phases and on what counts as working time: a worker writes them anew.
        Case.objects.filter(opinion__consultation=consultation, closed_at=None).update(half_at=None, due_at=None)
    if themes is not None:
        _write_themes(consultation, themes)
    return consultation


def _write_themes(consultation: Consultation, themes: list[tuple[str, str]]) -> None:
    kept = []
    for order, (korean, english) in enumerate(themes, 1):
        theme, _made = Theme.objects.update_or_create(
            consultation=consultation, title_ko=korean, defaults={"title_en": english, "order": order}
        )
        kept.append(theme.pk)
    consultation.themes.exclude(pk__in=kept).filter(opinions=None).delete()
