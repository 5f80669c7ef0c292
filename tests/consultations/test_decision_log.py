"""The log of moderation as files: whole, in order, harmless, for organisers only, and in the same memory at any size."""

import csv
import gc
import io
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Role, User
from consultations import appeals, decision_log, holding, log_files, merging, moderation, reasons, removal, undoing
from consultations import versions as texts
from consultations.models import Consultation, Decision, Opinion
from consultations.models.opinions import State
from tests.conftest import Make
from tests.consultations.stage import TEXT, Stage

As = Callable[[User | None], Client]
CSV, XLSX = "/organise/consultations/talent/log.csv", "/organise/consultations/talent/log.xlsx"
#: What a spreadsheet would run, and what a file cannot hold.
HOSTILE = [
    '=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=1+1", "a;=1+1", "a|@x",
    "＝1+1", "'=1", "a\x01b\x0bc\x1bd", "끝\ufffe\uffff", '"a","b"\r\n"c"', "\u202eabc", "😀" * 500,
]  # fmt: skip


def body(client: Client, address: str, language: str = "en") -> bytes:
    answer = client.get(address, {"lang": language})
    assert answer.status_code == 200 and answer.streaming
    return b"".join(answer)


def rows_of_csv(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf") and not data.startswith(b"\xef\xbb\xbf" * 2)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def rows_of_workbook(data: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]


def many(stage: Stage, size: int, note: str = "둘로 나누어 주십시오") -> None:
    """So many decisions on one opinion, written straight into the table."""
    opinion = stage.submit()
    case, version = stage.case(opinion), opinion.version_id
    Decision.objects.bulk_create(
        (
            Decision(opinion=opinion, case=case, actor=stage.first, verb="reject", from_state="submitted",
                     to_state="rejected", reason="several_points", note=note, versions=[version])
            for _ in range(size)
        ),
        batch_size=2_000,
    )  # fmt: skip


@pytest.fixture
def told(stage: Stage) -> Stage:
    """One of each: rejected and appealed, removed by two, merged, held, an argument, undone, a second text."""
    rejected = stage.put(State.REJECTED)
    appeals.appeal(user=stage.author, subject=rejected, words="규칙에 맞습니다")
    appeals.refuse(actor=stage.third, case=stage.case(rejected, "appeal"), reason="off_topic")
    stage.put(State.REMOVED)
    stage.put(State.MERGED)
    stage.put(State.HELD)
    stage.put(State.REJECTED, argument=True)
    undoing.undo(actor=stage.first, decision=Decision.objects.filter(verb="hold").get())
    published = stage.publish()
    texts.propose_version(user=stage.author, opinion=published, fields=TEXT)
    texts.approve_version(actor=stage.second, case=stage.case(published, "version"), keeps_votes=False)
    return stage


class TestTheRows:
    def test_every_decision_is_there_once_in_order(self, as_: As, dan: User, told: Stage) -> None:
        rows = rows_of_csv(body(as_(dan), CSV))
        assert [int(row["number"]) for row in rows] == list(
            Decision.objects.order_by("pk").values_list("pk", flat=True)
        )
        assert tuple(rows[0]) == decision_log.COLUMNS
        sheet = rows_of_workbook(body(as_(dan), XLSX))
        assert [row[0] for row in sheet[1:]] == [int(row["number"]) for row in rows]
        assert [row[5] for row in sheet[1:]] == [row["verb"] for row in rows]

    def test_what_a_row_says(self, as_: As, dan: User, told: Stage) -> None:
        rows = rows_of_csv(body(as_(dan), CSV))
        rejected = next(row for row in rows if row["verb"] == "reject" and not row["argument"])
        stored = Decision.objects.select_related("case", "opinion").get(pk=int(rejected["number"]))
        assert stored.case is not None and stored.case.closed_at is not None
        expected = {
            "opinion": str(stored.opinion.number), "verb_words": "rejected", "from_state": "submitted",
            "from_state_words": "Waiting for a moderator", "to_state": "rejected", "reason": "off_topic",
            "reason_words": "Outside this consultation", "decided_by": "First", "case_kind": "new", "minutes_waited": "0",
            "versions": "1", "second_person": "", "answers_number": "", "merged_into": "",
        }  # fmt: skip
        assert {name: rejected[name] for name in expected} == expected
        at = datetime.fromisoformat(rejected["at_utc"])
        assert rejected["at_utc"].endswith("Z") and at == stored.created_at.replace(microsecond=0)
        local = datetime.fromisoformat(rejected["at_local"])
        assert local == at and local.utcoffset() == timedelta(hours=9)
        assert datetime.fromisoformat(rejected["case_opened_utc"]) == stored.case.opened_at.replace(microsecond=0)

    def test_second_persons_answers_arguments_versions_and_merges(self, as_: As, dan: User, told: Stage) -> None:
        rows = rows_of_csv(body(as_(dan), CSV))
        by_verb = {row["verb"]: row for row in rows}
        proposed = by_verb["remove"]
        assert (
            proposed["second_person"] == "Second" and by_verb["confirm_removal"]["answers_number"] == proposed["number"]
        )
        assert by_verb["hold"]["second_person"] == "" and by_verb["undo"]["answers_number"] == by_verb["hold"]["number"]
        assert by_verb["approve_version"]["versions"] == "2, 1"
        merged = Opinion.objects.get(state=State.MERGED)
        assert merged.merge is not None and by_verb["merge"]["merged_into"] == str(merged.merge.target.number)
        argued = [row for row in rows if row["argument"]]
        assert [row["verb"] for row in argued] == ["reject"] and argued[0]["case_kind"] == "argument"

    def test_members_are_not_named(self, as_: As, dan: User, told: Stage) -> None:
        data = body(as_(dan), CSV).decode()
        appeal = next(row for row in rows_of_csv(data.encode()) if row["verb"] == "appeal")
        assert appeal["decided_by"] == "Its author"
        assert told.author.email not in data and f'"{told.author.name}"' not in data and "@sample.test" not in data

    def test_codes_stay_and_words_follow_the_language(self, as_: As, dan: User, told: Stage) -> None:
        korean = rows_of_csv(body(as_(dan), CSV, "ko"))
        rejected = next(row for row in korean if row["verb"] == "reject")
        with translation.override("ko"):
            words = reasons.of("off_topic")
        assert words is not None and (rejected["to_state"], rejected["reason_words"]) == ("rejected", words.title)
        assert all(row["verb_words"] != row["verb"] for row in korean)

    def test_the_words_of_organisers(self, as_: As, dan: User, told: Stage) -> None:
        fields = {f"{name}_{lang}": f"{name} in {lang}" for name in reasons.LENGTHS for lang in reasons.LANGUAGES}
        reasons.edit(actor=dan, code="off_topic", fields=fields)
        words = {row["reason_words"] for row in rows_of_csv(body(as_(dan), CSV)) if row["reason"] == "off_topic"}
        assert words == {"title in en"}

    def test_times_of_the_workbook_are_times(self, as_: As, dan: User, told: Stage) -> None:
        head, first = rows_of_workbook(body(as_(dan), XLSX))[:2]
        assert "Asia/Seoul" in head[2] and isinstance(first[1], datetime) and first[2] - first[1] == timedelta(hours=9)

    def test_another_consultations_decisions_are_not_in_it(
        self, as_: As, dan: User, told: Stage, consultation: Consultation
    ) -> None:
        other = Consultation.objects.get(pk=consultation.pk)
        other.pk, other.slug = None, "other"
        other._state.adding = True
        other.save()
        assert rows_of_csv(body(as_(dan), CSV.replace("talent", "other"))) == []
        assert len(rows_of_workbook(body(as_(dan), XLSX.replace("talent", "other")))) == 1

    def test_a_removal_that_nobody_confirmed_has_no_second_person(self, as_: As, dan: User, stage: Stage) -> None:
        removal.propose(actor=stage.first, subject=stage.publish(), reason="insult")
        assert rows_of_csv(body(as_(dan), CSV))[-1]["second_person"] == ""

    def test_who_confirmed_a_hold_is_its_second_person(self, as_: As, dan: User, stage: Stage) -> None:
        hold = holding.hold(actor=stage.first, subject=stage.publish(), reason="insult")
        holding.confirm(actor=stage.second, first=hold)
        rows = {row["verb"]: row for row in rows_of_csv(body(as_(dan), CSV))}
        assert rows["hold"]["second_person"] == "Second"


class TestHostileCells:
    @pytest.fixture(autouse=True)
    def hostile(self, stage: Stage) -> None:
        for note in HOSTILE:
            moderation.reject(actor=stage.first, case=stage.case(stage.submit()), reason="off_topic", note=note)
        User.objects.filter(pk=stage.first.pk).update(name="=cmd|' /C calc'!A0")

    def test_no_cell_of_the_csv_is_run(self, as_: As, dan: User) -> None:
        data = body(as_(dan), CSV)
        rows = [row for row in rows_of_csv(data) if row["verb"] == "reject"]
        assert len(rows) == len(HOSTILE)
        for row in rows:
            assert all(not value.startswith(tuple("=+-@\t\r\n＝")) for value in row.values())
            assert row["decided_by"].startswith("'=cmd")
        assert not set(data.decode()) & {chr(n) for n in range(32) if chr(n) not in "\r\n\t"} - {"\x00"}
        assert "a□b□c□d" in data.decode()

    def test_whatever_separator_a_spreadsheet_takes(self, as_: As, dan: User) -> None:
        text = body(as_(dan), CSV).decode("utf-8-sig")
        for separator in ";\t|":
            for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE):
                assert not [cell for cell in line[1:] if cell.strip(" ").startswith(tuple("=+-@＝"))]

    def test_no_cell_of_the_workbook_is_a_formula_or_a_link(self, as_: As, dan: User) -> None:
        book = openpyxl.load_workbook(io.BytesIO(body(as_(dan), XLSX)))
        page = book.worksheets[0]
        kinds = {cell.data_type for row in page.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "d", "inlineStr"} and not page._hyperlinks
        notes = [row[13].value for row in page.iter_rows(min_row=2) if row[5].value == "reject"]
        assert 'HYPERLINK("http://evil.example","x")' in notes[0] and "a□b□c□d" in notes


