"""Log lines that cannot be forged and hold no key."""

import logging
import re

#: Addresses whose next part is a key: whoever reads the log must not be able to use it.
_KEYED = re.compile(r"((?:/|%2F)respond(?:/|%2F))[^/\s?#&%\"']+", re.IGNORECASE)


class OneLineFormatter(logging.Formatter):
    """One event, one line: control characters of a path or a name cannot start a line of their own."""

    def format(self, record: logging.LogRecord) -> str:
        text = _KEYED.sub(r"\1[key]", super().format(record))
        lines = text.split("\n")
        return "\n ".join("".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line) for line in lines)
