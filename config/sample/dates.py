"""When the sample takes place: always around now, whenever it is loaded."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
#: The second meeting, after the first.
APART = timedelta(days=7)
BEGINS, ENDS = time(14), time(17)
CLOSES = time(18)


@dataclass(frozen=True)
class Dates:
    """Every moment of the sample, from the day of its first meeting and the moment of loading."""

    first_meeting: date
    loaded_at: datetime

    @property
    def meetings(self) -> list[tuple[datetime, datetime]]:
        days = (self.first_meeting, self.first_meeting + APART)
        return [(datetime.combine(day, BEGINS, SEOUL), datetime.combine(day, ENDS, SEOUL)) for day in days]

    @property
    def submissions_close(self) -> datetime:
        """Two days before the second meeting."""
        return datetime.combine(self.first_meeting + APART - timedelta(days=2), CLOSES, SEOUL)

    @property
    def voting_close(self) -> datetime:
        """One day before the second meeting, so a day after submissions."""
        return datetime.combine(self.first_meeting + APART - timedelta(days=1), CLOSES, SEOUL)

    @property
    def opens(self) -> datetime:
        """14 days before loading, or before submissions close if that is earlier."""
        return min(self.loaded_at, self.submissions_close) - timedelta(days=14)

    @property
    def submitted_until(self) -> datetime:
        return min(self.loaded_at, self.submissions_close)

    @property
    def voted_until(self) -> datetime:
        return min(self.loaded_at, self.voting_close)


def default_first_meeting(now: datetime) -> date:
    """26 August of the first year in which 30 August, in Seoul, is not over."""
    today = now.astimezone(SEOUL).date()
    year = today.year if today <= date(today.year, 8, 30) else today.year + 1
    return date(year, 8, 26)
