"""Rules for telephone numbers and e-mail addresses; see `consultations.personal_signs` for how rules work.

Sources: the government's Detailed Rules on the Administration of Telecommunication Numbers (which codes are a place's, a
person's or a company's); ITU-T E.164; RFC 5321 for the lengths of addresses.
"""

import re
from collections.abc import Iterator

from consultations.personal_signs import ENDS, Kind, Sign, weighed

# --- telephone numbers ------------------------------------------------------------------------------

_GAP = r"(?: ?[-./)] ?| )?"
_FROM_ABROAD = rf"82\)?{_GAP}(?:\(0\) ?-?|0|\()?"
_PHONE = re.compile(
    rf"(\(?(?:\+ ?|00){_FROM_ABROAD}|\(?82\)?[- .]|\(?0)(2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|1[016-9]|70|50[0-9])\)?({_GAP})"
    rf"([0-9]{{3,4}})({_GAP})([0-9]{{4}}){ENDS}"
)
_PHONE_WORDS = re.compile(
    r"전화|연락|핸드폰|휴대|폰|문자|팩스|통화|직통|내선|상담|문의|번호|☎|📞|☏"
    r"|\b(?:tel|telephones?|phones?|mobile|cell|call|dial|ring|fax|text|contact|hp|h\.p|whatsapp|reach|number|hotline)\b"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}\Z")


def phone(text: str, start: int) -> Sign | None:
    """A Korean number of a person or an office. Numbers of companies' services (15xx, 16xx, 18xx, 080, 060) are none."""
    found = _PHONE.match(text, start)
    if not found or not (weight := _phone_weight(*found.groups())):
        return None
    return weighed(Kind.PHONE, text, found.span(), weight, _PHONE_WORDS)


def _phone_weight(lead: str, code: str, gap: str, middle: str, second: str, last: str) -> float:
    if code == "10" and len(middle) != 4:
        return 0
    is_mobile = code == "10" or code.startswith("50")
    if "82" in lead:
        return 0.9 if "+" in lead or is_mobile else 0.4
    if is_mobile:
        return 0.8
    if _YEAR.match(middle) and last.startswith("0"):
        return 0.3  # the number of a document of some year
    closed = ")" in gap or "(" in lead
    plain = {gap.strip(), second.strip()} - {")"}
    if closed or plain == {"-"}:
        return 0.8
    return 0.6 if plain == {"."} else 0.3


_FOREIGN = re.compile(
    rf"\(?\+ ?([1-9][0-9]{{0,2}})\)?((?:[- .](?:\(0\) ?)?\(?[0-9]{{1,8}}\)?){{1,5}}|[0-9]{{8,12}}){ENDS}"
)
_AMERICAN = re.compile(rf"(?:\([2-9][0-9]{{2}}\) ?|[2-9][0-9]{{2}}[-.])[2-9][0-9]{{2}}[-.][0-9]{{4}}{ENDS}")
_THOUSANDS = re.compile(r"(?:[ .][0-9]{3})+\Z")


def foreign_phone(text: str, start: int) -> Sign | None:
    """A number with + and a country's code (E.164: at most 15 digits), or an American one that is called so."""
    weight = 0.2
    found = _AMERICAN.match(text, start)
    if not found:
        found = _FOREIGN.match(text, start)
        if not found or not 9 <= sum(c.isdigit() for c in found[0]) <= 15 or found[1] == "82":
            return None
        weight = 0.2 if _THOUSANDS.match(found[2]) else 0.7
    return weighed(Kind.PHONE, text, found.span(), weight, _PHONE_WORDS)


