"""Whether this process lives, and whether it can do its work: two addresses for whoever watches it."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

#: Migrations of a running release are never taken back: once all were there, the files are not read again.
_known: set[str] = set()


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody else: a database that is away is no reason to restart this."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served: 503 without the database or with migrations missing.

    Without the broker everything is still accepted and stored, mail and digests come later: `degraded`, 200.
    """
    database = _database()
    parts = {"database": database, "migrations": _migrations(database), "broker": _broker()}
    if parts["database"] != "ok" or parts["migrations"] != "ok":
        return JsonResponse({"status": "unavailable", **parts}, status=503, headers={"Retry-After": "5"})
    return JsonResponse({"status": "ok" if parts["broker"] == "ok" else "degraded", **parts})


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    return "ok"


def _migrations(database: str) -> str:
    if database != "ok":
        return "unknown"
    if "applied" not in _known:
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "pending"
        except DatabaseError:
            return "unknown"
        _known.add("applied")
    return "ok"


def _broker() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        client.ping()
    except (RedisError, OSError):
        return "away"
    finally:
        client.close()
    return "ok"
