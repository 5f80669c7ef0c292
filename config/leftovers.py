"""Nothing is left behind: every process of `make run` carries a mark, and the marked ones are ended.

python -m config.leftovers PID VAR_DIR     the guard: waits for the supervisor PID to be gone, then ends the rest
"""

import contextlib
import os
import sys
import time
from pathlib import Path

import psutil

from config.services import Services

#: Environment variable that every process started by `make run` inherits: the data directory it works for.
MARK = "SUMMIT_RUN"


def marked(var: Path, *, but: int = 0) -> list[psutil.Process]:
    """The processes started for this data directory, except this one, its parents and `but`."""
    own = {os.getpid(), but, *(p.pid for p in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid not in own and process.environ().get(MARK) == str(var):
                found.append(process)
    return found


def end(var: Path, *, but: int = 0) -> None:
    """End what still runs for this data directory: politely, then by force; the private servers last."""
    servers = {"postgres", "valkey-server"}
    rest = []
    for process in marked(var, but=but):
        with contextlib.suppress(psutil.Error):
            if process.name() not in servers:
                process.terminate()
                rest.append(process)
    _gone, alive = psutil.wait_procs(rest, timeout=8)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()


def guard(supervisor: int, var: Path) -> None:
    """Wait until the supervisor is gone, then end everything that it started."""
    with contextlib.suppress(psutil.Error):  # gone between two looks
        while psutil.Process(supervisor).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.5)
    end(var)
    Services(var / "run").end_leftovers()


if __name__ == "__main__":
    guard(int(sys.argv[1]), Path(sys.argv[2]))