_D = "[0-9공영일이삼사오육륙칠팔구o]"
_PAUSE = r"(?:[ ,.\-/]{0,3}(?:에|의|다시)?[ ,.\-/]{0,3})"
_SPELLED = re.compile(
    rf"[0공영o](?<![0-9a-z_].) ?[1일l] ?[0공영o]{_PAUSE}(?:{_D} ?){{3}}{_D}{_PAUSE}(?:{_D} ?){{3}}{_D}(?![0-9])"
)
_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3}
_WORD = f"(?:(?:double|triple) )?(?:{'|'.join(_DIGIT_WORDS)})"
_IN_WORDS = re.compile(
    rf"(?:z(?<![a-z].)ero|o(?<![a-z].)h?|n(?<![a-z].)ought)(?:[ ,.\-]{{1,3}}{_WORD}){{6,12}}(?![a-z])"
)
_NATIONAL = re.compile(r"010[0-9]{8}|01[16-9][0-9]{7,8}|0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70)[0-9]{7,8}")


def spelled_phones(text: str) -> Iterator[Sign]:
    """Mobile numbers with some or all digits as Korean syllables, or digit by digit; numbers in English words."""
    for found in _SPELLED.finditer(text):
        yield Sign(Kind.PHONE, *found.span(), 0.8)
    for found in _IN_WORDS.finditer(text):
        if _NATIONAL.fullmatch(_digits_of(found[0])):
            yield Sign(Kind.PHONE, *found.span(), 0.8)


def _digits_of(words: str) -> str:
    digits, times = "", 1
    for word in re.findall("[a-z]+", words):
        digits += _DIGIT_WORDS.get(word, "") * times
        times = _TIMES.get(word, 1)
    return digits


# --- e-mail addresses -------------------------------------------------------------------------------

_LABEL = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|[가-힣]{1,20})"
_DOT = r"(?:\.| ?[\[({] ?(?:dot|\.|점|닷) ?[\])}] ?| (?:dot|점|닷|쩜) | ?(?:닷|점) ?(?=컴|넷|[a-z]))"
_TOP = r"(?:[a-z]{2,24}(?![a-z0-9])|컴|넷|한국)"
_AT = re.compile(r"@ ?|(?:골뱅이|앳|엣) ?|[\[({] ?(?:at|@|골뱅이|앳|엣) ?[\])}] ?")
_PROVIDER = "(?:네이버|지메일|다음|한메일|네이트|naver|gmail|daum|hanmail|nate)"
_DOMAIN = re.compile(rf"(?:(?:{_LABEL}{_DOT}){{1,5}}{_TOP}|{_PROVIDER}(?![a-z0-9]))(?!:[a-z0-9])")
#: The longest that stands before the sign: 64 characters (RFC 5321), more when dots are spelled.
_LONGEST_LOCAL = 66
_LOCAL = re.compile(r"(?<![a-z0-9._%+'@-])[a-z0-9][a-z0-9._%+'-]{0,63} ?\Z")
_LOCAL_SAID = re.compile(
    r"(?<![a-z0-9._%+'@-])[a-z0-9][a-z0-9._%+'-]{0,63}(?: (?:dot|underscore|dash|hyphen) [a-z0-9_-]{1,30}){0,3}\Z"
)
_DOMAIN_SAID = re.compile(rf" at (?:{_LABEL}(?: dot |\.)){{1,4}}(?<= dot )[a-z]{{2,24}}(?![a-z0-9])")
_EMAIL_WORDS = re.compile(r"메일|주소|\be-?mail|\bmail|\baddress|\bwrite\b|\bsend\b|\breply\b|\bcontact\b")


def emails(text: str) -> Iterator[Sign]:
    """Addresses as they are, and spelled to escape collectors of addresses. An office's address is marked too."""
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        local = _LOCAL.search(text, max(at.start() - _LONGEST_LOCAL, 0), at.start()) if domain else None
        if domain and local and not (at[0] == "@" and local[0].endswith(" ")):
            yield Sign(Kind.EMAIL, local.start(), domain.end(), 1)
    for domain in _DOMAIN_SAID.finditer(text):
        local = _LOCAL_SAID.search(text, max(domain.start() - _LONGEST_LOCAL, 0), domain.start())
        if local:
            weight = 0.6 if re.search("[0-9._ ]", local[0]) else 0.2
            yield weighed(Kind.EMAIL, text, (local.start(), domain.end()), weight, _EMAIL_WORDS)
