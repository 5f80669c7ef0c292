"""What a copy on this machine needs and production must say itself: addresses, a secret key, the sample site.

`make run` and `manage.py` use it when `DATABASE_URL` is not set. Nothing here applies once it is.
"""

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from config.services import Services, running

ROOT = Path(__file__).resolve().parent.parent


def is_configured() -> bool:
    """Whether somebody has said which database to use, in the environment or in `.env`."""
    return bool(os.environ.get("DATABASE_URL")) or (ROOT / ".env").exists()


def var_folder() -> Path:
    """Where this copy keeps its data; made when missing."""
    var = Path(os.environ.get("VAR_DIR") or "var")
    var = (var if var.is_absolute() else ROOT / var).resolve()
    var.mkdir(parents=True, exist_ok=True)
    return var


def prepare_environment(var: Path) -> None:
    """Fill in what `.env.example` calls compulsory, for a site on this machine only."""
    environment = os.environ
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    environment["PYTHONPATH"] = str(ROOT)
    environment["VAR_DIR"] = str(var)
    environment.setdefault("SAMPLE_SITE", "1")
    environment.setdefault("BIND", "127.0.0.1")
    environment.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost")
    environment.setdefault("SITE_URL", f"http://127.0.0.1:{environment.get('PORT') or kept_port(var)}")
    environment.setdefault("SECRET_KEY", kept_secret(var / "secret-key"))
    environment.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def kept_secret(file: Path) -> str:
    """A secret key of this copy's own, made once."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


def kept_port(var: Path) -> str:
    """The port that `make run` last used in this folder; links in documents made beside it lead there."""
    file = var / "port"
    return file.read_text() if file.exists() else "8000"


@contextlib.contextmanager
def servers(var: Path) -> Iterator[None]:
    """The private servers of `make run` for one command: those that run, else started for the command alone."""
    private = Services(var / "run")
    if private.answering():
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = private.database_url, private.redis_url
        yield
    else:
        with running(var / "run"):
            yield


def migrate(arguments: list[str]) -> None:
    """Bring the private database up to the code before a command that works on its data."""
    if not arguments or arguments[0] in {
        "help",
        "makemessages",
        "makemigrations",
        "migrate",
        "showmigrations",
        "sqlmigrate",
    }:
        return
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
