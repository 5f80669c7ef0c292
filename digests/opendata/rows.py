"""Votes and participants as files, under pseudonyms that hold for one edition.

No time, no society, no key of the database; rows in the order of pseudonyms, which is no order of people.
Workers only: this brings numpy.
"""

import hashlib
import hmac
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from analysis.groups import Groups
from digests.ballots import Ballots
from digests.findings import positions

VOTES, PARTICIPANTS = "votes.csv", "participants.csv"
#: Hexadecimal digits of a pseudonym: 64 bits, so that two people of one edition do not share one.
_DIGITS = 16


def secret_of(consultation_id: int, number: int, input_sha256: str) -> bytes:
    """What the pseudonyms of one edition are made with.

    HMAC-SHA-256 with the site's SECRET_KEY over consultation, edition number and hash of the input: the same stored
    input gives the same file again, and nobody without the key can link the people of two editions.
    """
    about = f"digests.pseudonyms:{consultation_id}:{number}:{input_sha256}"
    return hmac.digest(settings.SECRET_KEY.encode(), about.encode(), hashlib.sha256)


def pseudonyms(count: int, secret: bytes) -> list[str]:
    """A pseudonym for each person of the ballots, by their place there. Raises ValueError should two be the same."""
    names = [hmac.digest(secret, str(at).encode(), hashlib.sha256).hex()[:_DIGITS] for at in range(count)]
    if len(set(names)) != count:
        raise ValueError("two people have the same pseudonym")
    return names


def render(ballots: Ballots, found: Groups | None, names: list[str]) -> dict[str, bytes]:
    """`votes.csv` and `participants.csv`, whose layout is fixed in docs/digest-format.md."""
    order = sorted(range(len(names)), key=names.__getitem__)
    return {VOTES: _votes(ballots, names, order), PARTICIPANTS: _participants(found, names, order)}


def _votes(ballots: Ballots, names: list[str], order: list[int]) -> bytes:
    """One line a vote. Lines that differ only in the person are written once and used for all."""
    packed = (ballots.numbers << 18) | (ballots.versions << 2) | (ballots.values + 1)
    different, places = np.unique(packed, return_inverse=True)
    ends = [f",{x >> 18},{x >> 2 & 0xFFFF},{(x & 3) - 1}\n" for x in different.tolist()]
    stops = np.cumsum(np.bincount(ballots.voters, minlength=len(names))).tolist()
    starts = [0, *stops]
    pieces = (
        "".join([names[at] + ends[place] for place in places[starts[at] : stops[at]].tolist()]).encode() for at in order
    )
    return b"".join([b"pseudonym,number,version,value\n", *pieces])


def _participants(found: Groups | None, names: list[str], order: list[int]) -> bytes:
    cells = _places(found) if found is not None else [",,"] * len(names)
    return ("pseudonym,group,x,y\n" + "".join(f"{names[at]},{cells[at]}\n" for at in order)).encode()


def _places(found: Groups) -> list[str]:
    """Group and place of each person: a place for who is on the map, a group for who is in one that repeats."""
    labels: NDArray[Any] = found.labels + 1 if found.stable else np.zeros_like(found.labels)
    rows = zip(labels.tolist(), found.eligible.tolist(), positions(found).tolist(), strict=True)
    return [f"{group or ''},{x},{y}" if on else f"{group or ''},," for group, on, (x, y) in rows]
