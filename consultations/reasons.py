"""The reasons that moderators give: codes that are fixed, with words that organisers edit in both languages.

Members can read them before they write. Where no organiser has written anything, the words below hold.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import text
from common.errors import Invalid, NotAllowed
from consultations.models import ReasonText
from consultations.models.cases import Reason

#: The fields of a reason's words and how long each may be.
LENGTHS = {"title": 100, "rule": 500, "advice": 500}
LANGUAGES = ("ko", "en")


class Words(NamedTuple):
    """A reason in one language: its name, the rule behind it, and what its author can do."""

    code: str
    title: str
    rule: str
    advice: str


class _Default(NamedTuple):
    rule: str | Promise
    advice: str | Promise


_NEW_TEXT = _("You can submit it again in other words.")
_DEFAULTS: Mapping[str, _Default] = {
    Reason.OFF_TOPIC: _Default(
        _("An opinion answers the question of this consultation."),
        _("Look whether another consultation fits, or say how your proposal answers this question."),
    ),
    Reason.DUPLICATE: _Default(
        _("The same proposal is voted on once, so that its votes are counted together."),
        _("Vote on the opinion that says the same, or add an argument to it."),
    ),
    Reason.PERSONAL_DATA: _Default(
        _("No text names private people, or gives their addresses, numbers or anything that identifies them."),
        _("Submit it again without these data."),
    ),
    Reason.INSULT: _Default(
        _("Opinions are about matters. They insult and belittle nobody."),
        _NEW_TEXT,
    ),
    Reason.UNSUPPORTED_ACCUSATION: _Default(
        _("Who is accused of something must be able to answer it: accusations name their evidence."),
        _("Add the evidence, or describe the problem without accusing anybody."),
    ),
    Reason.ADVERTISING: _Default(
        _("Opinions do not advertise goods, services, events or people."),
        _("Submit the proposal without what advertises."),
    ),
    Reason.CONFIDENTIAL: _Default(
        _("What was told in confidence, or is protected by law or contract, is not published here."),
        _("Submit it again without what is confidential."),
    ),
    Reason.NOT_A_MEMBER: _Default(
        _("Opinions come from members of the societies that take part."),
        _("Ask your society to confirm your membership."),
    ),
    Reason.UNREADABLE: _Default(
        _("A reader who does not know the matter must understand what is proposed."),
        _NEW_TEXT,
    ),
    Reason.SEVERAL_POINTS: _Default(
        _("One opinion proposes one thing, so that everybody knows what they vote on."),
        _("Submit each proposal as an opinion of its own."),
    ),
    Reason.CONFLICT_NOT_DECLARED: _Default(
        _("Who would benefit says so in the field for interests."),
        _("Declare your interests and submit it again."),
    ),
    Reason.OTHER: _Default(
        _("The moderator explains it in words."),
        _("Look at the moderator's note."),
    ),
}


def of(code: str) -> Words | None:
    """A reason in the active language; None for no reason, or a code that is not known."""
    if code not in Reason.values:
        return None
    return _words(code, ReasonText.objects.filter(pk=code).first())


def all_() -> list[Words]:
    """Every reason in the active language, in the order of the codes; one query."""
    stored = ReasonText.objects.in_bulk()
    return [_words(code, stored.get(code)) for code in Reason.values]


def both(code: str) -> dict[str, str]:
    """The words as they hold, by field name (`title_ko` …); what an organiser's form opens with."""
    stored = ReasonText.objects.filter(pk=code).first()
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            words = _words(code, stored)
        found |= {f"{name}_{language}": str(getattr(words, name)) for name in LENGTHS}
    return found


@transaction.atomic
def edit(*, actor: User, code: str, fields: Mapping[str, str]) -> ReasonText:
    """Store an organiser's words for a reason, in both languages; mails and pages use them from now on.

    Raises `NotAllowed`, and `Invalid` for a code that does not exist, and with a message for each field that is empty
    or too long.
    """
    _check_organiser(actor)
    if code not in Reason.values:
        raise Invalid(_("Please choose a reason."))
    cleaned: dict[str, str] = {}
    errors: dict[str, list[str]] = {}
    for name, longest in LENGTHS.items():
        for field in (f"{name}_{language}" for language in LANGUAGES):
            cleaned[field] = text.clean_line(str(fields.get(field, "")))
            if not cleaned[field]:
                errors[field] = [str(_("This is needed in both languages."))]
            elif len(cleaned[field]) > longest:
                errors[field] = [str(_("At most %(most)d characters.") % {"most": longest})]
    if errors:
        raise Invalid(_("Some fields need mending."), fields=errors)
    changes = {**cleaned, "changed_by": actor, "changed_at": timezone.now()}
    return ReasonText.objects.update_or_create(code=code, defaults=changes)[0]


def reset(*, actor: User, code: str) -> bool:
    """Go back to the words that came with the site; whether there were others. Raises `NotAllowed`."""
    _check_organiser(actor)
    return bool(ReasonText.objects.filter(pk=code).delete()[0])


def _check_organiser(actor: User) -> None:
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers do this."))


def _words(code: str, stored: ReasonText | None) -> Words:
    if stored is not None:
        return Words(code, stored.title, stored.rule, stored.advice)
    default = _DEFAULTS[code]
    return Words(code, str(Reason(code).label), str(default.rule), str(default.advice))
