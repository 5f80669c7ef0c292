"""What the author of an argument is told."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from consultations.models import Decision
from consultations.models.opinions import State
from notifications import kinds
from notifications.models import Occasion


def register() -> None:
    kinds.register(kinds.Kind("argument_decided", _render, compulsory=True, urgent=True))


def _render(occasion: Occasion, reader: User) -> kinds.Mail | None:
    decision = Decision.objects.select_related("argument", "opinion__consultation").get(
        pk=int(occasion.target.partition(":")[2])
    )
    assert decision.argument is not None
    paragraphs = [_("Your argument: %(text)s") % {"text": decision.argument.text}]
    facts = {"number": decision.opinion.number}
    if decision.to_state == State.PUBLISHED:
        subject = _("Your argument on opinion No. %(number)d is published") % facts
    else:
        subject = _("Your argument on opinion No. %(number)d was not published") % facts
        paragraphs.append(_("Reason: %(reason)s") % {"reason": decision.get_reason_display()})
    if decision.note:
        paragraphs.append(_("Note of the moderator: %(note)s") % {"note": decision.note})
    address = f"{settings.SITE_URL}{decision.opinion.get_absolute_url()}#arguments"
    return kinds.Mail(subject, paragraphs, address, _("Open the opinion"))
