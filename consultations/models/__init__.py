"""What they think: consultations, participants, opinions with versions, votes, cases and decisions."""

from consultations.models.arguments import Argument, Helpful, Report
from consultations.models.cases import Case, Decision
from consultations.models.consultations import Consultation, Theme
from consultations.models.drafts import Draft
from consultations.models.filters import SavedFilter
from consultations.models.maps import OpinionMap
from consultations.models.merges import CoAuthor, Merge
from consultations.models.opinions import Opinion, OpinionVersion
from consultations.models.participants import Participant, RollEntry
from consultations.models.priorities import Priority
from consultations.models.records import Bulk, BulkRow, ReasonText, Redaction, Voiding
from consultations.models.routing import Route
from consultations.models.searching import SearchText
from consultations.models.vectors import DraftVector, OpinionVector
from consultations.models.votes import Vote, VoteLog

__all__ = [
    "Argument",
    "Bulk",
    "BulkRow",
    "Case",
    "CoAuthor",
    "Consultation",
    "Decision",
    "Draft",
    "DraftVector",
    "Helpful",
    "Merge",
    "Opinion",
    "OpinionMap",
    "OpinionVector",
    "OpinionVersion",
    "Participant",
    "Priority",
    "ReasonText",
    "Redaction",
    "Report",
    "RollEntry",
    "Route",
    "SavedFilter",
    "SearchText",
    "Theme",
    "Voiding",
    "Vote",
    "VoteLog",
]
