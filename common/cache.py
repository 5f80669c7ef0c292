"""A cache that may be away."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, but a server that is away is an empty cache and never an error page."""

    def _forgive(self, name: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError):
            log.warning("cache is away")
            return default

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._forgive("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("set", None, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("add", True, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("incr", 1, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("delete", False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("get_many", {}, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("set_many", [], *args, **kwargs)
