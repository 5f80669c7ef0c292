"""How moderators are named to each other: by name, never by address; authors and the clock are not named as deciders."""

from django.utils.translation import gettext as _

from accounts.models import User
from consultations import states
from consultations.models import Decision


def named(person: User | None) -> str:
    """A colleague's name."""
    return person.name if person is not None and person.name else _("A moderator")


def decider(decision: Decision) -> User | None:
    """The moderator who decided; None for what its author did, and for the clock."""
    return decision.actor if states.is_of_moderators(decision.verb) else None


def name_of_decider(decision: Decision) -> str:
    """`decider` by name; empty where there is none."""
    person = decider(decision)
    return "" if person is None else named(person)
