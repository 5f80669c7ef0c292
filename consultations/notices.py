"""What authors are told, and in which words."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consultations import consent, retexted
from consultations.models import Opinion
from notifications import kinds
from notifications.models import Occasion

#: So many sentences are named in one mail; the rest is counted.
_NAMED = 10


def register() -> None:
    kinds.register(kinds.Kind("opinion_received", _render_received, compulsory=True, urgent=True))
    kinds.register(kinds.Kind(retexted.KIND, _render_text_changed, audience=retexted.audience))
    kinds.register(kinds.Kind(consent.KIND, _render_consent, audience=consent.audience, compulsory=True))


def _address(opinion: Opinion) -> str:
    return str(settings.SITE_URL) + reverse("my-opinion", args=[opinion.consultation.slug, opinion.number])


def _render_received(occasion: Occasion, reader: User) -> kinds.Mail | None:
    rows = Opinion.objects.select_related("consultation", "version", "entered_by", "meeting")
    opinion = rows.get(pk=occasion.target.partition(":")[2])
    assert opinion.version is not None
    return kinds.Mail(
        subject=_("We have received your opinion No. %(number)d") % {"number": opinion.number},
        paragraphs=[
            *_entered(opinion),
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


def _entered(opinion: Opinion) -> list[str]:
    """Who wrote it in for the author, and where it was said."""
    if opinion.entered_by is None:
        return []
    facts = {"person": opinion.entered_by_name}
    said = []
    if opinion.meeting is not None:
        said = [_("It was said at the meeting “%(title)s”.") % {"title": opinion.meeting.title}]
    return [
        _("%(person)s entered it for you. If that is a mistake, you can withdraw it on its page.") % facts,
        *said,
    ]


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


def _render_consent(occasion: Occasion, reader: User) -> kinds.Mail | None:
    """The joint text and what the reader agreed with; None when it takes no votes, or the reader has voted on it."""
    merge = consent.merge_of(occasion)
    if merge is None or merge.target.version is None or consent.has_answered(reader, merge.target):
        return None
    mine = [opinion for opinion in consent.agreed_with(reader, merge.target) if opinion.merge_id == merge.pk]
    if not mine:
        return None
    target = merge.target
    return kinds.Mail(
        _("An opinion that you agreed with was merged: do you agree with No. %(number)d?") % {"number": target.number},
        [
            _("You agreed with:"),
            *(f"No. {opinion.number}: {opinion.version.proposal}" for opinion in mine[:_NAMED] if opinion.version),
            _("Moderators merged it into opinion No. %(number)d: %(proposal)s")
            % {"number": target.number, "proposal": merge.target.version.proposal},
            _(
                "Your vote was not moved. If you agree with this text too, say so with one click; if not, you need not do"
                " anything."
            ),
            _("Voting is open until %(moment)s.") % {"moment": _moment(target.consultation.voting_close_at)},
        ],
        kinds.absolute(reverse("consent", args=[target.consultation.slug, target.number])),
        _("Read and say yes"),
    )


def _moment(value: datetime) -> str:
    """In the reader's zone, which is active while a mail is written."""
    return formats.date_format(timezone.localtime(value), "MOMENT_FORMAT")
