"""Submitting an opinion: checked text, a number, a version, a case for the moderators and a receipt, in one transaction."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from common import db, text
from common.errors import DomainError, Invalid
from consultations import drafts, locks, recording, roll
from consultations.models import Case, Consultation, Opinion, OpinionVersion, Participant
from consultations.models.opinions import PROPOSAL_LENGTH, TEXT_LENGTH, Horizon, ShownAs, Source, State
from notifications import occasions
from summit.models import Meeting

MAX_EVIDENCE = 20
EVIDENCE_LENGTH = 500
VERSION_FIELDS = ("proposal", "problem", "reason", "addressee", "horizon", "evidence", "interests")
_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
_LINK = re.compile(r"^https?://[^\s/$.?#][^\s]*$", re.IGNORECASE)


class SubmissionsClosed(DomainError):
    """Submissions are not open: before they open, or after they closed."""

    code = "submissions_closed"


class KeyReused(DomainError):
    """The same idempotency key came with another text."""

    code = "key_reused"
    status = 422


def submit(
    *,
    user: User,
    consultation: Consultation,
    fields: Mapping[str, Any],
    source: str = Source.FORM,
    idempotency_key: str | None = None,
) -> Opinion:
    """Submit an opinion; it waits for a moderator and its author gets a receipt.

    `fields` are those of the form and the API alike (`check` says which). The same key and text again give
    the first opinion again. Takes the consultation's shared lock and reads the phase by the database's clock
    afterwards. The draft of the same key is closed in the same transaction. Raises `Invalid` (with each field's messages), `SubmissionsClosed`, `NotAllowed`, `KeyReused`.
    """
    checked = check(fields, consultation)
    with transaction.atomic():
        locks.share(consultation.pk)
        fresh = Consultation.objects.get(pk=consultation.pk)
        now = db.now()
        author = roll.enter(user=user, consultation=fresh)
        earlier = _earlier(author, idempotency_key)
        if earlier is not None:
            return same_or_refuse(earlier, checked)
        check_open(fresh, now)
        _check_theme_still_there(checked, fresh)
        made = store(fresh, author, checked, source, idempotency_key)
        drafts.finish(user=user, key=idempotency_key)
        return made


def check(fields: Mapping[str, Any], consultation: Consultation) -> dict[str, Any]:
    """The fields as they will be stored: cleaned, in NFC, each within its length.

    Raises `Invalid` with every field's messages at once.
    """
    errors: dict[str, list[str]] = {}
    checked: dict[str, Any] = {"proposal": text.clean_line(_string(fields, "proposal"))}
    for name, longest in (("problem", TEXT_LENGTH), ("reason", TEXT_LENGTH)):
        checked[name] = text.clean(_string(fields, name))
        _check_text(checked[name], longest, name, errors)
    _check_text(checked["proposal"], PROPOSAL_LENGTH, "proposal", errors)
    for name, longest in (("addressee", 200), ("interests", 500)):
        checked[name] = text.clean_line(_string(fields, name))
        _check_length(checked[name], longest, name, errors)
    checked["evidence"] = _check_evidence(fields.get("evidence") or "", errors)
    checked["theme"] = _check_theme(fields.get("theme"), consultation, errors)
    checked["horizon"] = _check_choice(fields, "horizon", {"", *Horizon.values}, "", errors)
    checked["shown_as"] = _check_choice(fields, "shown_as", set(ShownAs.values), ShownAs.SOCIETY, errors)
    checked["language"] = _check_choice(fields, "language", {"", "ko", "en"}, "", errors) or text.guess_language(
        f"{checked['proposal']} {checked['problem']}"
    )
    checked["quote"] = fields.get("quote", True) not in (False, "false", "0", "")
    if errors:
        raise Invalid(_("Some fields need mending."), fields=errors)
    return checked


def preview(fields: Mapping[str, Any]) -> OpinionVersion:
    """The text as its page would show it, cleaned by the same rules, whether or not it may be submitted yet."""
    return OpinionVersion(
        proposal=text.clean_line(_string(fields, "proposal")),
        problem=text.clean(_string(fields, "problem")),
        reason=text.clean(_string(fields, "reason")),
        addressee=text.clean_line(_string(fields, "addressee")),
        horizon=_check_choice(fields, "horizon", {"", *Horizon.values}, "", {}),
        evidence=_check_evidence(fields.get("evidence") or "", {}),
        interests=text.clean_line(_string(fields, "interests")),
    )


# --- checks of single fields ----------------------------------------------------------------------


def _string(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _check_text(value: str, longest: int, name: str, errors: dict[str, list[str]]) -> None:
    if not value:
        errors.setdefault(name, []).append(str(_("Write at least one sentence.")))
    elif not text.has_letters(value):
        errors.setdefault(name, []).append(str(_("Please use words: there is no letter or number in this text.")))
    _check_length(value, longest, name, errors)


def _check_length(value: str, longest: int, name: str, errors: dict[str, list[str]]) -> None:
    over = len(value) - longest
    if over > 0:
        message = ngettext(
            "%(over)d character too many (at most %(longest)d).",
            "%(over)d characters too many (at most %(longest)d).",
            over,
        ) % {"over": over, "longest": longest}
        errors.setdefault(name, []).append(message)


def _check_choice(
    fields: Mapping[str, Any], name: str, choices: set[str], default: str, errors: dict[str, list[str]]
) -> str:
    value = _string(fields, name) or default
    if value not in choices:
        errors.setdefault(name, []).append(str(_("Please choose one of the options.")))
    return value


def _check_theme(value: Any, consultation: Consultation, errors: dict[str, list[str]]) -> int | None:
    """The id of a theme of this consultation; another consultation's is refused like a made-up one."""
    if value in (None, ""):
        return None
    try:
        found = consultation.themes.filter(pk=int(str(value))).exists()
    except (ValueError, OverflowError):
        found = False
    if not found:
        errors["theme"] = [str(_("Please choose one of the themes."))]
        return None
    return int(str(value))


def _check_theme_still_there(checked: Mapping[str, Any], consultation: Consultation) -> None:
    """An organiser may have taken the theme away since; under the lock that can no longer happen."""
    if checked["theme"] is not None and not consultation.themes.filter(pk=checked["theme"]).exists():
        message = str(_("Please choose one of the themes."))
        raise Invalid(message, fields={"theme": [message]})


def _check_evidence(value: Any, errors: dict[str, list[str]]) -> list[str]:
    """DOIs and links, one a line; a DOI is stored as its own name. Nothing is fetched."""
    lines = value if isinstance(value, list) else str(value).splitlines()
    kept, wrong = [], []
    for line in (text.clean_line(str(line)) for line in lines):
        doi = _DOI.match(line)
        if doi and len(doi.group(1)) <= EVIDENCE_LENGTH - len("doi:"):
            kept.append(f"doi:{doi.group(1)}")
        elif _LINK.match(line) and len(line) <= EVIDENCE_LENGTH:
            kept.append(line)
        elif line:
            wrong.append(line[:80])
    if wrong:
        errors["evidence"] = [str(_("Neither a DOI nor a link: %(line)s") % {"line": line}) for line in wrong]
    if len(kept) > MAX_EVIDENCE:
        errors.setdefault("evidence", []).append(str(_("At most %(most)d sources.") % {"most": MAX_EVIDENCE}))
    return kept


def keys_of(*, user: User, consultation: Consultation) -> list[str]:
    """The keys of somebody's forms that made an opinion here: what a browser kept of them is no loss any more."""
    sent = Opinion.objects.filter(consultation=consultation, author__user=user).exclude(idempotency_key=None)
    return [str(key) for key in sent.order_by("-number").values_list("idempotency_key", flat=True)[:50]]


# --- storing --------------------------------------------------------------------------------------


def _earlier(author: Participant, key: str | None) -> Opinion | None:
    """The opinion that this key already made; parallel requests of one author wait for each other here."""
    if not key:
        return None
    Participant.objects.select_for_update(no_key=True).get(pk=author.pk)
    return author.opinions.filter(idempotency_key=key).first()


def fingerprint(checked: Mapping[str, Any]) -> str:
    """What makes two submissions the same text."""
    return hashlib.sha256(json.dumps(checked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def texts_of(checked: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the checked fields that a version holds."""
    return {name: checked[name] for name in VERSION_FIELDS}


def check_open(consultation: Consultation, now: datetime) -> None:
    """Raise `SubmissionsClosed` before submissions open and after they closed."""
    if not consultation.submissions_are_open(now):
        is_over = now >= consultation.submissions_close_at
        raise SubmissionsClosed(_("Submissions have closed.") if is_over else _("Submissions have not opened yet."))


def same_or_refuse(earlier: Opinion, checked: Mapping[str, Any]) -> Opinion:
    """The opinion that a key made before, when the text is the same; else raise `KeyReused`."""
    version = earlier.versions.get(number=1)
    stored = {name: getattr(version, name) for name in VERSION_FIELDS}
    stored |= {
        "theme": earlier.theme_id,
        "shown_as": earlier.shown_as,
        "language": earlier.language,
        "quote": earlier.quote,
    }
    if fingerprint(stored) != fingerprint(checked):
        raise KeyReused(_("This form was already sent with another text. Please open a new form."))
    return earlier


def next_number(consultation: Consultation) -> int:
    """The next number of an opinion in a consultation; inside the transaction that writes it, so without gaps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_consultation SET last_number = last_number + 1 WHERE id = %s RETURNING last_number",
            [consultation.pk],
        )
        return int(cursor.fetchone()[0])


def store(
    consultation: Consultation,
    author: Participant | None,
    checked: Mapping[str, Any],
    source: str,
    key: str | None,
    *,
    entered_by: User | None = None,
    meeting: Meeting | None = None,
) -> Opinion:
    """The rows of a new opinion: its number, version 1, its case, the author's receipt. Checked and locked by the caller."""
    now = timezone.now()
    opinion = Opinion.objects.create(
        consultation=consultation,
        number=next_number(consultation),
        author=author,
        theme_id=checked["theme"],
        state=State.SUBMITTED,
        source=source,
        language=checked["language"],
        shown_as=checked["shown_as"],
        quote=checked["quote"],
        submitted_at=now,
        idempotency_key=key or None,
        entered_by=entered_by,
        meeting=meeting,
    )
    version = OpinionVersion.objects.create(opinion=opinion, number=1, votes_since=1, **texts_of(checked))
    opinion.version = version
    opinion.save(update_fields=["version"])
    recording.open_case(Case.Kind.NEW, opinion, now=now)
    if author is not None and author.user is not None:
        occasions.notify("opinion_received", target=f"opinion:{opinion.pk}", people=[author.user])
    return opinion
