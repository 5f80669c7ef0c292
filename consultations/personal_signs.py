"""How rules tell personal data from other numbers. They read a folded text (`consultations.folding`).

Each rule has a shape and a weight. Words near it that say what it is add to the weight where it is doubtful, words
that call it something else take away; what reaches `ENOUGH` is marked. Every shape is bounded, so that a text takes
time in proportion to its length. The rules: `consultations.personal_contacts`, `consultations.personal_papers`.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ENOUGH = 0.5
#: What a word near a number adds or takes.
WORD = 0.5
#: How far before and behind a number such a word counts, in characters.
BEFORE, BEHIND = 28, 14


class Kind(TextChoices):
    RESIDENT = "resident", _("resident registration number")
    PHONE = "phone", _("phone number")
    EMAIL = "email", _("e-mail address")
    ACCOUNT = "account", _("bank account number")
    PASSPORT = "passport", _("passport number")
    LICENCE = "licence", _("driver's licence number")
    CARD = "card", _("card number")


class Sign(NamedTuple):
    """A part of the folded text that may be personal data."""

    kind: Kind
    start: int
    end: int
    weight: float


#: Finds all its signs in a text by itself.
Rule = Callable[[str], Iterator[Sign]]
#: Tries at one place where a number begins; most places are none of it.
NumberRule = Callable[[str, int], Sign | None]

#: Where a number of at least seven digits begins, with what may hide them. Nothing goes on before it: no other number
#: and no name of something (KR2021-…); but a word for a telephone may touch it.
_BEGINS = re.compile(
    r"[0-9(+](?<![0-9_#*@].)(?<![0-9][-./,~:].)(?<![a-z][-_/].)"
    r"(?:(?<![a-z].)|(?<=hp.)|(?<=\.p.)|(?<=tel.)|(?<=fax.)|(?<=cell.)|(?<=phone.)|(?<=mobile.))"
    r"(?=(?:[ ()+./~-]{0,3}[0-9*]){6})"
    r"(?<!(?=(?:19|20)[0-9]{2}[-~](?:19|20)[0-9]{2}(?![0-9-])).)"  # from year to year
)
#: Nothing goes on behind it.
ENDS = r"(?![0-9a-z_*])(?![-./,:][0-9*])"


def begins(text: str) -> Iterator[int]:
    """The places at which rules for numbers try."""
    return (found.start() for found in _BEGINS.finditer(text))


def near(words: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether such a word stands near the part. Slices keep the search short."""
    return bool(words.search(text[max(start - BEFORE, 0) : start]) or words.search(text[end : end + BEHIND]))


_ELSE_BEFORE = re.compile(
    r"(?:(?<![가-힣])제|(?:법인(?:등록)?|사업자(?:등록)?|특허|출원|과제|접수|승인|물품|문서)(?: ?번호)?"
    r"|(?:투고|제출|관리|일련|주문|송장|제품|시료|분류|품목|허가|인증|도서|모델)[ ]?번호|고시|안건|의안|바코드|코드|국번"
    r"|\b(?:corporat\w{1,4} (?:registration|number)|business number|isbn|issn|patent|docket|serial|batch|order|barcode|timestamps?(?: such as)?"
    r"|table|accession|grant|award|project|agreement|report|samples?|codes?|supplement\w*|figures?|fig|sections?|vol|volume|catalog\w*|model)\.?)[ :]{0,2}\(?\Z"
)
_ELSE_BEHIND = re.compile(
    r" ?(?:(?:호|명|원|건|개|권|쪽|바이트)(?:[은는이가을를의에도만로,. )]|\Z)|%|번 안건|(?:won|krw|usd|eur|euros?|dollars|bytes|people)\b)"
)


def is_else(text: str, start: int, end: int) -> bool:
    """Whether the words right before or behind call it something else: an order, a docket, an amount."""
    return bool(_ELSE_BEFORE.search(text[max(start - BEFORE, 0) : start]) or _ELSE_BEHIND.match(text, end))


def weighed(kind: Kind, text: str, span: tuple[int, int], weight: float, words: re.Pattern[str]) -> Sign:
    """The sign with what the words near it add, where that is needed, and take."""
    start, end = span
    # Brackets are part of it only when they open and close inside, and not around the whole.
    if text[start] == "(" and text.find(")", start, end - 1) < 0:
        start += 1
    if text[end - 1] == ")" and text.rfind("(", start, end) < 0:
        end -= 1
    if weight < ENOUGH:
        weight += WORD * near(words, text, start, end)
    if weight >= ENOUGH:
        weight -= WORD * is_else(text, start, end)
    return Sign(kind, start, end, weight)
