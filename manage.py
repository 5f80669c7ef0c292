#!/usr/bin/env python3
"""Django's command line. Without DATABASE_URL it works on the data of `make run`, whether that is running or not."""

import contextlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PYTHON = ROOT / ".venv" / "bin" / "python"


def main() -> None:
    """Run one command, beside the private servers when no others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with contextlib.ExitStack() as stack:
        from config import local

        if not local.is_configured():
            var = local.var_folder()
            local.prepare_environment(var)
            stack.enter_context(local.servers(var))
            local.migrate(sys.argv[1:])
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    if find_spec("django") is None and PYTHON.exists():
        os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 - `./manage.py` works without activating anything
    main()
