"""What people are told about decisions, and in which words: the reason, the rule, what can be done, and by when."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from consultations import reasons, states, telling, voiding
from consultations.models import Argument, Decision, OpinionVersion, Voiding
from consultations.models.cases import DecisionQuerySet
from consultations.models.opinions import State
from notifications import kinds
from notifications.models import Occasion


def register() -> None:
    for key in (telling.OPINION_DECIDED, telling.ARGUMENT_DECIDED):
        kinds.register(kinds.Kind(key, _render_decided, compulsory=True, urgent=True))
    kinds.register(kinds.Kind(telling.DECIDED_TOGETHER, _render_together, compulsory=True, urgent=True))
    kinds.register(kinds.Kind(telling.REPORT_DECIDED, _render_report))
    kinds.register(kinds.Kind(voiding.KIND, _render_voiding, compulsory=True, urgent=True))


#: Subjects of those that are heard most often; the others are named by the table of states.
_SUBJECTS: Mapping[str, str | Promise] = {
    "publish": gettext_lazy("Your opinion No. %(number)d is published"),
    "reject": gettext_lazy("Your opinion No. %(number)d was not published"),
    "request_changes": gettext_lazy("Your opinion No. %(number)d needs a change"),
    "return": gettext_lazy("Your opinion No. %(number)d is with the moderators again"),
    "approve_version": gettext_lazy("The new text of your opinion No. %(number)d is published"),
    "reject_version": gettext_lazy("The new text of your opinion No. %(number)d was not published"),
    "lapse_version": gettext_lazy("The new text of your opinion No. %(number)d came too late"),
}
_ARGUMENT_SUBJECTS: Mapping[str, str | Promise] = {
    "publish": gettext_lazy("Your argument on opinion No. %(number)d is published"),
    "reject": gettext_lazy("Your argument on opinion No. %(number)d was not published"),
}
#: The first words after the author's own.
_TOLD: Mapping[str, str | Promise] = {
    "request_changes": gettext_lazy("A moderator asks you to change the text before it can be published."),
    "return": gettext_lazy(
        "The time for changes is over. The text went back as it stands; there is nothing you need to do."
    ),
    "approve_version": gettext_lazy("It has taken the place of the earlier text."),
    "reject_version": gettext_lazy("The text that was published before stays."),
    "lapse_version": gettext_lazy(
        "No moderator decided on it until a day before voting closes. The text that was published before stays, with"
        " its votes."
    ),
    "hold": gettext_lazy(
        "It is hidden while moderators look at it. Its votes are kept and count again when it is back."
    ),
    "release": gettext_lazy("It is shown again, with its votes as they were."),
    "lapse_hold": gettext_lazy(
        "No second moderator confirmed the hold in time, so it is shown again, with its votes as they were."
    ),
    "confirm_removal": gettext_lazy("Two moderators decided to remove it. A note with the reason stays in its place."),
    "confirm_redaction": gettext_lazy("Two moderators decided to make a part of the text unreadable; the rest stays."),
    "grant_appeal": gettext_lazy("Somebody who took no part before looked at it and agrees with you."),
    "refuse_appeal": gettext_lazy(
        "Somebody who took no part before looked at it and comes to the same result. This decision is the last one."
    ),
    "undo": gettext_lazy("The last decision was taken back by who made it."),
    "dissolve": gettext_lazy("The opinions that it was made of stand for themselves again."),
}
_VOTE = gettext_lazy("Members can now vote on it.")


# --- the author -------------------------------------------------------------------------------------


def _render_decided(occasion: Occasion, reader: User) -> kinds.Mail | None:
    decision = decision_of(occasion)
    return kinds.Mail(subject(decision), _told(decision), *_link(decision))


def subject(decision: Decision) -> str:
    """What was decided on what, in one line."""
    facts = {"number": decision.opinion.number, "what": states.label(decision.verb)}
    if decision.argument_id is not None:
        known = _ARGUMENT_SUBJECTS.get(decision.verb)
        return str(known or _("Your argument on opinion No. %(number)d: %(what)s")) % facts
    known = _SUBJECTS.get(decision.verb)
    return str(known or _("Your opinion No. %(number)d: %(what)s")) % facts


def _told(decision: Decision) -> list[str]:
    """The text, what happened, why, and what can be done until when."""
    told = _TOLD.get(decision.verb) or (_VOTE if decision.verb == "publish" and not decision.argument_id else "")
    lines = [_own_words(decision), str(told), *_joined(decision), *_until(decision)]
    words = reasons.of(decision.reason)
    if words is not None:
        lines += [
            _("Reason: %(reason)s") % {"reason": words.title},
            _("The rule: %(rule)s") % {"rule": words.rule},
            _("What you can do: %(advice)s") % {"advice": words.advice},
        ]
    if decision.note:
        lines.append(_("Note of the moderator: %(note)s") % {"note": decision.note})
    return [line for line in [*lines, *_appeal(decision), *_now(decision)] if line]


def _own_words(decision: Decision) -> str:
    if decision.argument is not None:
        return _("Your argument: %(text)s") % {"text": decision.argument.text}
    version = OpinionVersion.objects.filter(pk__in=decision.versions[:1]).first() or decision.opinion.version
    return _("Your proposal: %(proposal)s") % {"proposal": version.proposal} if version is not None else ""


def _joined(decision: Decision) -> list[str]:
    """What it was merged into, and what becomes of votes."""
    if decision.verb != "merge" or decision.merge is None or decision.merge.target.version is None:
        return []
    target = decision.merge.target
    facts = {"number": target.number, "proposal": decision.merge.target.version.proposal}
    return [
        _("It was merged into opinion No. %(number)d: %(proposal)s") % facts,
        _(
            "Its page and its votes stay as they are, and nobody's vote was moved. Everybody who agreed with it is asked"
            " once whether they agree with the other one."
        ),
    ]


def _until(decision: Decision) -> list[str]:
    due = decision.subject.changes_due_at
    if decision.verb == "request_changes" and due is not None:
        return [
            _("You can change the text until %(moment)s. After that it goes back to the moderators as it stands.")
            % {"moment": moment(due)}
        ]
    if decision.verb == "hold" and decision.second_until is not None:
        return [
            _("If no second moderator confirms that until %(moment)s, it is shown again by itself.")
            % {"moment": moment(decision.second_until)}
        ]
    return []


def _appeal(decision: Decision) -> list[str]:
    if not states.allowed("appeal", decision.to_state) or decision.verb not in ("reject", "confirm_removal", "merge"):
        return []
    return [
        _(
            "If you think that this is wrong, you can appeal once, until %(moment)s. Somebody who took no part in it decides."
        )
        % {"moment": moment(decision.created_at + states.TIME_TO_APPEAL)}
    ]


def _now(decision: Decision) -> list[str]:
    if decision.verb not in ("undo", "grant_appeal"):
        return []
    return [_("It stands now as: %(state)s") % {"state": State(decision.to_state).label}]


def _render_together(occasion: Occasion, reader: User) -> kinds.Mail | None:
    """One mail about many decisions: each with its line and its words."""
    rows = _decisions().filter(pk__in=occasion.facts["decisions"]).order_by("pk")
    found = list(rows)
    if not found:
        return None
    if len(found) == 1:
        return kinds.Mail(subject(found[0]), _told(found[0]), *_link(found[0]))
    lines = [line for decision in found for line in (f"— {subject(decision)}", *_told(decision))]
    return kinds.Mail(
        _("%(count)d decisions on what you wrote") % {"count": len(found)},
        lines,
        kinds.absolute(reverse("my-opinions")),
        _("My opinions"),
    )


# --- who reported, and the second person ------------------------------------------------------------


def _render_report(occasion: Occasion, reader: User) -> kinds.Mail | None:
    decision = decision_of(occasion)
    facts = {"number": decision.opinion.number}
    if decision.to_state == State.PUBLISHED:
        told = _("Moderators looked at it and decided that it stays.")
    else:
        told = _("Moderators looked at it: %(what)s.") % {"what": states.label(decision.verb)}
    return kinds.Mail(
        _("What you reported: opinion No. %(number)d") % facts,
        [told, _("Thank you for telling us.")],
        kinds.absolute(decision.opinion.get_absolute_url()),
        _("Open the opinion"),
    )


def _render_voiding(occasion: Occasion, reader: User) -> kinds.Mail | None:
    record = Voiding.objects.select_related("participant__consultation").get(pk=int(occasion.target.partition(":")[2]))
    consultation = record.participant.consultation
    facts = {"title": consultation.title}
    if record.voids:
        title = _("Your participation was ended")
        told = _("The organisers ended your participation in “%(title)s”. Your votes there do not count.") % facts
    else:
        title = _("Your participation counts again")
        told = _("The organisers restored your participation in “%(title)s”. Your votes there count again.") % facts
    reason = _("Reason: %(reason)s") % {"reason": record.reason}
    return kinds.Mail(
        title, [told, reason], kinds.absolute(consultation.get_absolute_url()), _("Open the consultation")
    )


# --- parts ------------------------------------------------------------------------------------------


def _decisions() -> DecisionQuerySet:
    return Decision.objects.select_related(
        "opinion__consultation", "opinion__version", "argument", "merge__target__version", "answers"
    )


def decision_of(occasion: Occasion) -> Decision:
    """The decision that an occasion is about."""
    return _decisions().get(pk=int(occasion.target.partition(":")[2]))


def _link(decision: Decision) -> tuple[str, str]:
    """The page of the own text, where the reason stands and an appeal is written; there at once when there can be one."""
    opinion = decision.opinion
    place = "#appeal" if _appeal(decision) else ""
    if isinstance(decision.subject, Argument):
        return kinds.absolute(reverse("my-argument", args=[decision.subject.pk])) + place, _("Look at your argument")
    page = reverse("my-opinion", args=[opinion.consultation.slug, opinion.number])
    return kinds.absolute(page) + place, _("Look at your opinion")


def moment(value: datetime) -> str:
    """In the reader's zone, which is active while a mail is written."""
    return formats.date_format(timezone.localtime(value), "MOMENT_FORMAT")
