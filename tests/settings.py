"""Settings of the test suite: the real ones, with the addresses that `config.services` put in the environment."""

import os
from pathlib import Path
from tempfile import mkdtemp

if not os.environ.get("DATABASE_URL"):
    raise SystemExit("The tests need their servers. Run `make test`, or `python -m config.services exec pytest …`.")

os.environ.setdefault("SECRET_KEY", "for the tests only, never used for anything else 0123456789")
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")
# Processes that a test starts (tests/site.py) share its folder and have an address of their own.
os.environ["SITE_URL"] = os.environ.get("TEST_SITE_URL", "http://127.0.0.1:8000")
os.environ["VAR_DIR"] = os.environ.get("TEST_VAR_DIR") or mkdtemp(prefix="summit-tests-")

from config.settings import *  # noqa: F403
from config.settings import REDIS_URL, STORAGES

# Each worker of pytest-xdist has its own Redis database, as it has its own PostgreSQL database.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_separator = "?db=" if REDIS_URL.startswith("unix:") else "/"
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1) + "?virtual_host=" + str(_worker + 1)
    if REDIS_URL.startswith("unix:")
    else f"{REDIS_URL.rsplit('/', 1)[0]}/{_worker + 1}"
)
CACHES = {
    "default": {
        "BACKEND": "common.cache.ForgivingRedisCache",
        "LOCATION": f"{REDIS_URL}{_separator}{_worker + 1}" if REDIS_URL.startswith("unix:") else CELERY_BROKER_URL,
    }
}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MAIL_FOLDER = Path(os.environ["VAR_DIR"]) / "mail"
WHITENOISE_USE_FINDERS = True  # nothing is collected for tests
STATIC_ROOT = Path(os.environ["VAR_DIR"]) / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns where it is missing
PAGE_CACHE_SECONDS = 0  # a test that changes something looks at once; those of the page cache switch it on
