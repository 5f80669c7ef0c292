"""Rules for numbers of residents, accounts, cards, passports and licences; see `consultations.personal_signs`.

Sources: Enforcement Rule of the Resident Registration Act, article 2 (since October 2020 the last six digits are drawn,
so that nothing is asked but a day of birth and the seventh digit); passports, the foreign ministry's form since
December 2021; cards, ISO/IEC 7812-1; IBAN, ISO 13616. Banks publish no common form of account numbers: 10 to 14 digits.
"""

import re
from calendar import monthrange
from collections.abc import Iterator

from consultations.personal_signs import BEFORE, ENDS, ENOUGH, WORD, Kind, Sign, weighed

# --- resident registration numbers, those of foreigners among them ----------------------------------

_RESIDENT = re.compile(
    r"([0-9]{2})([-./]?)(0[1-9]|1[0-2])\2(0[1-9]|[12][0-9]|3[01])(?: ?([-~./]) ?|( )|)"
    r"(?:([1-8])([0-9*x]{6})|(\*{7})|([1-8]))(?![0-9a-z_*])(?![-./,][0-9])"
)
_RESIDENT_WORDS = re.compile(
    r"주민|외국인|등록번호|생년월일|본인\s?확인|\b(?:resident|registration|rrn|arc|alien|foreigner|id|birth)\b"
)


def resident(text: str, start: int) -> Sign | None:
    """Six digits of a real day of birth, a seventh for century and sex, six more that may be hidden."""
    found = _RESIDENT.match(text, start)
    if not found:
        return None
    year, _parted, month, day, joined, _space, seventh, rest, _hidden, alone = found.groups()
    if not _is_day(int(year), int(month), int(day), seventh or alone or "") or not _hides_its_end(rest or ""):
        return None
    weight = 0.9 if joined else 0.5
    if int(year) >= 50 and seventh in ("3", "4", "7", "8"):
        weight -= 0.6  # nobody is born then yet; a slip all the same where a word says what it is
    if alone:  # nothing but the first of the last seven digits
        weight = 0.2 if joined else -1
    return weighed(Kind.RESIDENT, text, found.span(), weight, _RESIDENT_WORDS)


def _is_day(year: int, month: int, day: int, seventh: str) -> bool:
    """Whether there is such a day in the century that the seventh digit says; hidden, it may be either."""
    return day <= monthrange((1900 if seventh in ("1", "2", "5", "6") else 2000) + year, month)[1]


def _hides_its_end(rest: str) -> bool:
    """Digits may be hidden from some place on; x and * in between are something else."""
    return not rest.rstrip("*x").strip("0123456789")


# --- bank accounts ----------------------------------------------------------------------------------

_ACCOUNT = re.compile(rf"(?:[0-9]{{2,6}}(?:-[0-9]{{1,8}}){{2,4}}|[0-9]{{4}}-[0-9]{{6,10}}|[0-9]{{10,14}}){ENDS}")
_IBAN = re.compile(
    r"[0-9](?<=[a-z]{2}.)(?<![0-9a-z_][a-z]{2}.)[0-9](?: ?[0-9a-z]{4}){3,7}(?: ?[0-9a-z]{1,3})?(?![0-9a-z])"
)
_ACCOUNT_WORDS = re.compile(
    r"계좌|통장|입금|송금|이체|예금주|은행|뱅크|농협|신협|수협|우체국|새마을금고|카뱅"
    r"|\b(?:bank|account (?:no|number|num)|account\b.{0,3}\Z|transfer|kookmin|shinhan|woori|hana|kb|nh|nonghyup|ibk|kdb|suhyup|citibank|kakaobank|k ?bank|toss)\b"
)
#: Banks whose names are everyday words too: only right before or behind the number.
_BANK_BESIDE = re.compile(r"(?:국민|우리|하나|기업|신한|산업) ?\Z")
_NAMED_ACCOUNT = re.compile(r"(?:계좌(?:번호)?|account(?: no\.?| number)?)[은는이가 :(]{0,4}\Z")
_YEAR_FIRST = re.compile(r"(?:19|20)[0-9]{2}-")


