"""Log lines that cannot be forged."""

import logging


class OneLineFormatter(logging.Formatter):
    """One event, one line: control characters of a path or a name cannot start a line of their own."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        lines = text.split("\n")
        return "\n ".join("".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line) for line in lines)
