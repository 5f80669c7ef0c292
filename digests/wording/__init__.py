"""The words of the documents, Korean and English side by side.

Not in the translation catalogue of the pages: a document is made from its content alone, and the same content must
give the same document whatever catalogue a machine has compiled.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from digests.wording import front, groups, method, moderation, opinions, people, sheets

WORDS: dict[str, tuple[str, str]] = (
    front.WORDS | people.WORDS | moderation.WORDS | groups.WORDS | opinions.WORDS | method.WORDS | sheets.WORDS
)

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class Words:
    """The words of one language: `words("edition", number=1)`.

    In an imported consultation nobody is known to be a member: where there are words for that, they are taken.
    """

    def __init__(self, language: str, *, imported: bool = False) -> None:
        self.language = language
        self._imported = imported
        self._place = 0 if language == "ko" else 1

    def __call__(self, key: str, **values: object) -> str:
        if self._imported and f"{key}_imported" in WORDS:
            key = f"{key}_imported"
        return WORDS[key][self._place].format(**values)

    def of(self, text: dict[str, str]) -> str:
        """A text of the organisers in this language."""
        return text[self.language]

    def count(self, value: int) -> str:
        return f"{value:,}"

    def percent(self, value: float | None) -> str:
        return "–" if value is None else f"{value * 100:.0f}%"

    def moment(self, iso: str, zone: str) -> str:
        """A moment with its zone: 2026년 9월 2일 18:30 (Asia/Seoul)."""
        at = datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))
        clock = f"{at:%H:%M} ({zone})"
        if self.language == "ko":
            return f"{at.year}년 {at.month}월 {at.day}일 {clock}"
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {clock}"

    def day(self, iso: str) -> str:
        """A date: 2026년 10월 1일."""
        at = date.fromisoformat(iso)
        if self.language == "ko":
            return f"{at.year}년 {at.month}월 {at.day}일"
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"

    def short_day(self, iso: str) -> str:
        """A date without its year, for axes: 8.26. or 26 Aug."""
        at = date.fromisoformat(iso)
        return f"{at.month}.{at.day}." if self.language == "ko" else f"{at.day} {_MONTHS[at.month - 1][:3]}"

    def minutes(self, minutes: int) -> str:
        """A length of time, as fine as it matters."""
        hours, days = minutes // 60, minutes // 1440
        if minutes < 60:
            return self("minutes", minutes=minutes)
        if hours < 48:
            return self("hours", hours=hours, minutes=minutes % 60)
        return self("days", days=days, hours=hours % 24)

    def group(self, number: int) -> str:
        """The name of an opinion group: 그룹 A."""
        return self("group", letter=letter(number))


def letter(number: int) -> str:
    """Groups are read as letters: 1 is A."""
    return chr(ord("A") + number - 1)