def account(text: str, start: int) -> Sign | None:
    """10 to 14 digits, marked only near a bank or a word for an account."""
    found = _ACCOUNT.match(text, start)
    if not found or not 10 <= sum(c.isdigit() for c in found[0]) <= 14:
        return None
    before = text[max(start - BEFORE, 0) : start]
    weight = 0.3 if "-" in found[0] else 0.1
    weight -= 0.4 * bool(_YEAR_FIRST.match(found[0]))
    weight += 0.3 * bool(_NAMED_ACCOUNT.search(before)) + WORD * bool(_BANK_BESIDE.search(before))
    return weighed(Kind.ACCOUNT, text, found.span(), weight, _ACCOUNT_WORDS)


def ibans(text: str) -> Iterator[Sign]:
    """International account numbers whose check digits are right."""
    for found in _IBAN.finditer(text):
        start, end = found.start() - 2, found.end()  # the country's two letters
        if _is_iban(text[start:end].replace(" ", "")):
            yield Sign(Kind.ACCOUNT, start, end, 0.9)


def _is_iban(iban: str) -> bool:
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


# --- cards, passports, licences ---------------------------------------------------------------------

_CARD = re.compile(
    rf"[2-69](?:[0-9]{{3}}([ -])[0-9]{{4}}\1[0-9]{{4}}\1[0-9]{{4}}|[0-9]{{3}}([ -])[0-9]{{6}}\2[0-9]{{4,5}}|[0-9]{{12,18}}){ENDS}"
)
_CARD_WORDS = re.compile(r"카드|\bcards?\b|\bvisa\b|\bmaster")


def card(text: str, start: int) -> Sign | None:
    """13 to 19 digits whose check digit is right (Luhn), as one in ten of other numbers is too: hence the weights."""
    found = _CARD.match(text, start)
    digits = [int(c) for c in found[0] if c.isdigit()] if found else []
    if not found or not _luhn(digits):
        return None
    weight = 0.8 if found[1] or found[2] else 0.5
    if digits[0] == 2 or len(digits) not in (15, 16):
        weight -= 0.4
    return weighed(Kind.CARD, text, found.span(), weight, _CARD_WORDS)


def _luhn(digits: list[int]) -> bool:
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_PASSPORT = re.compile(r"(?<![0-9a-z_-])[mrsgd] ?(?:[0-9]{8}|[0-9]{3}[a-z][0-9]{4})(?![0-9a-z_-])")
_PASSPORT_WORDS = re.compile(r"여권|\bpassports?\b")
_OTHER_PASSPORT = re.compile(
    r"(?:여권(?:번호)?|passport(?: no\.?| number)?)(?:[ :(은는이가]{1,4}| is )((?=(?:[a-z]{0,3}[0-9]){5})[a-z0-9]{8,9})(?![0-9a-z_-])"
)
#: So near to a passport another one is one too: a list of them.
_IN_A_LIST = 12


def passports(text: str) -> Iterator[Sign]:
    """Korean ones, a letter and eight digits or one of those a letter again, near the word; others right behind it.

    Many other things are numbered so; without the word nothing is marked.
    """
    if "여권" not in text and "passport" not in text:
        return
    last = -BEFORE
    for found in _PASSPORT.finditer(text):
        in_a_list = found.start() - last <= _IN_A_LIST
        sign = weighed(Kind.PASSPORT, text, found.span(), 0.5 if in_a_list else 0.2, _PASSPORT_WORDS)
        last = sign.end if sign.weight >= ENOUGH else last
        yield sign
    for found in _OTHER_PASSPORT.finditer(text):
        yield Sign(Kind.PASSPORT, *found.span(1), 0.7)


_LICENCE = re.compile(rf"(?:1[1-9]|2[0-8])([- ]?)[0-9]{{2}}\1[0-9]{{6}}\1[0-9]{{2}}{ENDS}")
_OLD_LICENCE = re.compile(
    r"(?:서울|부산|경기|강원|충북|충남|전북|전남|경북|경남|제주|대구|인천|광주|대전|울산) ?[0-9]{2}-[0-9]{6}-[0-9]{2}"
    + ENDS
)
_LICENCE_WORDS = re.compile(r"면허|\blicen[cs]e\b")


def licence(text: str, start: int) -> Sign | None:
    """A place (11 to 28), a year, six digits, two digits."""
    found = _LICENCE.match(text, start)
    weight = 0.8 if found and "-" in found[0] else 0.1
    return weighed(Kind.LICENCE, text, found.span(), weight, _LICENCE_WORDS) if found else None


def old_licences(text: str) -> Iterator[Sign]:
    """Those that name their place."""
    for found in _OLD_LICENCE.finditer(text):
        yield weighed(Kind.LICENCE, text, found.span(), 0.8, _LICENCE_WORDS)
