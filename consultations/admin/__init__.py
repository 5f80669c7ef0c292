"""The admin of this floor: what can be done on the workbench can be done here too, through the same functions.

Votes, their log, priorities, drafts and marks have no page here: nobody on the staff sees who voted what, and nobody
changes a vote. Decisions, acts on many and voidings are read; places of redactions, reports and merges stand on the
page of what they belong to. Who wrote something is never a column, a filter or a search.
"""

from consultations.admin import arguments, cases, decisions, many, opinions, organising, people, reasons

__all__ = ["arguments", "cases", "decisions", "many", "opinions", "organising", "people", "reasons"]
