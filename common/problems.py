"""Errors of the API as RFC 9457 problem documents."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_handler
from rest_framework.views import set_rollback

from common.errors import DomainError, Invalid

log = logging.getLogger(__name__)


class ProblemResponse(Response):
    """A response whose media type says that it describes a problem."""

    def __init__(self, *, status: int, code: str, title: str, headers: Any = None, **members: object) -> None:
        body = {"type": "about:blank", "title": title, "status": status, "code": code, **members}
        super().__init__(body, status=status, headers=headers, content_type="application/problem+json")


class TooLarge(exceptions.APIException):
    """The body is larger than this address takes."""

    status_code = 413
    default_detail = "The body is too large."
    default_code = "too_large"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Every error in one shape: domain errors, those of the framework, and whatever nobody foresaw."""
    if isinstance(error, DomainError):
        set_rollback()
        return _of_domain(error)
    answer = rest_handler(_as_api_exception(error), context)
    if answer is None:
        return _unforeseen(error, context)
    return _of_framework(_as_api_exception(error), answer)


def _as_api_exception(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError()
    return error


def _of_domain(error: DomainError) -> ProblemResponse:
    members: dict[str, object] = {"errors": error.fields} if isinstance(error, Invalid) else {}
    headers = {"Retry-After": str(error.facts["retry_after"])} if "retry_after" in error.facts else None
    title = str(error.message) or error.code
    return ProblemResponse(status=error.status, code=error.code, title=title, headers=headers, **members, **error.facts)


def _of_framework(error: Exception, answer: Response) -> ProblemResponse:
    assert isinstance(error, exceptions.APIException)
    if isinstance(error, exceptions.ValidationError):
        return ProblemResponse(
            status=400, code="invalid", title=_("Some fields need mending."), errors=answer.data, headers=answer.headers
        )
    detail = error.detail
    # A permission may name its reason ("not_agreed"); without one the kind of error is the code.
    code = detail.code if isinstance(detail, exceptions.ErrorDetail) and detail.code else error.default_code
    return ProblemResponse(status=answer.status_code, code=code, title=str(detail), headers=answer.headers)


def _unforeseen(error: Exception, context: dict[str, Any]) -> ProblemResponse:
    """Log what happened, and say nothing of the inside; a database that is away is a matter of time."""
    set_rollback()
    if isinstance(error, OperationalError | InterfaceError):
        log.error("the database did not answer: %s", type(error).__name__)
        return ProblemResponse(
            status=503, code="unavailable", title=_("Please try again in a moment."), headers={"Retry-After": "5"}
        )
    log.error("an API request failed", exc_info=error)
    request = context.get("request")
    got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    return ProblemResponse(status=500, code="error", title=_("Something went wrong on our side."))
