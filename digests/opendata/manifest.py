"""manifest.json: every file of an edition with its size and SHA-256, and the manifest before it.

It does not name itself nor the ZIP that holds it. Its own hash is stored on the edition and stands on the download page;
each manifest names the hash of the one before, so that no published edition can be changed or dropped unnoticed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

NAME = "manifest.json"
FORMAT_VERSION = 1


def build(content: dict[str, Any], files: Mapping[str, bytes], before: dict[str, Any] | None) -> dict[str, Any]:
    """The manifest of a draft: not signed, not published.

    `files` by name, as they lie in the ZIP or beside it; `before`: number and manifest's hash of the edition before.
    """
    edition = content["edition"]
    return {
        "format": "summit-digest-manifest",
        "format_version": FORMAT_VERSION,
        "edition": {
            "consultation": content["consultation"]["slug"],
            "number": edition["number"],
            "cutoff_at": edition["cutoff_at"],
            "input_sha256": edition["input_sha256"],
            "content_sha256": _sha256(files["digest.json"]),
            "published_at": None,
            "signed": [],
        },
        "files": [{"name": n, "size": len(files[n]), "sha256": _sha256(files[n])} for n in sorted(files)],
        "before": before and {name: before[name] or None for name in ("number", "manifest_sha256")},
    }


def sealed(manifest: dict[str, Any], *, published_at: str, signed: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The manifest of the published edition: when, and who signed it off; neither is in the digest itself."""
    return {**manifest, "edition": {**manifest["edition"], "published_at": published_at, "signed": list(signed)}}


def render(manifest: dict[str, Any]) -> bytes:
    """The bytes: sorted, indented, UTF-8."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
