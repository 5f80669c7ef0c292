"""Sealing: what an edition's manifest says when it is published, and the ZIP that holds it.

Plain Python: a web process publishes.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from digests.content import iso
from digests.models import Document, Edition
from digests.opendata import archive, manifest


def seal(edition: Edition, *, published_at: datetime, signed: Sequence[dict[str, Any]] = ()) -> str:
    """Write publish time and sign-off into the manifest of a draft, in its file and its ZIP; gives its SHA-256.

    Call inside the transaction that publishes, before the state changes: afterwards the database refuses it. No other
    file changes. A draft of before there were manifests is left as it is: an empty hash.
    """
    held = edition.documents.filter(format="manifest").first()
    if held is None:
        return ""
    made = manifest.sealed(json.loads(bytes(held.content)), published_at=iso(published_at), signed=signed)
    data = manifest.render(made)
    _rewrite(held, data)
    for packed in edition.documents.filter(format="zip"):
        _rewrite(packed, archive.with_last(bytes(packed.content), manifest.NAME, data))
    sha256 = hashlib.sha256(data).hexdigest()
    Edition.objects.filter(pk=edition.pk).update(manifest_sha256=sha256)
    return sha256


def _rewrite(document: Document, data: bytes) -> None:
    document.content, document.size, document.sha256 = data, len(data), hashlib.sha256(data).hexdigest()
    document.save(update_fields=["content", "size", "sha256"])
