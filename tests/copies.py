"""A whole copy of the platform, started as `make run` starts it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

from config import leftovers
from tests.site import ROOT, free_port

#: What the environment of this test run says of its own servers; a newcomer has none of it.
OURS = {
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "SAMPLE_SITE",
    "DJANGO_SETTINGS_MODULE",
    "PORT",
}


class Copy:
    """One running copy of the platform with a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.start()

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in OURS and not k.startswith("PYTEST")}
        environment |= {"VAR_DIR": str(self.var), "PORT": str(self.port)}
        self.log = self.var.with_suffix(".log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.run"], cwd=ROOT, env=environment, stdout=self.log, stderr=self.log
        )
        self.wait_until(self.answers, 90)

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=3) as answer,
        ):
            return bool(answer.status == 200)
        return False

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return
            time.sleep(0.25)
        raise AssertionError(f"waited {seconds} s in vain\n{self.var.with_suffix('.log').read_text()[-3000:]}")

    def processes(self) -> list[psutil.Process]:
        return leftovers.marked(self.var)

    def named(self, *words: str) -> list[psutil.Process]:
        found = []
        with contextlib.suppress(OSError, psutil.Error):
            # Valkey writes its title over its environment, so its mark cannot be read.
            if words == ("valkey-server",):
                found.append(psutil.Process(int((self.var / "run" / "valkey.pid").read_text())))
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                if all(word in " ".join(process.cmdline()) for word in words):
                    found.append(process)
        return found

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        self.log.close()
