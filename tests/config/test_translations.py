"""The Korean texts are whole, in step with the code, and name the same facts as the English ones."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

HOUSE = Path(settings.BASE_DIR)
KOREAN = HOUSE / "locale" / "ko" / "LC_MESSAGES" / "django.po"
PACKAGES = ["accounts", "analysis", "common", "config", "consultations", "digests", "notifications", "summit"]

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
MARKUP = re.compile(r"</?\w+[^>]*>")
HANGUL = re.compile("[가-힣]")
#: Nothing to say in Korean: names that are the same everywhere.
SAME_EVERYWHERE = {"API"}


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _texts(message: Message) -> tuple[list[str], list[str]]:
    """The English and the Korean forms of a message."""
    english = [message.id] if isinstance(message.id, str) else list(message.id)
    korean = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return english, korean


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _keys(catalog: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, _texts(message)[0][0]) for message in _messages(catalog)}


def _facts(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


@pytest.fixture(scope="module")
def korean() -> Catalog:
    return _read(KOREAN)


def test_every_text_has_a_korean_one(korean: Catalog) -> None:
    assert [message.id for message in _messages(korean) if not all(_texts(message)[1] or [""])] == []


def test_nothing_is_guessed_and_nothing_is_left_over(korean: Catalog) -> None:
    assert not korean.fuzzy
    assert [message.id for message in _messages(korean) if message.fuzzy] == []
    assert list(korean.obsolete) == []


def test_the_header_names_the_language_and_its_one_plural_form(korean: Catalog) -> None:
    assert str(korean.locale) == "ko"
    assert korean.num_plurals == 1


def test_placeholders_and_markup_are_the_same_in_both(korean: Catalog) -> None:
    """Of several English forms the last, the plural one, has every placeholder."""
    differing = []
    for message in _messages(korean):
        english, translated = _texts(message)
        for text in translated:
            if _facts(text) != _facts(english[-1]) or MARKUP.findall(text) != MARKUP.findall(english[-1]):
                differing.append((english[-1], text))
    assert differing == []


def test_placeholders_of_the_english_forms_agree(korean: Catalog) -> None:
    assert [m.id for m in _messages(korean) if len({frozenset(_facts(text)) for text in _texts(m)[0]}) > 1] == []


def test_no_english_sentence_is_left(korean: Catalog) -> None:
    def wordless(text: str) -> bool:
        return not re.search("[A-Za-z가-힣]", PLACEHOLDER.sub("", text))

    left = [
        text
        for message in _messages(korean)
        for text in _texts(message)[1]
        if not HANGUL.search(text) and not wordless(text) and text not in SAME_EVERYWHERE
    ]
    assert left == []


#: What asks a reader for something, or states it, ends as public notices do.
INFORMAL = re.compile(r"(해요|세요|어요|아요|에요|예요|할게요|입니까요)[.!?]?$")


def test_the_tone_is_the_same_everywhere(korean: Catalog) -> None:
    assert [text for m in _messages(korean) for text in _texts(m)[1] if INFORMAL.search(text)] == []


#: A particle that depends on the last sound cannot follow a name that is filled in later.
PARTICLE = re.compile(
    r"(%\((?:society|meeting|summit|title|person|who|name|slug|value|line|zone)\)s)[”’)]?(은|는|이|가|을|를|과|와|으로|로)(?=[\s.,])"
)


def test_no_particle_follows_a_name_that_is_filled_in(korean: Catalog) -> None:
    assert [text for m in _messages(korean) for text in _texts(m)[1] if PARTICLE.search(text)] == []


def _collected(tmp_path: Path) -> Catalog:
    """What a new collection finds in the code, from a copy: the tree itself is left alone."""
    for name in [*PACKAGES, "templates", "locale"]:
        ignore = shutil.ignore_patterns("__pycache__", "*.mo")
        shutil.copytree(HOUSE / name, tmp_path / name, ignore=ignore)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "ko", "--no-location"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
        env={"PATH": f"{Path(shutil.which('xgettext') or '').parent}:/usr/bin:/bin", "LANG": "C.UTF-8"},
    )  # fmt: skip
    return _read(tmp_path / "locale" / "ko" / "LC_MESSAGES" / "django.po")


@pytest.mark.skipif(not shutil.which("xgettext"), reason="collecting texts needs GNU gettext")
def test_the_texts_are_in_step_with_the_code(korean: Catalog, tmp_path: Path) -> None:
    collected = _keys(_collected(tmp_path))
    assert collected - _keys(korean) == set(), "new in the code: run `make messages` and translate"
    assert _keys(korean) - collected == set(), "gone from the code: run `make messages`"