class TestWho:
    @pytest.mark.parametrize("address", [CSV, XLSX])
    @pytest.mark.parametrize("who", ["alice", "bob", "carol", "eve"])
    def test_only_organisers(
        self, as_: As, consultation: Consultation, request: pytest.FixtureRequest, who: str, address: str
    ) -> None:
        assert as_(request.getfixturevalue(who)).get(address).status_code == 403

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.OFFICIAL])
    def test_no_other_role(self, as_: As, consultation: Consultation, make_user: Make, role: Role) -> None:
        assert as_(make_user("Other", role=role)).get(CSV).status_code == 403

    @pytest.mark.parametrize("address", [CSV, XLSX])
    def test_a_visitor_signs_in_and_a_consultation_must_exist(
        self, as_: As, dan: User, consultation: Consultation, address: str
    ) -> None:
        assert as_(None).get(address).headers["Location"] == f"/account/sign-in/?next={address}"
        assert as_(dan).get(address.replace("talent", "nowhere")).status_code == 404
        assert as_(dan).post(address).status_code == 405

    @pytest.mark.parametrize(("address", "kind"), [(CSV, "text/csv"), (XLSX, "application/vnd.openxml")])
    def test_a_file_that_nobody_keeps(
        self, as_: As, dan: User, consultation: Consultation, address: str, kind: str
    ) -> None:
        for answer in (as_(dan).get(address), as_(dan).head(address)):
            assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Content-Type"].startswith(kind)
            name = address.rsplit(".", 1)[-1]
            assert answer.headers["Content-Disposition"] == f'attachment; filename="talent-decisions.{name}"'
            b"".join(answer)

    def test_too_many_are_refused(self, as_: As, dan: User, consultation: Consultation) -> None:
        client = as_(dan)
        answers = [client.head(CSV).status_code for _ in range(13)]
        assert answers == [200] * 12 + [429]

    def test_the_page_of_the_consultation_leads_there(self, as_: As, dan: User, consultation: Consultation) -> None:
        page = as_(dan).get("/organise/consultations/talent/").content.decode()
        assert f'href="{CSV}"' in page and f'href="{XLSX}"' in page


