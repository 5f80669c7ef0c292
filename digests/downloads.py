"""Serving a document over HTTP: validators, ranges, and headers that keep browsers from guessing (RFC 9110)."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header, parse_etags

from digests.models import Document

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def serve(request: HttpRequest, document: Document, *, published: bool) -> HttpResponse:
    """The document as a download: 200, 206 for one range, 304 when the reader has it, 416 for a range beyond its end."""
    etag = f'"{document.sha256}"'
    if _has_it(request, etag):
        return _finish(HttpResponse(status=304), etag, published)
    span = _span(request, etag, document.size)
    if span == ():
        response = HttpResponse(status=416, content_type="text/plain; charset=utf-8")
        response["Content-Range"] = f"bytes */{document.size}"
        return _finish(response, etag, published)
    data = memoryview(document.content)
    response = HttpResponse(data[span[0] : span[1] + 1] if span else data, content_type=document.media_type)
    if span:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span[0]}-{span[1]}/{document.size}"
    response["Content-Length"] = str(span[1] - span[0] + 1 if span else document.size)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=document.name) or ""
    return _finish(response, etag, published)


def _has_it(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or any(tag.removeprefix("W/") == etag for tag in known)


def _span(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """First and last byte of the wanted range; None: the whole file; (): there is no such range.

    Several ranges, other units and a range of another file (If-Range) get the whole file, as the RFC allows.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip().replace(" ", ""))
    if match is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:
        length = min(int(last), size)
        return (size - length, size - 1) if length else ()
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None  # not a range at all
    return (start, end) if start < size else ()


def _finish(response: HttpResponse, etag: str, published: bool) -> HttpResponse:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    # Asked again each time: a published file can be withdrawn by an organiser, and the ETag makes asking cheap.
    response["Cache-Control"] = "public, no-cache" if published else "private, no-store"
    return response
