"""Who agreed with an opinion that was merged is asked once whether they agree with what it became.

Yes casts an ordinary vote on the target, unless the person has voted there already. Votes never move by themselves.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import NotAllowed
from consultations import voting
from consultations.models import Merge, Opinion, Vote
from consultations.models.opinions import State
from consultations.models.votes import Value
from notifications import occasions
from notifications.models import Occasion

KIND = "merge_consent"


def ask(merge: Merge, due_at: datetime) -> None:
    """Plan the one notice of a merge, in its transaction; who is asked is looked up when it is due."""
    occasions.plan(KIND, target=f"merge:{merge.pk}", version="1", due_at=due_at)


def call_off(merge: Merge) -> None:
    """The merge is undone: nobody is asked any more."""
    occasions.cancel(KIND, target=f"merge:{merge.pk}")


def merge_of(occasion: Occasion) -> Merge | None:
    """The merge of a notice, while its target takes votes."""
    found = Merge.objects.select_related("target__consultation", "target__version")
    merge = found.get(pk=UUID(occasion.target.partition(":")[2]))
    is_open = merge.target.state == State.PUBLISHED and not merge.target.consultation.is_closed(timezone.now())
    return merge if is_open else None


def audience(occasion: Occasion) -> QuerySet[User]:
    """Everybody who agreed with an original of this merge and has not voted on the target."""
    merge = merge_of(occasion)
    if merge is None:
        return User.objects.none()
    return User.objects.filter(is_active=True, pk__in=_asked(merge).values("participant__user"))


def _asked(merge: Merge) -> QuerySet[Vote]:
    voted = Vote.objects.filter(opinion=merge.target_id)
    agreed = Vote.objects.final().filter(opinion__merge=merge, value=Value.AGREE)
    return agreed.exclude(participant__in=voted.values("participant"))


def would_be_asked(opinions: Iterable[Opinion], into: Opinion | None) -> int:
    """How many people a merge of these would ask: who agrees with one of them and has not voted on the target.

    It rests on counts: show it only to who sees those of all of them (`counts.visible_counts`).
    """
    agreed = Vote.objects.counting().filter(opinion__in=[o.pk for o in opinions], value=Value.AGREE)
    if into is not None:
        agreed = agreed.exclude(participant__in=Vote.objects.filter(opinion=into).values("participant"))
    return agreed.filter(participant__user__is_active=True).aggregate(n=Count("participant", distinct=True))["n"] or 0


def agreed_with(user: Any, target: Opinion) -> list[Opinion]:
    """The originals of a target that the reader agreed with, by number."""
    if not user.is_authenticated:
        return []
    votes = Vote.objects.final().filter(opinion__merge__target=target, value=Value.AGREE, participant__user=user.pk)
    found = Opinion.objects.filter(pk__in=votes.values("opinion"))
    return list(found.select_related("consultation", "version").order_by("number"))


def has_answered(user: Any, target: Opinion) -> bool:
    """Whether the reader has voted on the target already, in whatever way."""
    return bool(user.is_authenticated) and Vote.objects.filter(opinion=target, participant__user=user.pk).exists()


def say_yes(*, user: User, target: Opinion, version: int | None = None) -> voting.Acknowledged | None:
    """Agree with the target by an ordinary vote; who has voted there already keeps that vote (None).

    Locks and errors as `voting.cast`; `NotAllowed` for who agreed with none of the originals.
    """
    if has_answered(user, target):
        return None
    if not agreed_with(user, target):
        raise NotAllowed(_("Only those who agreed with a merged opinion are asked. You can vote on this one."))
    return voting.cast(user=user, opinion=target, value=Value.AGREE, version=version)
