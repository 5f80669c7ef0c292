"""What authors are told, and in which words."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from consultations import retexted
from consultations.models import Decision, Opinion
from consultations.versions import AFTER_CLOSING, TIME_FOR_CHANGES
from notifications import kinds
from notifications.models import Occasion

#: So many sentences are named in one mail; the rest is counted.
_NAMED = 10


def register() -> None:
    kinds.register(kinds.Kind("opinion_received", _render_received, compulsory=True, urgent=True))
    kinds.register(kinds.Kind("opinion_decided", _render_decided, compulsory=True, urgent=True))
    kinds.register(kinds.Kind(retexted.KIND, _render_text_changed, audience=retexted.audience))


#: Subject and first words of each decision.
_DECIDED = {
    "publish": (gettext_noop("Your opinion No. %(number)d is published"), gettext_noop("Members can now vote on it.")),
    "reject": (gettext_noop("Your opinion No. %(number)d was not published"), ""),
    "request_changes": (
        gettext_noop("Your opinion No. %(number)d needs a change"),
        gettext_noop("A moderator asks you to change the text before it can be published."),
    ),
    "return": (
        gettext_noop("Your opinion No. %(number)d is with the moderators again"),
        gettext_noop("The time for changes is over. The text went back as it stands; there is nothing you need to do."),
    ),
    "approve_version": (
        gettext_noop("The new text of your opinion No. %(number)d is published"),
        gettext_noop("It has taken the place of the earlier text."),
    ),
    "reject_version": (
        gettext_noop("The new text of your opinion No. %(number)d was not published"),
        gettext_noop("The text that was published before stays."),
    ),
    "lapse_version": (
        gettext_noop("The new text of your opinion No. %(number)d came too late"),
        gettext_noop(
            "No moderator decided on it until a day before voting closes. The text that was published before stays, with"
            " its votes."
        ),
    ),
}


def _address(opinion: Opinion) -> str:
    return str(settings.SITE_URL) + reverse("my-opinion", args=[opinion.consultation.slug, opinion.number])


def _render_received(occasion: Occasion, reader: User) -> kinds.Mail | None:
    opinion = Opinion.objects.select_related("consultation", "version").get(pk=occasion.target.partition(":")[2])
    assert opinion.version is not None
    return kinds.Mail(
        subject=_("We have received your opinion No. %(number)d") % {"number": opinion.number},
        paragraphs=[
            _("Your proposal: %(proposal)s") % {"proposal": opinion.version.proposal},
            _("It has the number %(number)d in the consultation “%(title)s”.")
            % {"number": opinion.number, "title": opinion.consultation.title},
            _(
                "What happens next: a moderator reads it, as a rule within one working day. You are told the decision by mail."
            ),
            _("Until %(moment)s you may propose another text. Members can vote until %(end)s.")
            % {
                "moment": _moment(opinion.consultation.submissions_close_at),
                "end": _moment(opinion.consultation.voting_close_at),
            },
        ],
        link=_address(opinion),
        link_text=_("Look at your opinion"),
    )


def _render_decided(occasion: Occasion, reader: User) -> kinds.Mail | None:
    decision = Decision.objects.select_related("opinion__consultation", "opinion__version").get(
        pk=int(occasion.target.partition(":")[2])
    )
    opinion = decision.opinion
    text = opinion.versions.filter(pk__in=decision.versions).first() or opinion.version
    assert text is not None
    subject, told = _DECIDED[decision.verb]
    paragraphs = [_("Your proposal: %(proposal)s") % {"proposal": text.proposal}]
    if told:
        paragraphs.append(_(told))
    if decision.verb == "request_changes":
        due = decision.created_at + TIME_FOR_CHANGES
        due = min(due, opinion.consultation.submissions_close_at + AFTER_CLOSING)
        paragraphs.append(
            _("You can change the text until %(moment)s. After that it goes back to the moderators as it stands.")
            % {"moment": _moment(due)}
        )
    if decision.reason:
        paragraphs.append(_("Reason: %(reason)s") % {"reason": decision.get_reason_display()})
    if decision.note:
        paragraphs.append(_("Note of the moderator: %(note)s") % {"note": decision.note})
    return kinds.Mail(_(subject) % {"number": opinion.number}, paragraphs, _address(opinion), _("Look at your opinion"))


def _render_text_changed(occasion: Occasion, reader: User) -> kinds.Mail | None:
    """One mail a day and consultation, however many texts; None when the reader has voted again on all."""
    mine = list(
        retexted.asked_about(occasion)
        .filter(participant__user=reader.pk)
        .select_related("opinion__consultation", "opinion__version")
        .order_by("opinion__number")
    )
    if not mine or mine[0].opinion.consultation.is_closed(timezone.now()):
        return None
    paragraphs = [
        _("You voted on an earlier text. Your vote is kept, but it counts only when you confirm or change it:"),
        *(
            f"No. {vote.opinion.number}: {vote.opinion.version.proposal}"
            for vote in mine[:_NAMED]
            if vote.opinion.version
        ),
    ]
    if len(mine) > _NAMED:
        paragraphs.append(_("and %(more)d more") % {"more": len(mine) - _NAMED})
    first = mine[0].opinion
    paragraphs.append(_("Voting is open until %(moment)s.") % {"moment": _moment(first.consultation.voting_close_at)})
    link = first if len(mine) == 1 else first.consultation
    return kinds.Mail(
        _("A text that you voted on has changed"),
        paragraphs,
        kinds.absolute(link.get_absolute_url()),
        _("Read and vote"),
    )


def _moment(value: datetime) -> str:
    """In the reader's zone, which is active while a mail is written."""
    return formats.date_format(timezone.localtime(value), "MOMENT_FORMAT")
