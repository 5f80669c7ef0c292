"""The beginning of a long text in plain words."""

import time

import pytest

from common.markdown import excerpt


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**Bold** and *italic*", "Bold and italic"),
        ("- one\n- two", "one two"),
        ("First.\n\nSecond\nline.", "First. Second line."),
        ("[a link](https://example.org) stays words", "a link stays words"),
        ("`code` and\n\n```\nmore\n```", "code and more"),
        ("<b>shown</b> as typed", "<b>shown</b> as typed"),
        ("2 * 3 * 4 and _so on", "2 * 3 * 4 and _so on"),
        ("", ""),
    ],
)
def test_marks_are_left_out(text: str, words: str) -> None:
    assert excerpt(text, 100) == words


def test_it_is_as_long_as_asked_for() -> None:
    assert excerpt("가" * 50, 50) == "가" * 50
    assert excerpt("가" * 51, 50) == "가" * 49 + "…"
    assert excerpt("word " * 40, 12) == "word word w…"


def test_a_long_text_takes_no_time() -> None:
    before = time.perf_counter()
    for text in ("[" * 10_000, "*" * 10_000, "> " * 5_000, "가나다 " * 2_500):
        excerpt(text, 280)
    assert time.perf_counter() - before < 1