# --- at any size ------------------------------------------------------------------------------------


def csv_length(consultation: Consultation) -> int:
    return sum(len(piece) for piece in log_files.as_csv(consultation, "ko"))


def workbook_length(consultation: Consultation) -> int:
    with log_files.as_workbook(consultation, "ko") as made:
        return made.seek(0, io.SEEK_END)


def peak(act: Callable[[], object]) -> int:
    """The most memory that Python held for it, in bytes."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_d06_two_queries_a_batch(stage: Stage, consultation: Consultation) -> None:
    many(stage, 2 * decision_log.BATCH + 1)
    with CaptureQueriesContext(connection) as queries:
        assert sum(len(rows) for rows in decision_log.batches(consultation)) == 2 * decision_log.BATCH + 1
    assert len(queries) <= 2 + 2 * 3


@pytest.mark.parametrize("make", [csv_length, workbook_length])
def test_d07_memory_stays_the_same(
    stage: Stage, consultation: Consultation, make: Callable[[Consultation], int]
) -> None:
    many(stage, 3 * decision_log.BATCH)
    make(consultation)
    small = peak(lambda: make(consultation))
    many(stage, 7 * decision_log.BATCH)
    assert peak(lambda: make(consultation)) < small * 1.2


def test_decisions_made_while_it_is_read_are_left_to_the_next(stage: Stage, consultation: Consultation) -> None:
    many(stage, decision_log.BATCH + 1)
    batches = decision_log.batches(consultation)
    seen = len(next(batches))
    many(stage, 5)
    assert seen + sum(len(rows) for rows in batches) == decision_log.BATCH + 1


def resident(name: str) -> float:
    """A figure of this process in MB: `VmRSS` now, `VmHWM` the most since it was set back."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak is read from Linux")
