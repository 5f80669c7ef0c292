"""Downloads of the log of moderation, for organisers."""

from collections.abc import Callable, Iterable
from typing import IO, cast

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.guards import organisers_only
from common import limits
from consultations import log_files
from consultations.models import Consultation

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@organisers_only
@require_safe
@limits.limited(limits.LOG)
def as_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Every decision as CSV, sent while it is read."""
    return _answer(request, slug, "csv", CSV, log_files.as_csv)


@organisers_only
@require_safe
@limits.limited(limits.LOG)
def as_workbook(request: HttpRequest, slug: str) -> HttpResponse:
    """Every decision as an Excel workbook."""
    return _answer(request, slug, "xlsx", XLSX, log_files.as_workbook)


Make = Callable[[Consultation, str], Iterable[bytes] | IO[bytes]]


def _answer(request: HttpRequest, slug: str, ending: str, media_type: str, make: Make) -> HttpResponse:
    """The file under its name, kept by nobody on the way; a HEAD request makes none."""
    found = get_object_or_404(Consultation, slug=slug)
    name = f"{found.slug}-decisions.{ending}"
    if request.method == "HEAD":
        answer = HttpResponse(content_type=media_type)
    else:
        made = make(found, get_language() or "ko")
        kind = FileResponse if hasattr(made, "read") else StreamingHttpResponse
        # Decorators ask for the commonest kind of answer; they only set headers.
        answer = cast("HttpResponse", kind(made, content_type=media_type))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
