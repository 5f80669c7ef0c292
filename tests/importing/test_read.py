"""Every kind of broken input is refused with its file and line."""

import pytest

from consultations.importing import read, signs
from consultations.importing.rows import BrokenInput
from tests.importing.conftest import COMMENTS, VOTES, Write

ROW = "1700000000000,,0,0,2,1,1,Pay people for what they do\n"


def bad_comments(old: str, new: str) -> str:
    assert old in COMMENTS
    return COMMENTS.replace(old, new, 1)


@pytest.mark.parametrize(
    ("comments", "line", "says"),
    [
        (bad_comments("comment-id", "id"), 1, "column “comment-id” is missing"),
        (bad_comments("datetime", "timestamp"), 1, "column “timestamp” stands there twice"),
        ("", 1, "is missing"),
        (COMMENTS.splitlines()[0] + "\n", 0, "there is no comment"),
        (bad_comments(",,0,0,2", ",,0,0,,2"), 2, "9 columns, expected 8"),
        (bad_comments(",1,Pay people for what they do", ""), 2, "6 columns, expected 8"),
        (bad_comments("1700000001000", "1700000001"), 3, "not a time in milliseconds"),
        (bad_comments("1700000001000", "soon"), 3, "not a time in milliseconds"),
        (bad_comments("1700000001000", "99999999999999"), 3, "lies in the future"),
        (bad_comments(",,2,1,1,0,0", ",,2,1,1,0,2"), 5, "moderated “2”"),
        (bad_comments(",,2,1,1,0,0", ",,0,1,1,0,0"), 5, "comment-id 0 was given on line 2"),
        (bad_comments(",,2,1,1,0,0", ",,x,1,1,0,0"), 5, "comment-id “x”"),
        (bad_comments(",,2,1,1,0,0", ",,-2,1,1,0,0"), 5, "comment-id “-2”"),
        (bad_comments(",,2,1,1,0,0", ",,9999999999,1,1,0,0"), 5, "comment-id “9999999999”"),
        (bad_comments(",,2,1,1,0,0", ",,2,1,,0,0"), 5, "agrees “”"),
        (bad_comments(",,2,1,1,0,0", ",,2,a b,1,0,0"), 5, "author-id “a b”"),
        (bad_comments("Nobody has looked at this yet", " "), 5, "has no text"),
        (bad_comments("Nobody has looked at this yet", "x" * 1001), 5, "longer than 1000"),
        (bad_comments("Nobody", "No\x00body"), 5, "NUL"),
        (bad_comments("Nobody", '"Nobody'), 5, "unexpected end of data"),
        (COMMENTS.encode("utf-16"), 1, "NUL"),
        (COMMENTS.replace("Nobody", "인재").encode("cp949"), 5, "not UTF-8"),
        (None, 0, "the file is missing"),
    ],
)
def test_broken_comments(write: Write, comments: str | bytes | None, line: int, says: str) -> None:
    with pytest.raises(BrokenInput, match=says) as caught:
        read.open_export(write(comments))
    assert caught.value.facts == {"file": "comments.csv", "line": line}
    assert str(caught.value).startswith("comments.csv, line" if line else "comments.csv:")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("1700000009000,,0,1,2", "vote “2” is not 1, 0 or -1"),
        ("1700000009000,,0,1,+1", "vote “"),
        ("1700000009000,,0,1,", "vote “”"),
        ("1700000009000,,3,1,1", "comment-id “3” is not in comments.csv"),
        ("1700000009000,,00,1,1", "comment-id “00” is not in comments.csv"),
        ("1700000009000,,0,,1", "voter-id “” is not an id"),
        ("1700000009000,,0,a\tb,1", "voter-id “a\tb” is not an id"),
        ("1700000009000,,0,\\N,1", "is not an id"),
        ("1700000009,,0,1,1", "not a time in milliseconds"),
        ("1_700_000_009_000,,0,1,1", "not a time in milliseconds"),
        ("-1700000009000,,0,1,1", "not a time in milliseconds"),
        (",,0,1,1", "not a time in milliseconds"),
        ("99999999999999,,0,1,1", "lies in the future"),
        ("1700000009000,,0,1", "4 columns, expected 5"),
        ("1700000009000,,0,1,1,1", "6 columns, expected 5"),
        ("17000", "1 columns, expected 5"),
        ('1700000009000,"x"y,0,1,1', "expected after"),
        ("1700000009000,\x00,0,1,1", "NUL"),
    ],
)
def test_broken_votes(write: Write, row: str, says: str) -> None:
    export = read.open_export(write(votes=f"{VOTES}{row}\n1700000009000,,0,1,1\n"))
    with pytest.raises(BrokenInput, match=says.replace("+", r"\+")) as caught:
        list(read.votes(export))
    assert caught.value.facts == {"file": "votes.csv", "line": 9}


def test_lines_are_counted_through_texts_of_several_lines(write: Write) -> None:
    export = read.open_export(write())
    assert [comment.line for comment in export.comments.values()] == [2, 3, 5, 6]


def test_a_byte_order_mark_windows_line_ends_and_empty_lines_are_read(write: Write) -> None:
    text = "\ufeff" + VOTES.replace("\n", "\r\n") + "\r\n\r\n"
    assert len(list(read.votes(read.open_export(write(votes=text))))) == 7


def test_columns_may_stand_in_another_order(write: Write) -> None:
    export = read.open_export(write(votes="vote,extra,voter-id,comment-id,timestamp\n-1,x,7,0,1700000009000\n"))
    assert list(read.votes(export)) == [(2, 1700000009000, 0, "7", -1)]


def test_progress_adds_up_to_the_size_of_the_file(write: Write) -> None:
    folder = write()
    read_bytes: list[int] = []
    list(read.votes(read.open_export(folder), read_bytes.append))
    assert sum(read_bytes) == (folder / "votes.csv").stat().st_size


def comment(key: int, agrees: int, disagrees: int) -> read.Comment:
    return read.Comment(2, key, 1700000000000, "0", read.STATES["1"], "text", agrees, disagrees)


@pytest.mark.parametrize(
    ("columns", "counted", "says"),
    [
        ((30, 10), (30, 10), ""),
        ((30, 10), (31, 10), ""),
        ((0, 0), (0, 0), ""),
        ((30, 10), (10, 30), "1 means “disagree”"),
        ((30, 10), (11, 30), "1 means “disagree”"),
        ((20, 20), (20, 20), "cannot be told"),
        ((30, 10), (15, 5), "do not add up"),
        ((30, 10), (0, 0), "do not add up"),
        ((0, 0), (5, 1), "do not add up"),
    ],
)
def test_signs(write: Write, columns: tuple[int, int], counted: tuple[int, int], says: str) -> None:
    path = write() / "votes.csv"
    if not says:
        signs.check(path, [comment(0, *columns)], {0: counted})
        return
    with pytest.raises(BrokenInput, match=says):
        signs.check(path, [comment(0, *columns)], {0: counted})


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("연구직의 보수를 직무에 따라 정하자", "ko"),
        ("Pay by role", "en"),
        ("UberX 自用車載客應該合法", "zh"),
        ("研究者の給料を上げよう", "ja"),
        ("2021?", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert read.language_of(text) == language
