"""ZIP files whose bytes follow from their contents alone: fixed times, owners and order.

Plain Python: a web process uses it when an edition is published.
"""

import io
import zipfile
from collections.abc import Mapping

MEDIA_TYPE = "application/zip"
#: The first moment that the format knows; when the files were made is in the manifest.
_MOMENT = (1980, 1, 1, 0, 0, 0)
#: A higher level takes three times as long for a hundredth of the size.
_LEVEL = 6


def write(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            _add(archive, name, data)
    return out.getvalue()


def with_last(archive: bytes, name: str, data: bytes) -> bytes:
    """The ZIP with other contents for its last file, which must have this name; the rest is not compressed again."""
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a") as opened:
        last = opened.filelist.pop()
        if last.filename != name:
            raise ValueError(f"the last file is {last.filename}, not {name}")
        del opened.NameToInfo[name]
        # The directory begins behind the last file: from there on everything is written anew.
        opened.start_dir = last.header_offset
        _add(opened, name, data)
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    archive.writestr(info, data, compresslevel=_LEVEL)
