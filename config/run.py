"""`make run`: everything on this machine, from nothing to an address.

Starts the two private servers (unless their addresses are given), migrates, loads the sample the first
time, runs the Procfile with honcho and prints the address. When a process dies, whoever killed it, all
are started again; Ctrl-C stops all. A guard in a process of its own ends everything when this supervisor
is killed, so that nothing is left behind.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from config import leftovers, local, services
from config.local import ROOT

#: More deaths than this within a minute, and starting again would not help.
MOST_RESTARTS = 5


def main() -> int:
    """Start everything; returns the exit status."""
    var = local.var_folder()
    # SIGINT too: a shell that starts us in the background has told us to ignore it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        leftovers.end(var)
        os.environ["PORT"] = chosen_port()
        os.environ["PYTHONUNBUFFERED"] = "1"
        os.environ[leftovers.MARK] = str(var)
        local.prepare_environment(var)
        (var / "port").write_text(os.environ["PORT"])
        return supervise(var)
    except KeyboardInterrupt:
        return 0
    except services.ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        leftovers.end(var, but=os.getpid())


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def supervise(var: Path) -> int:
    """Run all; when a process dies, run all again, unless they keep dying."""
    given = bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    deaths: list[float] = []
    began = time.monotonic()
    while len(deaths) <= MOST_RESTARTS:
        with services.running(var / "run") as private:
            prepare_site()
            run_processes(var, private, began)  # returns when a process has died
        if not given:
            del os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
        deaths = [t for t in deaths if time.monotonic() - t < 60] + [time.monotonic()]
        print("A process died; starting all again.", flush=True)
        began = time.monotonic()
    print("Processes keep dying; giving up. The lines above say why.", file=sys.stderr)
    return 1


def chosen_port() -> str:
    """The port that was asked for, when nobody listens on it; else the first free one from 8000 on."""
    asked = os.environ.get("PORT")
    if not asked:
        return str(free_port(8000))
    if free_port(int(asked)) != int(asked):
        raise services.ServiceError(f"Port {asked} is taken by another program. Choose another: PORT=… make run")
    return asked


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nobody listens on: another copy may be running."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise services.ServiceError("No free port between 8000 and 8099; set PORT.")


def prepare_site() -> None:
    """Migrate, compile translations, collect static files, load the sample the first time."""
    import django
    from django.core.management import call_command

    from common.messages import compile_messages

    compile_messages(ROOT / "locale")
    django.setup()
    from django.conf import settings

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if settings.SAMPLE_SITE:
        call_command("load_sample", verbosity=0)
    from django.db import connections

    connections.close_all()


def run_processes(var: Path, private: services.Services, began: float) -> None:
    """Run the Procfile, and the guard beside it, until one of them or a private server dies."""
    threading.Thread(target=announce, args=(began,), daemon=True).start()
    commands = (
        [sys.executable, "-m", "honcho", "--no-prefix", "-f", str(ROOT / "Procfile"), "start"],
        [sys.executable, "-m", "config.leftovers", str(os.getpid()), str(var)],
    )
    # Sessions of their own: Ctrl-C reaches this supervisor alone, which then stops the others in order.
    children = [subprocess.Popen(c, cwd=ROOT, start_new_session=True) for c in commands]
    try:
        while all(child.poll() is None for child in children) and private.usable():
            time.sleep(0.3)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
        leftovers.end(var, but=os.getpid())


def announce(began: float) -> None:
    """Print the address once the site answers, and how to sign in."""
    address = f"http://127.0.0.1:{os.environ['PORT']}"
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/health/live", timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    break
        except OSError:
            time.sleep(0.1)
    else:
        return
    lines = [f"Ready after {time.monotonic() - began:.1f} s: {address}/"]
    if os.environ["SAMPLE_SITE"] == "1":
        lines.append("Sample site: choose a person in the bar at the top and press “Go”; no password.")
        lines.append(f"Mail that it sends can be read at {address}/sample/mail/")
    lines.append("Ctrl-C stops everything.")
    print("\n" + "\n".join(lines) + "\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
