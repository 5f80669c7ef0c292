"""Making and changing a consultation."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common.errors import Invalid, NotAllowed
from consultations import locks
from consultations.models import Consultation, Theme

#: So that the last opinion can still be read, moderated and voted on.
DAY_TO_VOTE = timedelta(hours=24)


def suggested_submissions_close(voting_open_at: datetime, voting_close_at: datetime) -> datetime:
    """After three quarters of the voting time, and at least 24 hours before it ends."""
    return min(voting_open_at + (voting_close_at - voting_open_at) * 3 / 4, voting_close_at - DAY_TO_VOTE)


def check_phases(fields: Mapping[str, Any]) -> None:
    """Raise `Invalid` with a message on each time that is out of order."""
    errors: dict[str, list[str]] = {}
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


@transaction.atomic
def save(*, actor: User, consultation: Consultation, themes: list[tuple[str, str]]) -> Consultation:
    """Store a new or changed consultation and its themes (Korean, English), in order.

    Takes the exclusive lock of an existing one, because its phases may move. A theme that opinions use stays.
    Raises `NotAllowed` for who is no organiser, and `Invalid`.
    """
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers do this."))
    check_phases(vars(consultation))
    if consultation.pk is not None:
        locks.take(consultation.pk)
    consultation.save()
    kept = []
    for order, (korean, english) in enumerate(themes, 1):
        theme, _made = Theme.objects.update_or_create(
            consultation=consultation, title_ko=korean, defaults={"title_en": english, "order": order}
        )
        kept.append(theme.pk)
    consultation.themes.exclude(pk__in=kept).filter(opinions=None).delete()
    return consultation
