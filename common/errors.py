"""Errors that a capability raises and a face explains."""

from django.utils.functional import Promise


class DomainError(Exception):
    """What was asked cannot be done. ``message`` is for the reader, in the reader's language.

    ``code`` is stable and stands in API answers; ``status`` is the HTTP status that fits.
    """

    code = "refused"
    status = 409

    def __init__(self, message: str | Promise = "", *, code: str | None = None, **facts: object) -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code or self.code
        self.facts = facts


class NotAllowed(DomainError):
    """The person may not do this (now or ever)."""

    code = "not_allowed"
    status = 403


class Invalid(DomainError):
    """What was sent cannot be read or breaks a rule. ``fields`` names each field's messages."""

    code = "invalid"
    status = 400

    def __init__(
        self, message: str | Promise = "", *, fields: dict[str, list[str]] | None = None, **facts: object
    ) -> None:
        super().__init__(message)
        self.facts = facts
        self.fields = fields or {}
