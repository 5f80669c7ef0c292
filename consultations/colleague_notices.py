"""What colleagues are told: a second person is wanted and what they said, or nobody is left to decide on an appeal."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from consultations import authors, desks, reasons, states, telling
from consultations.decision_notices import decision_of, moment
from consultations.models import Case, Decision
from notifications import kinds
from notifications.models import Occasion


def register() -> None:
    kinds.register(kinds.Kind(telling.SECOND_WANTED, _render_second_wanted, urgent=True))
    kinds.register(kinds.Kind(telling.SECOND_ANSWERED, _render_second_answered))
    kinds.register(kinds.Kind(telling.DECIDER_WANTED, _render_decider_wanted, urgent=True))


def _render_decider_wanted(occasion: Occasion, reader: User) -> kinds.Mail | None:
    """None once the appeal is decided."""
    decision = decision_of(occasion)
    if not Case.objects.filter(opened_by=decision, closed_at=None).exists():
        return None
    facts = {"number": decision.opinion.number}
    return kinds.Mail(
        _("An appeal wants another moderator: opinion No. %(number)d") % facts,
        [
            _("Somebody who took no part decides on an appeal, and every moderator of today took part."),
            _("Please name another moderator; it waits in the queue until then."),
        ],
        kinds.absolute(reverse("organise")),
        _("Organise"),
    )


def _render_second_wanted(occasion: Occasion, reader: User) -> kinds.Mail | None:
    """None once somebody has answered, and for who wrote it."""
    decision = decision_of(occasion)
    if Decision.objects.filter(answers=decision).exists() or decision.second_until is None:
        return None
    if reader.pk in {person.pk for person in authors.people_of(decision.subject)}:
        return None
    facts = {"number": decision.opinion.number, "what": states.label(decision.verb)}
    words = reasons.of(decision.reason)
    return kinds.Mail(
        _("A second moderator is wanted: opinion No. %(number)d, %(what)s") % facts,
        [
            _("Somebody else than the first must look at it until %(moment)s.")
            % {"moment": moment(decision.second_until)},
            *([_("Reason: %(reason)s") % {"reason": words.title}] if words is not None else []),
        ],
        kinds.absolute(desks.answering(decision)),
        _("Open what waits"),
    )


def _render_second_answered(occasion: Occasion, reader: User) -> kinds.Mail | None:
    decision = decision_of(occasion)
    facts = {"number": decision.opinion.number, "what": states.label(decision.verb)}
    lines = [_("What you decided on opinion No. %(number)d: %(what)s.") % facts]
    if decision.note:
        lines.append(_("Note of the moderator: %(note)s") % {"note": decision.note})
    return kinds.Mail(
        _("Opinion No. %(number)d: %(what)s") % facts,
        lines,
        kinds.absolute(reverse("moderation")),
        _("Open what waits"),
    )
