"""The peak of this process's own memory. Only the standard library: a peer's interpreter runs this file as well."""

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak() -> float:
    """The largest resident size since this program began, in MB of 1,048,576 bytes.

    On Linux from `VmHWM`: `ru_maxrss` survives `exec` (getrusage(2)), so that a small program that a large one started
    would report the large one's peak.
    """
    if STATUS.exists():
        line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
