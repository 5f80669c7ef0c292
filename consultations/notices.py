"""What authors are told, and in which words."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from consultations.models import Decision, Opinion
from consultations.models.opinions import State
from notifications import kinds
from notifications.models import Occasion


def register() -> None:
    kinds.register(kinds.Kind("opinion_received", _render_received, compulsory=True, urgent=True))
    kinds.register(kinds.Kind("opinion_decided", _render_decided, compulsory=True, urgent=True))


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
        ],
        link=_address(opinion),
        link_text=_("Look at your opinion"),
    )


def _render_decided(occasion: Occasion, reader: User) -> kinds.Mail | None:
    decision = Decision.objects.select_related("opinion__consultation", "opinion__version").get(
        pk=int(occasion.target.partition(":")[2])
    )
    opinion = decision.opinion
    assert opinion.version is not None
    if decision.to_state == State.PUBLISHED:
        subject = _("Your opinion No. %(number)d is published") % {"number": opinion.number}
        paragraphs = [_("Members can now vote on it.")]
    else:
        subject = _("Your opinion No. %(number)d was not published") % {"number": opinion.number}
        paragraphs = [_("Reason: %(reason)s") % {"reason": decision.get_reason_display()}]
    paragraphs.insert(0, _("Your proposal: %(proposal)s") % {"proposal": opinion.version.proposal})
    if decision.note:
        paragraphs.append(_("Note of the moderator: %(note)s") % {"note": decision.note})
    return kinds.Mail(subject, paragraphs, _address(opinion), _("Look at your opinion"))
