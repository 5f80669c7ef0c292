"""Errors of the API as RFC 9457 problem documents."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_handler

from common.errors import DomainError, Invalid


class ProblemResponse(Response):
    """A response whose media type says that it describes a problem."""

    def __init__(self, *, status: int, code: str, title: str, headers: Any = None, **members: object) -> None:
        body = {"type": "about:blank", "title": title, "status": status, "code": code, **members}
        super().__init__(body, status=status, headers=headers, content_type="application/problem+json")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's handler: domain errors and its own, in one shape."""
    if isinstance(error, Invalid):
        return ProblemResponse(
            status=error.status, code=error.code, title=str(error.message), errors=error.fields, **error.facts
        )
    if isinstance(error, DomainError):
        return ProblemResponse(status=error.status, code=error.code, title=str(error.message), **error.facts)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    answer = rest_handler(error, context)
    if answer is None or not isinstance(error, exceptions.APIException):
        return answer
    members = {"errors": answer.data} if isinstance(error, exceptions.ValidationError) else {}
    title = error.default_detail if isinstance(error, exceptions.ValidationError) else error.detail
    return ProblemResponse(
        status=answer.status_code, code=error.default_code, title=str(title), headers=answer.headers, **members
    )
