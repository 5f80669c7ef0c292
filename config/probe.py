"""What the containers' health checks run: `python -m config.probe web | worker | beat`.

Status 0 when the process beside it does its work. Each looks at work done, not at a process that exists: a
worker that lost its broker is alive and deaf, a clock that hangs is alive and late.
"""

import os
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

#: Beat writes its schedule every three minutes.
BEAT_SCHEDULE = Path(os.environ.get("BEAT_SCHEDULE", "/tmp/beat/schedule"))  # noqa: S108 - a volume in memory of its own
BEAT_SILENCE = 600


def web() -> bool:
    """The web server answers that it is ready; asked under a name that it accepts."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".") or "localhost"
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/health/ready"
    try:
        with urlopen(Request(address, headers={"Host": host}), timeout=8) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def worker() -> bool:
    """The worker of this container takes messages from the broker and answers them."""
    from config.celery import app

    name = f"celery@{os.uname().nodename}"
    return bool(app.control.inspect(destination=[name], timeout=5).ping())


def beat() -> bool:
    """The clock has written down lately what it started."""
    written = [file.stat().st_mtime for file in BEAT_SCHEDULE.parent.glob(f"{BEAT_SCHEDULE.name}*")]
    return bool(written) and time.time() - max(written) < BEAT_SILENCE


PROBES = {"web": web, "worker": worker, "beat": beat}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in PROBES:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    return 0 if PROBES[arguments[0]]() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
