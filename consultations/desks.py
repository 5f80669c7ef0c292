"""Where a moderator works on something: the addresses of the desks, for pages, mails and the admin."""

from django.urls import reverse

from consultations import deciding
from consultations.deciding import Subject
from consultations.models import Decision


def desk(subject: Subject) -> str:
    """Of an opinion or argument, whatever waits about it."""
    opinion, argument = deciding.parts(subject)
    if argument is not None:
        return reverse("argument-desk", args=[argument.pk])
    return reverse("opinion-desk", args=[opinion.consultation.slug, opinion.number])


def redacting(subject: Subject) -> str:
    """Where parts of it are marked, and confirmed by a second person."""
    opinion, argument = deciding.parts(subject)
    if argument is not None:
        return reverse("redact-argument", args=[argument.pk])
    return reverse("redact", args=[opinion.consultation.slug, opinion.number])


def answering(decision: Decision) -> str:
    """Where the second person reads what a decision is about, and answers it."""
    return (redacting if decision.verb == "redact" else desk)(decision.subject)
