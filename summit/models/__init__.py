"""When we meet: summits, meetings, agenda, registration."""

from summit.models.meetings import AgendaItem, Meeting, Summit
from summit.models.registrations import Registration

__all__ = ["AgendaItem", "Meeting", "Registration", "Summit"]
