"""What becomes of text that people send."""

import re
import unicodedata

#: Invisible characters that reorder or disguise text: overrides, isolates, zero-width ones.
#: U+200D stays: it joins emoji, and some scripts need it.
_DISGUISE = re.compile("[\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
#: What XML 1.0 cannot hold, so no Word or HWPX document could; lone surrogates cannot be stored at all.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text in NFC, without control and direction-changing characters, line ends as \\n, trimmed."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", _DISGUISE.sub("", text)).strip()


def clean_line(text: str) -> str:
    """`clean`, on one line with single spaces."""
    return " ".join(clean(text).split())


def has_letters(text: str) -> bool:
    """Whether there is a letter or a number: a text of emoji and punctuation alone says nothing."""
    return any(unicodedata.category(c)[0] in "LN" for c in text)


def guess_language(text: str) -> str:
    """`ko` when at least a fifth of the letters are Hangul, else `en`."""
    letters = [c for c in text if c.isalpha()]
    hangul = sum("\uac00" <= c <= "\ud7a3" or "\u1100" <= c <= "\u11ff" for c in letters)
    return "ko" if letters and hangul * 5 >= len(letters) else "en"
