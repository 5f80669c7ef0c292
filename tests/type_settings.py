"""Settings for the type checker: it reads them, nothing is connected."""

import os

os.environ.setdefault("SECRET_KEY", "for the type checker only, never used for anything else")
os.environ.setdefault("DATABASE_URL", "postgres://localhost/none")
os.environ.setdefault("REDIS_URL", "redis://localhost/0")

from config.settings import *  # noqa: F403
