"""Personal data in texts: how much of it is found, how much else is not, where it stands, and how long that takes."""

import time
import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations import personal_data
from consultations.folding import fold
from consultations.personal_data import Kind
from tests.consultations import labelled
from tests.consultations.labelled import Line

LIST = labelled.read("personal_data.csv")
LATER = labelled.read("personal_data_later.csv")


class TestTheList:
    def test_it_is_what_it_says(self) -> None:
        assert len(LIST) >= 320
        assert len({line.text for line in LIST}) == len(LIST)
        languages = Counter(line.language for line in LIST)
        assert 0.45 < languages["ko"] / len(LIST) < 0.55
        assert sum(not line.parts for line in LIST) / len(LIST) > 0.4
        groups = Counter(line.group for line in LIST)
        assert set(groups) == {"development", "held_out"}
        assert 0.38 < groups["held_out"] / len(LIST) < 0.42
        kinds = {kind for line in LIST if line.group == "held_out" for kind, *_ in line.parts}
        assert kinds == set(Kind.values)

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param(LIST, id="all"),
            pytest.param([line for line in LIST if line.group == "held_out"], id="held out"),
            pytest.param([line for line in LIST if line.language == "ko"], id="Korean"),
            pytest.param([line for line in LIST if line.language == "en"], id="English"),
            pytest.param(LATER, id="later"),
        ],
    )
    def test_precision_and_recall(self, lines: list[Line]) -> None:
        score = labelled.score(lines)
        print(score)
        assert score.precision() >= 0.95, score
        assert score.recall() >= 0.95, score
        assert score.lines_right / score.lines >= 0.95, score

    @pytest.mark.parametrize("kind", Kind.values)
    def test_each_kind(self, kind: str) -> None:
        score = labelled.score([*LIST, *LATER])
        assert score.right[kind] >= 10, score
        assert score.precision(kind) >= 0.9, score
        assert score.recall(kind) >= 0.9, score


def dressed(line: Line, form: str) -> Line:
    """The same line in another form of Unicode, its parts where they are then."""
    marks: list[tuple[int, str]] = []
    for kind, start, length in line.parts:
        marks += [(start, f"⟦{kind}:"), (start + length, "⟧")]
    text = line.text
    for place, mark in sorted(marks, reverse=True):
        text = text[:place] + mark + text[place:]
    pieces = text.replace("⟧", "⟦").split("⟦")
    made = ""
    for i, piece in enumerate(pieces):
        kind, colon, part = piece.partition(":") if i % 2 else ("", "", piece)
        made += f"⟦{kind}:{_in_form(part, form)}⟧" if colon else _in_form(part, form)
    return labelled.line(line.group, line.language, made)


def _in_form(text: str, form: str) -> str:
    if form == "taken apart":
        return unicodedata.normalize("NFD", text)
    if form == "full width":
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)
    if form == "zero width between":
        return "\u200b".join(text)
    return text.translate({ord("-"): {"minus": "−", "en dash": "–", "no-break": "‑"}[form], ord(" "): "\u00a0"})


FORMS = ["taken apart", "full width", "zero width between", "minus", "en dash", "no-break"]


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_characters_changes_nothing(form: str) -> None:
    score = labelled.score(dressed(line, form) for line in [*LIST, *LATER])
    print(form, score)
    assert score.precision() >= 0.95, score
    assert score.recall() >= 0.95, score


#: Characters that rules look at, those that fold, and any others.
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.text(alphabet="0123456789-. ()+/~*x\n", max_size=24),
        st.text(alphabet="공영일이삼사오육칠팔구에 골뱅이닷컴점", max_size=16),
        st.sampled_from(["zero ", "one ", "double ", "@", " at ", " dot ", "계좌 ", "여권", "전화", "card ", "\u200b", "\u1112\u1161\u11ab", "\u1100", "https://", "제", "호", "０", "＠", "İ", "\ud800"]),
        st.sampled_from(["010-1234-5678", "900101-1******", "jane@example.org", "4111 1111 1111 1111", "M12345678", "11-12-123456-12", "+82 10 1234 5678", "110-123-456789"]),
    ),
    max_size=12,
).map("".join)  # fmt: skip


