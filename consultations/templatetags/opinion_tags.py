"""What pages of opinions ask for in passing."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from common import charts
from consultations import colleagues, desks, retexted, states
from consultations.deciding import Subject
from consultations.models import Decision, Opinion, Vote

register = template.Library()


@register.simple_tag(takes_context=True)
def earlier_vote(context: template.Context, opinion: Opinion) -> Vote | None:
    """The reader's own vote on an earlier text; no query where the text has never changed."""
    if opinion.version is None or opinion.version.votes_since == 1:
        return None
    request: Any = context["request"]
    return retexted.earlier_vote_of(request.user, opinion)


@register.filter
def verb_label(verb: str) -> str:
    """What was done, in the words of the table of states."""
    return states.label(verb)


@register.filter
def moderator(decision: Decision) -> str:
    """The name of the moderator who decided; empty for what its author did, and for the clock."""
    return colleagues.name_of_decider(decision)


@register.filter
def desk(subject: Subject) -> str:
    """The moderators' page of an opinion or argument."""
    return desks.desk(subject)


@register.filter
def redacting(subject: Subject) -> str:
    """The page on which parts of an opinion or argument are redacted."""
    return desks.redacting(subject)


@register.filter
def answering(decision: Decision) -> str:
    """The page on which the second person answers a decision."""
    return desks.answering(decision)


@register.simple_tag
def map_shape(group: int) -> SafeString:
    """The mark by which a group is drawn on the map."""
    return charts.shape(group)