@pytest.mark.parametrize(("make", "seconds"), [(csv_length, 20), (workbook_length, 45)])
def test_d07_fifty_thousand_decisions(
    stage: Stage, consultation: Consultation, make: Callable[[Consultation], int], seconds: int
) -> None:
    make(consultation)
    many(stage, 50_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consultations_decision")
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew (proc(5))
    before, began, busy = resident("VmRSS"), time.monotonic(), time.process_time()
    size = make(consultation)
    took, more = time.monotonic() - began, resident("VmHWM") - before
    busy = time.process_time() - busy
    print(f"{make.__name__}: {size:,} bytes, {took:.1f} s ({busy:.1f} s busy), {more:.1f} MB more than before")
    assert busy < seconds and more < 30


def test_the_language_of_who_reads_is_left_alone(stage: Stage, consultation: Consultation) -> None:
    many(stage, 3)
    pieces = log_files.as_csv(consultation, "ko")
    next(pieces)
    next(pieces)
    assert translation.get_language() == "en"


def test_a_consultation_without_decisions(consultation: Consultation) -> None:
    assert list(decision_log.batches(consultation)) == []
    assert b"".join(log_files.as_csv(consultation, "en")).count(b"\r\n") == 1


def test_what_was_merged_into_a_joint_text(as_: As, dan: User, stage: Stage) -> None:
    made = merging.merge(actor=stage.third, opinions=[stage.publish(), stage.another()], fields=TEXT)
    rows = rows_of_csv(body(as_(dan), CSV))
    assert [row["merged_into"] for row in rows if row["verb"] == "merge"] == [str(made.target.number)] * 2