class TestPlaces:
    @settings(max_examples=500, deadline=None)
    @given(TEXTS)
    def test_parts_are_inside_apart_and_in_order(self, text: str) -> None:
        done = 0
        for part in personal_data.find(text):
            assert done <= part.start < part.end <= len(text)
            assert "\n" not in text[part.start : part.end]
            done = part.end

    @settings(max_examples=500, deadline=None)
    @given(TEXTS)
    def test_folding_shifts_no_place(self, text: str) -> None:
        folded = fold(text)
        done = 0
        for i, character in enumerate(folded.text):
            start, length = folded.origin(i, i + 1)
            assert start >= done
            assert fold(text[start : start + length]).text == character
            assert not fold(text[done:start]).text  # between two there is only what is not seen
            done = start + length
        assert not fold(text[done:]).text

    @settings(max_examples=300, deadline=None)
    @given(TEXTS, TEXTS)
    def test_what_stands_around_moves_no_number(self, before: str, behind: str) -> None:
        number = "010-1234-5678"
        found = labelled.found_in(f"{before}\n\n{number}\n\n{behind}")
        assert ("phone", len(before) + 2, len(number)) in found

    def test_by_hand(self) -> None:
        text = "전화\u1112\u1161\u11ab ０１０－\u200b１２３４－５６７８!"
        assert [(p.start, p.length, p.kind) for p in personal_data.find(text)] == [(6, 14, Kind.PHONE)]


@pytest.mark.parametrize(
    "text",
    [
        "", "0", "전화", "@", "a@b", "+82", "010-1234-567", "900132-1234567", "900101-0234567", "901301-1234567",
        "1588-1234 1600-1234 1800-1234 080-123-4567 060-123-4567", "0000-0002-1825-0097", "010-****-5678",
        "4111 1111 1111 1112", "M12345678", "110-123-456789", "2026-08-26", "user@host", "numpy@1.26.4",
    ],
)  # fmt: skip
def test_left_alone(text: str) -> None:
    assert personal_data.find(text) == []


# --- time -------------------------------------------------------------------------------------------

LONG = 20_000
ORDINARY = {
    "Korean": "국내 연구는 대학원생에게 과도하게 의존한다. 2019-2024년 사이 3,000명이 떠났다. 문의는 행정실로. ",
    "English": "Research at home depends too much on graduate students; 3,000 left in 2019-2024, says the ministry. ",
    "taken apart": unicodedata.normalize("NFD", "국내 연구는 대학원생에게 과도하게 의존한다. 3,000명이 떠났다. "),
}
HOSTILE = [
    "0", "1-", "1 ", "010", "010-", "010-1234-5678 ", "０１０－１２３４－５６７８ ", "(", "(+82)", "+1 ", "+1(2)", "900101-1", "900101-*",
    "4111 ", "110-123-456789 계좌 ", "m1234567 passport ", "de89 3704 ", "a", "a@", "a@a.", "a.", "a-", "a at ", " dot a", "a@가.",
    "골뱅이", "공일공 ", "공", "일 ", "zero ", "o ", "double ", "http://", "10.1234/", "http://a 010-1234-5678 ", "제", "\u200b", "\u1100", " ", "\n",
]  # fmt: skip


def seconds(text: str, times: int = 5) -> float:
    """The least of some runs, in time of this process alone."""
    runs = []
    for _ in range(times):
        begun = time.process_time()
        personal_data.find(text)
        runs.append(time.process_time() - begun)
    return min(runs)


def filled(piece: str, length: int = LONG) -> str:
    return (piece * (length // len(piece) + 1))[:length]


@pytest.mark.parametrize("name", ORDINARY)
def test_a_long_text_takes_less_than_five_milliseconds(name: str) -> None:
    text = filled(ORDINARY[name], LONG - 20) + " 010-1234-5678"
    assert len(personal_data.find(text)) == 1
    assert seconds(text, times=15) < 0.005


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece: str) -> None:
    once, four_times = seconds(filled(piece)), seconds(filled(piece, 4 * LONG))
    assert once < 0.1
    assert four_times < 12 * max(once, 0.002)  # in proportion to the length, with room for the machine's moods
