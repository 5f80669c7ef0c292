"""Checks that need a database: migrations in step, translations complete, deployment settings."""

import os
import subprocess
import sys

PRODUCTION = {
    "SECRET_KEY": "a-production-like-key-of-fifty-characters-and-more-0123456789-abcdef",
    "ALLOWED_HOSTS": "summit.example.org",
    "SITE_URL": "https://summit.example.org",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Summit <no-reply@summit.example.org>",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


def main() -> int:
    """Run each check in production settings; returns 1 when one fails."""
    environment = {**os.environ, **PRODUCTION, "PYTHONWARNINGS": "ignore"}
    failed = 0
    for command in (
        ["makemigrations", "--check", "--dry-run"],
        ["check", "--deploy", "--fail-level", "WARNING"],
    ):
        failed |= subprocess.run([sys.executable, "manage.py", *command], env=environment).returncode
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
