"""How often somebody may do something: counted by account and by address, in Redis, in one atomic step.

The numbers are upper bounds against machines; many people at one meeting share one address, so those by
address are wide. When Redis is away the choice is stated on each limit: reading, writing and voting go on
uncounted, sign-in is refused, because guessing codes must never be free.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, cast

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from common.errors import DomainError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """At most so many in a window of ``seconds``; 0 does not count by that key."""

    name: str
    by_account: int
    by_address: int
    seconds: int
    refuse_when_away: bool = False


READ = Limit("read", by_account=1_200, by_address=6_000, seconds=60)
SEARCH = Limit("search", by_account=120, by_address=600, seconds=60)
SUBMIT = Limit("submit", by_account=30, by_address=600, seconds=3_600)
VOTE = Limit("vote", by_account=240, by_address=6_000, seconds=60)
WRITE = Limit("write", by_account=120, by_address=3_000, seconds=60)
#: The account is the address that asks for a code: so many mails at most, whoever asks.
SIGN_IN = Limit("sign_in", by_account=10, by_address=300, seconds=3_600, refuse_when_away=True)
#: The account is the answering link: its form is opened and sent so often at most, whoever has it.
RESPOND = Limit("respond", by_account=60, by_address=600, seconds=3_600)
EXPORT = Limit("export", by_account=60, by_address=600, seconds=60)
#: Whole logs: each takes seconds of a processor when there are tens of thousands of rows.
LOG = Limit("log", by_account=12, by_address=60, seconds=600)

#: Counts every key and gives back, for each, its count and the seconds until it starts anew. One script: a
#: burst of parallel requests cannot slip between reading and writing, and no key stays without an end.
_COUNT = """
local found = {}
for i, key in ipairs(KEYS) do
  local count = redis.call('INCR', key)
  if count == 1 then redis.call('EXPIRE', key, ARGV[1]) end
  found[#found + 1] = count
  found[#found + 1] = redis.call('TTL', key)
end
return found
"""


class TooMany(DomainError):
    """The limit is used up. Fact ``retry_after``: seconds to wait."""

    code = "too_many_requests"
    status = 429


def address_of(request: HttpRequest) -> str:
    """The client's address as far as it can be trusted: what connected to us, or what our own proxy saw.

    A client writes what it likes in front of `X-Forwarded-For`; only the last entry is the proxy's own.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is not None:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        return forwarded.rsplit(",", 1)[-1].strip() or seen
    return seen


def check(limit: Limit, request: HttpRequest, *, account: str = "") -> None:
    """Count one use and raise `TooMany` when it is one too many; the account defaults to who is signed in.

    When Redis is away: nothing happens, or `TooMany` where the limit says so. Never another error.
    """
    if not account and request.user.is_authenticated:
        account = str(request.user.pk)
    wait = spend(limit, account=account, address=address_of(request))
    if wait:
        raise TooMany(_("That was too often. Please wait a little and try again."), retry_after=wait)


def spend(limit: Limit, *, account: str = "", address: str = "") -> int:
    """Count one use by account and address; seconds to wait when a limit is used up, else 0."""
    counted = [
        (_key(limit, kind, who), most)
        for kind, who, most in (("account", account, limit.by_account), ("address", address, limit.by_address))
        if who and most
    ]
    if not counted:
        return 0
    try:
        found = _count([key for key, _most in counted], limit.seconds)
    except (RedisError, OSError):
        log.warning("the store of limits is away")
        return limit.seconds if limit.refuse_when_away else 0
    waits = [max(ttl, 1) for (_key_, most), (count, ttl) in zip(counted, found, strict=True) if count > most]
    return max(waits, default=0)


def limited(limit: Limit) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate a page's view: 429 with `Retry-After` and a page in words when the limit is used up."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                check(limit, request)
            except TooMany as error:
                return refusal(request, error)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def refusal(request: HttpRequest, error: TooMany) -> HttpResponse:
    """The page that says how long to wait."""
    answer = render(
        request, "errors/429.html", {"message": str(error), "seconds": error.facts["retry_after"]}, status=429
    )
    answer.headers["Retry-After"] = str(error.facts["retry_after"])
    return answer


def _key(limit: Limit, kind: str, who: str) -> str:
    """The key holds no address and no account, only what stands for it."""
    hashed = hashlib.blake2b(f"{kind}:{who}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16)
    return f"limit:{limit.name}:{hashed.hexdigest()}"


def _count(keys: list[str], seconds: int) -> list[tuple[int, int]]:
    client = _client(settings.CACHES["default"]["LOCATION"])
    found = cast("list[int]", client.eval(_COUNT, len(keys), *keys, str(seconds)))
    return list(zip(found[::2], found[1::2], strict=True))


@lru_cache(maxsize=4)
def _client(address: str) -> "redis.Redis":
    return redis.Redis.from_url(address, socket_connect_timeout=0.3, socket_timeout=0.3)
