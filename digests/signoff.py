"""Named hosts and their sign-off: an edition of theirs is published when each has signed these very bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from accounts.registration import ensure_account
from common import text
from common.db import Lock, lock_exclusive
from common.errors import DomainError, Invalid, NotAllowed
from consultations.models import Consultation
from digests import notices
from digests.content import iso
from digests.models import Edition, Host, SignOff
from summit.models import Summit


class SignOffMissing(DomainError):
    """A named host has not signed this edition. Fact `names`: who."""

    code = "sign_off_missing"


class NotInReview(DomainError):
    """The edition is not in review: still a draft, published, or replaced by a newer draft."""

    code = "not_in_review"


class OtherContent(DomainError):
    """What the person looked at is not what the edition holds now; nothing is signed."""

    code = "other_content"


# --- who ------------------------------------------------------------------------------------------


def hosts_of(consultation: Consultation) -> QuerySet[Host]:
    """The people whose sign-off an edition needs: those of the consultation and those of its summit."""
    mine = Q(consultation=consultation.pk) | Q(summit=consultation.summit_id)
    return Host.objects.filter(mine).select_related("user").order_by("pk")


def is_host(person: Any, consultation: Consultation) -> bool:
    return bool(person.is_authenticated and person.is_active) and hosts_of(consultation).filter(user=person.pk).exists()


def name_host(*, actor: User, place: Consultation | Summit, email: str, name_ko: str, name_en: str) -> Host:
    """Name who signs for a host; who has no account gets one.

    Editions in review wait for that person too from now on. Raises `NotAllowed` and `Invalid`.
    """
    _only_organisers(actor)
    names = {"name_ko": text.clean_line(name_ko), "name_en": text.clean_line(name_en)}
    wrong = {name: [str(_("Please write this in both languages."))] for name, value in names.items() if not value}
    if wrong:
        raise Invalid(_("Some fields need mending."), fields=wrong)
    host = Host(user=ensure_account(email), **names)
    setattr(host, "summit" if isinstance(place, Summit) else "consultation", place)
    return _store(host)


def _store(host: Host) -> Host:
    try:
        host.validate_constraints()
    except ValidationError as error:
        message = str(_("This person is named already."))
        raise Invalid(message, fields={"email": [message]}) from error
    host.save()
    return host


def remove_host(*, actor: User, host: Host) -> None:
    """Nobody waits for this person any more; what they signed stays on record. Raises `NotAllowed`."""
    _only_organisers(actor)
    host.delete()


# --- review and signing ---------------------------------------------------------------------------


@transaction.atomic
def ask(*, actor: User, edition: Edition) -> Edition:
    """Put a draft before its named hosts, who are told; again changes nothing.

    Takes the lock of the consultation's editions. Raises `NotAllowed`, and `DomainError` where nobody is named or
    the draft was replaced.
    """
    _only_organisers(actor)
    fresh = _locked(edition)
    if fresh.state != Edition.State.DRAFT:
        return fresh
    people = [host.user for host in hosts_of(fresh.consultation)]
    if not people:
        raise DomainError(_("No host is named here: the edition can be published without a sign-off."), code="no_hosts")
    Edition.objects.filter(pk=fresh.pk).update(state=Edition.State.REVIEW)
    notices.tell_sign_off_asked(fresh, people)
    fresh.state = Edition.State.REVIEW
    return fresh


@transaction.atomic
def sign(*, actor: User, edition: Edition, content_sha256: str) -> SignOff:
    """Sign for the hosts that the person is named for; again gives the first sign-off.

    `content_sha256` is what the person looked at. Takes the lock of the consultation's editions, so that a draft is not
    replaced meanwhile. Raises `NotAllowed`, `NotInReview`, `OtherContent`, and `DomainError` for a person without a name.
    """
    fresh = _locked(edition)
    mine = [host for host in hosts_of(fresh.consultation) if host.user_id == actor.pk]
    if not mine or not actor.is_active:
        raise NotAllowed(_("Only the named hosts sign an edition off."))
    earlier = fresh.sign_offs.filter(user=actor).first()
    if earlier is not None:
        return earlier
    if fresh.state != Edition.State.REVIEW:
        raise NotInReview(_("This edition is not in review."))
    if content_sha256 != fresh.content_sha256:
        raise OtherContent(_("This is not the text that you looked at. Please read it again."))
    if not actor.name:  # an address would stand on the public page
        raise DomainError(
            _("Please enter your name in your account first: it stands beside the edition."), code="no_name"
        )
    return SignOff.objects.create(
        edition=fresh,
        user=actor,
        name=actor.name,
        host_ko=" · ".join(host.name_ko for host in mine)[:410],
        host_en=" · ".join(host.name_en for host in mine)[:410],
        content_sha256=fresh.content_sha256,
    )


def check(edition: Edition) -> None:
    """Raise `SignOffMissing` unless every named host has signed what the edition holds; call it under the lock."""
    missing = [row.host for row in standing(edition) if row.signed is None]
    if missing:
        names = [f"{host.user} ({host.name})" for host in missing]
        raise SignOffMissing(_("A sign-off is missing: %(names)s.") % {"names": ", ".join(names)}, names=names)


# --- reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """One named host, and their sign-off of an edition when there is one."""

    host: Host
    signed: SignOff | None


def standing(edition: Edition) -> list[Standing]:
    """Each named host with what they signed; a sign-off of other bytes is none. Two queries."""
    signed = {row.user_id: row for row in valid(edition, edition.sign_offs.all())}
    return [Standing(host, signed.get(host.user_id)) for host in hosts_of(edition.consultation)]


def valid(edition: Edition, rows: Iterable[SignOff]) -> list[SignOff]:
    """The sign-offs that hold for what the edition holds."""
    return [row for row in rows if row.content_sha256 == edition.content_sha256]


def signed(edition: Edition) -> list[dict[str, Any]]:
    """Who signed for whom and when, as the manifest says it; in order of signing."""
    return [
        {"name": row.name, "host": {"ko": row.host_ko, "en": row.host_en}, "signed_at": iso(row.created_at)}
        for row in edition.sign_offs.order_by("pk")
    ]


def _only_organisers(actor: User) -> None:
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers do this."))


def _locked(edition: Edition) -> Edition:
    """The edition as it stands, under the lock of the consultation's editions."""
    lock_exclusive(Lock.EDITION, edition.consultation_id)
    fresh = Edition.objects.select_related("consultation").defer("content").filter(pk=edition.pk).first()
    if fresh is None:
        raise NotInReview(_("A newer draft took this one's place. Please look at it first."))
    return fresh
