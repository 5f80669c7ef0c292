"""What an address or a form gives as a number or an id, read without trust."""

from uuid import UUID

#: As many digits as the database's widest whole number surely holds.
MOST_DIGITS = 17


def number(value: str | None, digits: int = MOST_DIGITS) -> int | None:
    """A whole number of ASCII digits, at most so many; None for everything else."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) <= digits else None


def uuid(value: str | None) -> UUID | None:
    """An id; None for what is none."""
    try:
        return UUID(value or "")
    except ValueError:
        return None
