"""The moderators' record in a digest: the figures of the page, in every format, given and checked by their range (M20, P01)."""

import json
from datetime import datetime, timedelta
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from consultations import moderation_figures
from consultations.models import Decision
from digests.content import canonical
from digests.documents import FORMATS
from digests.opendata import verify
from digests.report.upgrade import upgraded
from tests.consultations.recount import SEOUL, Rows, scatter
from tests.digests import moderated, reading, sample_content, worlds
from tests.digests.test_documents import built
from tests.digests.test_report import said, sections
from tests.digests.test_schema import check
from tests.digests.worlds import World

SPAN = ("came_in", "decided", "median_minutes", "slowest_minutes", "timed", "in_time", "acts", "removals", "holds")


@pytest.fixture
def moderated_world(world: World, bob: User, dan: User) -> World:
    """Decisions of six weeks, the last of them over: reasons are told apart."""
    rows = Rows(world.consultation, bob, dan)
    start = timezone.now().astimezone(SEOUL) - timedelta(weeks=8)
    monday = (start - timedelta(days=start.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    scatter(rows, 5, 60, monday)
    for reason, times in (("off_topic", 6), ("duplicate", 9), ("insult", 2)):
        rows.reject(monday + timedelta(days=9), reason, times)
    return world


@pytest.mark.django_db(transaction=True)
class TestOneDefinition:
    def test_m20_page_api_and_digest_say_the_same(self, moderated_world: World, client: Client) -> None:
        consultation = moderated_world.consultation
        digest = worlds.digest(consultation).content["moderation"]
        api = client.get(f"/api/v1/consultations/{consultation.slug}/moderation/").json()
        assert digest == api == moderation_figures.as_data(moderation_figures.of(consultation, timezone.now()))
        assert digest["decided"] > 20
        assert digest["periods"]
        page = client.get(f"/consultations/{consultation.slug}/moderation/?lang=en").content.decode()
        for week in digest["weeks"]:
            row = page[page.index(f'datetime="{week["week"]}"') :][:600]
            assert f'<td class="number">{sum(week["came_in"].values())}</td>' in row
            assert f'<td class="number">{week["decided"]}</td>' in row
        for row in digest["reasons"]:
            assert f'<td class="number">{row["count"]}</td>' in page

    def test_the_schema_and_verify_take_it(self, moderated_world: World, tmp_path: Any) -> None:
        made = worlds.digest(moderated_world.consultation)
        check(made.content)
        report, _data = verify.check(made.unpack(tmp_path), made.seal)
        assert report.errors == []
        weeks = (tmp_path / "tables" / "moderation.csv").read_text().splitlines()
        assert weeks[0].startswith("week,from,came_in_new,")
        assert len(weeks) == 1 + len(made.content["moderation"]["weeks"])
        periods = (tmp_path / "tables" / "rejections_by_period.csv").read_text().splitlines()
        assert len(periods) == 1 + sum(len(p["reasons"]) for p in made.content["moderation"]["periods"])

    def test_what_is_undone_is_in_neither(self, world: World, bob: User, dan: User) -> None:
        rows = Rows(world.consultation, bob, dan)
        at = timezone.now() - timedelta(days=3)
        rows.undo(rows.close(rows.case(at), "reject", at + timedelta(hours=1), reason="insult"))
        made = worlds.digest(world.consultation).content["moderation"]
        assert (made["acts"]["reject"], made["decided"], made["without_reason"]) == (0, 0, 0)

    def test_nothing_of_it_names_anybody(self, moderated_world: World) -> None:
        text = json.dumps(worlds.digest(moderated_world.consultation).content["moderation"])
        assert "비밀" not in text
        for key in (*User.objects.values_list("pk", flat=True), *Decision.objects.values_list("opinion_id", flat=True)):
            assert str(key) not in text
        for person in User.objects.all():
            assert person.email not in text


# --- the report ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_section_says_weeks_decisions_and_reasons(language: str) -> None:
    text = said(sections(sample_content.rich(), language)["moderation"])
    for part in {
        "en": (
            "Decisions: 50.", "Of 50 decisions whose service time is known, 38 were within it.", "Granted: 2; refused: 5",
            "overturned the decision", "27 July 2026 | ", "Several reasons together | 5", "Rejections not told apart: 3",
            "Removed, by two people | ", "These figures are given",
        ),
        "ko": ("결정 50건.", "이의 제기 7건", "2026년 7월 27일 | ", "여러 사유를 합침 | 5", "나누지 않은 반려 3건", "주어진 수치입니다"),
    }[language]:  # fmt: skip
        assert part in text, part


def test_of_an_imported_consultation_it_says_that_nothing_is_known() -> None:
    content = sample_content.imported()
    text = said(sections(content)["moderation"])
    assert "how it was moderated is not known" in text
    assert "Decisions" not in text
    assert "given" not in text


def test_what_is_stored_with_its_keys_sorted_reads_alike() -> None:
    content = sample_content.rich()
    stored = json.loads(canonical(content))
    assert said(sections(stored)["moderation"]) == said(sections(content)["moderation"])
    xlsx = {form.key: form for form in FORMATS}["xlsx"]
    assert xlsx.render(stored, "ko") == xlsx.render(content, "ko")


def test_before_anything_was_decided_nothing_is_said_of_times() -> None:
    text = said(sections(built())["moderation"])
    assert "Decisions: 0." in text
    assert "|" not in text


def test_an_edition_of_before_is_read_with_what_it_had() -> None:
    """Its reasons were counted otherwise; they stay as they were published."""
    old = sample_content.rich()
    kept = ("received", "waiting", "published", "rejected", "held", "removed", "merged", "withdrawn")
    old["moderation"] = {key: old["moderation"][key] for key in kept} | {
        "reasons": [{"reason": "insult", "count": 1}], "decided": 40, "median_minutes": 95, "slowest_minutes": 3100,
    }  # fmt: skip
    text = said(sections(old)["moderation"])
    assert "Decisions: 40." in text
    assert "Insulting | 1" in text
    assert "told apart" not in text
    assert upgraded(upgraded(old)) == upgraded(old)
    for form in FORMATS:
        if form.key in ("docx", "hwpx", "xlsx", "json"):
            assert form.render(old, "en" if form.per_language else None)


def test_more_than_half_a_year_is_cut_in_print_and_whole_in_the_files() -> None:
    content = sample_content.rich()
    weeks = content["moderation"]["weeks"]
    first = datetime.fromisoformat(weeks[0]["from"])
    content["moderation"]["weeks"] = [
        weeks[0] | {"from": (first + timedelta(days=7 * n)).date().isoformat(), "week": f"2026-W{n:02}"}
        for n in range(40)
    ]
    text = said(sections(content)["moderation"])
    assert "14 earlier weeks stand in the Excel file" in text
    assert "27 July 2026 |" not in text
    book = reading.book({form.key: form for form in FORMATS}["xlsx"].render(content, "en"))
    assert book["Moderation by week"].max_row == 41


def test_the_workbook_has_every_number() -> None:
    content = sample_content.rich()
    book = reading.book({form.key: form for form in FORMATS}["xlsx"].render(content, "en"))
    rows = {row[0]: row[1] for row in book["How opinions were moderated"].iter_rows(values_only=True)}
    acts = content["moderation"]["acts"]
    assert rows["What was decided: Rejected"] == acts["reject"]
    assert rows["Appeals made"] == 7
    assert rows["Reasons of rejection: Several reasons together"] == 5
    periods = list(book["Reasons by period"].iter_rows(min_row=2, values_only=True))
    assert [row[2:] for row in periods] == [
        ("Already proposed", 5), ("Several reasons together", 5), ("Outside this consultation", 6), ("Already proposed", 5),
    ]  # fmt: skip
    weeks = book["Moderation by week"]
    heads = [cell.value for cell in weeks[1]]
    assert [row[heads.index("Decided")] for row in weeks.iter_rows(min_row=2, values_only=True)] == [8, 9, 10, 11, 12]


# --- checked by range -----------------------------------------------------------------------------------


def wrong(given: dict[str, Any]) -> list[str]:
    report = verify.Report()
    verify.check_moderation(given, given["published"], report)
    return [what for _check, what in report.errors]


def test_figures_that_can_be_are_let_through() -> None:
    for given in (moderated.five_weeks(20), moderated.nothing(3), moderated.unknown(5)):
        assert wrong(given) == []


CHANGES: dict[str, Any] = {
    "decided more": lambda d: d.update(decided=d["decided"] + 1),
    "more came in": lambda d: d["came_in"].update(new=d["came_in"]["new"] + 1),
    "a week decided less": lambda d: d["weeks"][1].update(decided=3),
    "more in time than decided": lambda d: d["weeks"][0].update(in_time=9),
    "a median over the slowest": lambda d: d.update(median_minutes=d["slowest_minutes"] + 1),
    "no times of many": lambda d: d.update(median_minutes=None, slowest_minutes=None),
    "another share overturned": lambda d: d["appeals"].update(overturned=0.5),
    "an appeal granted more": lambda d: d["appeals"].update(granted=d["appeals"]["granted"] + 1),
    "a share of few appeals": lambda d: d["weeks"][0]["appeals"].update(overturned=0.0),
    "a rejection more": lambda d: d["acts"].update(reject=d["acts"]["reject"] + 1),
    "a reason more": lambda d: d["reasons"][0].update(count=d["reasons"][0]["count"] + 1),
    "few of a reason": lambda d: d["periods"][0].update(
        reasons=[{"reason": "insult", "count": 1}, {"reason": None, "count": 9}]
    ),
    "a period of more": lambda d: d["periods"][0].update(rejections=11),
    "a period of another week": lambda d: d["periods"][0].update({"to": "2026-08-09"}),
    "left over": lambda d: d.update(without_reason=0),
    "a removal more": lambda d: d["removals"].update(declined=9),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_cannot_be_is_found(name: str) -> None:
    given = json.loads(json.dumps(moderated.five_weeks(20)))
    CHANGES[name](given)
    assert wrong(given), name


def test_the_schema_refuses_few_of_a_reason() -> None:
    given = json.loads(json.dumps(built()))
    check(given)
    given["moderation"]["reasons"] = [{"reason": "insult", "count": 1}]
    with pytest.raises(jsonschema.ValidationError):
        check(given)


def test_an_imported_consultation_fits_the_schema() -> None:
    given = json.loads(json.dumps(built()))
    given["moderation"] = moderated.unknown(1)
    check(given)
