#!/usr/bin/env python3
"""Check a published digest: recount its figures from the votes, and compare every file with the manifest.

공개된 다이제스트를 검증합니다. 투표 자료에서 수치를 다시 세고, 모든 파일을 manifest.json과 견줍니다.

    python verify.py [FOLDER] [--manifest-sha256 HASH] [--language ko|en]

FOLDER is the unpacked ZIP (by default where this file lies), or a folder with an edition's files, the ZIP among them.
HASH stands on the edition's page. Exit status: 0 all right, 1 something is wrong.

Needs Python 3.9 or later and nothing else. Formulas: README.md, and "method" in digest.json. What the rows do not hold
(groups, map, stability, topics, societies, turn-out, priorities, moderation) is "given": checked against the totals only.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import locale
import math
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

Z95 = 1.959963984540054
#: Figures have four decimals; this is half of the last one.
HALF = 0.5e-4 + 1e-9
COUNTS = ("agree", "pass", "disagree")
SIDES = (("agree", 0), ("disagree", 2))
#: What the ZIP must hold, beside the tables; other files of the edition may lie elsewhere.
COMPULSORY = (
    "README.md",
    "digest.json",
    "digest.schema.json",
    "opinions.csv",
    "participants.csv",
    "verify.py",
    "votes.csv",
)
#: Each table: where its rows stand in digest.json (after the stroke: a list inside each row), and its columns.
TABLES = {
    "societies": ("participation.societies", "name.ko name.en societies people voters"),
    "sectors": ("participation.sectors", "key people voters"),
    "stages": ("participation.stages", "key people voters"),
    "days": ("participation.days", "day votes"),
    "rejections": ("moderation.reasons", "reason count"),
    "rejections_by_period": ("moderation.periods/reasons", "from to rejections reason count"),
    "moderation": (
        "moderation.weeks",
        "week from came_in.new came_in.version came_in.argument came_in.report came_in.appeal decided median_minutes"
        " slowest_minutes timed in_time acts.publish acts.request_changes acts.reject acts.merge acts.hold acts.remove"
        " acts.approve_version acts.reject_version acts.redact acts.dismiss_report appeals.made appeals.granted"
        " appeals.refused appeals.overturned removals.confirmed removals.declined removals.lapsed holds.released"
        " holds.lapsed",
    ),
    "groups": ("groups.sizes", "group people"),
    "candidates": ("groups.candidates", "k stability silhouette"),
    "representative": ("groups.representative/opinions", "group number side share rest voters q"),
    "across": ("across", "number score"),
    "minority": (
        "minority",
        "of group society.ko society.en number side voters share low rest_voters rest_share rest_high",
    ),
    "priorities": ("priorities.opinions", "number count"),
    "changes": ("changes.moved", "number rank_before rank share_before share"),
    "topics": ("themes/topics", "place terms numbers central"),
    "arguments": ("opinions/arguments", "number side language helpful text"),
}
WORDS = {
    "files": ("파일이 목록과 같음", "files are as the manifest says"),
    "rows": ("투표와 참여자 자료가 서로 맞음", "votes and participants fit together"),
    "counts": ("찬성·보류·반대 수를 다시 셈", "counts recounted"),
    "shares": ("비율, 신뢰구간, 순위를 다시 계산함", "shares, intervals and ranks recomputed"),
    "lists": ("일치·대립 목록과 주제별 순서를 다시 만듦", "agreement, division and themes listed again"),
    "groups": ("의견 그룹별 수를 다시 셈", "counts by opinion group recounted"),
    "tests": ("그룹을 대표하는 의견을 다시 검정함", "representative opinions tested again"),
    "across": ("그룹을 넘어 일치하는 의견을 다시 계산함", "agreement across groups recomputed"),
    "minority": ("그룹의 소수 의견을 다시 계산함", "minority positions of groups recomputed"),
    "given": ("주어진 수치(다시 셀 수 없음)가 합계와 맞음", "given figures, which cannot be recounted, fit the totals"),
    "full": ("그룹과 지도를 다시 계산함", "groups and map computed again"),
    "tables": ("표가 digest.json과 같음", "tables are as digest.json"),
    "absent": ("여기에 없어 확인하지 못한 파일", "not here, so not checked"),
    "unsealed": (
        "manifest.json 자체는 확인하지 않았습니다. 다운로드 페이지에 있는 해시를 --manifest-sha256으로 주십시오.",
        "manifest.json itself was not checked: give the hash of the download page with --manifest-sha256.",
    ),
    "good": ("이상이 없습니다.", "All right."),
    "bad": ("맞지 않는 곳: {}", "Found wrong: {}"),
}


class Wrong(Exception):
    """A file that cannot be read as it should."""


class Report:
    """How much was looked at in each check, and what was found wrong."""

    def __init__(self) -> None:
        self.checks: dict[str, int] = {}
        self.errors: list[tuple[str, str]] = []
        self.absent: list[str] = []
        self.sealed = False

    def expect(self, check: str, where: str, given: Any, found: Any) -> None:
        self.checks[check] = self.checks.get(check, 0) + 1
        if not same(given, found):
            self.wrong(check, f"{where}: {str(given)[:200]} ≠ {str(found)[:200]}")

    def wrong(self, check: str, what: str) -> None:
        self.checks.setdefault(check, 0)
        self.errors.append((check, what))

    def lines(self, language: str) -> Iterator[str]:
        """The report in Korean or English, at most ten errors of a kind."""
        at = 0 if language == "ko" else 1
        for check, count in self.checks.items():
            errors = [what for where, what in self.errors if where == check]
            yield f"[{'!!' if errors else 'OK'}] {WORDS[check][at]} ({count:,})"
            yield from (f"     {what}" for what in errors[:10])
        if self.absent:
            yield f"[--] {WORDS['absent'][at]}: {', '.join(self.absent)}"
        if not self.sealed:
            yield f"[--] {WORDS['unsealed'][at]}"
        yield WORDS["bad"][at].format(len(self.errors)) if self.errors else WORDS["good"][at]


def same(given: Any, found: Any) -> bool:
    """Equal; computed numbers have more decimals than published ones, which are compared to their last decimal."""
    if isinstance(given, (list, tuple)) and isinstance(found, (list, tuple)):
        return len(given) == len(found) and all(same(given[at], found[at]) for at in range(len(given)))
    if isinstance(given, dict) and isinstance(found, dict):
        return given.keys() == found.keys() and all(same(given[key], found[key]) for key in given)
    if isinstance(given, float) or isinstance(found, float):
        return all(type(x) in (int, float) for x in (given, found)) and bool(abs(given - found) <= HALF)
    return type(given) is type(found) and bool(given == found)


# --- files -----------------------------------------------------------------------------------------


class Files:
    """The files of an edition: in a folder, in the ZIP that lies there, or both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        zips = sorted(folder.glob("*-digest-*.zip"))
        if len(zips) > 1:
            raise Wrong(f"several editions lie here: {', '.join(path.name for path in zips)}")
        self.zip = zipfile.ZipFile(zips[0]) if zips else None
        self.zipped = self.zip.namelist() if self.zip else []

    def read(self, name: str) -> bytes | None:
        if ".." not in name and not name.startswith("/") and (self.folder / name).is_file():
            return (self.folder / name).read_bytes()
        return self.zip.read(name) if self.zip and name in self.zipped else None

    def need(self, name: str) -> bytes:
        data = self.read(name)
        if data is None:
            raise Wrong(f"{name} is missing")
        return data

    def rows(self, name: str, columns: list[str]) -> list[list[str]]:
        rows = list(csv.reader(io.StringIO(self.need(name).decode("utf-8"), newline=""), strict=True))
        if not rows or rows[0] != columns or any(len(row) != len(columns) for row in rows):
            raise Wrong(f"{name}: the columns are not {','.join(columns)}")
        return rows[1:]


def check_files(files: Files, seal: str | None, report: Report) -> dict[str, Any]:
    """Every file against its size and hash in the manifest, the manifest against `seal`; gives the manifest."""
    data = files.need("manifest.json")
    if seal is not None:
        report.sealed = True
        report.expect("files", "manifest.json", hashlib.sha256(data).hexdigest(), seal.strip().lower())
    manifest: dict[str, Any] = json.loads(data)
    listed = {entry["name"]: entry for entry in manifest["files"]}
    compulsory = {*COMPULSORY, *(f"tables/{name}.csv" for name in TABLES)}
    report.expect("files", "listed in manifest.json", sorted(compulsory - set(listed)), [])
    for name, entry in sorted(listed.items()):
        found = files.read(name)
        if found is None and name not in compulsory:
            report.absent.append(name)
            continue
        size, sha256 = (None, None) if found is None else (len(found), hashlib.sha256(found).hexdigest())
        report.expect("files", name, [size, sha256], [entry["size"], entry["sha256"]])
        inside = {".json": "digest.json", ".csv": "opinions.csv"}.get(name[name.rfind(".") :], name)
        if re.search(r"-digest-\d+\.(json|csv)$", name):
            report.expect("files", f"{name}, {inside}", entry["sha256"], listed.get(inside, {}).get("sha256"))
    report.expect("files", "the ZIP's, each once", sorted(files.zipped), sorted(set(files.zipped)))
    report.expect("files", "the ZIP's, all listed", sorted(set(files.zipped) - set(listed) - {"manifest.json"}), [])
    for name in files.zipped:
        report.expect("files", f"{name} in the ZIP", files.zip and files.zip.read(name), files.read(name))
    return manifest


class Data(NamedTuple):
    """The digest; votes as (person, number, value); of each person the group and the place on the map."""

    digest: dict[str, Any]
    opinions: dict[int, dict[str, Any]]
    votes: list[tuple[str, int, int]]
    people: dict[str, tuple[int | None, tuple[float, float] | None]]


def read_data(files: Files, manifest: dict[str, Any], report: Report) -> Data:
    raw = files.need("digest.json")
    digest: dict[str, Any] = json.loads(raw)
    if digest.get("format") != "summit-digest" or digest.get("format_version") != 2:
        raise Wrong("digest.json is of another format")
    edition = digest["edition"]
    names = {name: edition[name] for name in ("number", "cutoff_at", "input_sha256")}
    names |= {"consultation": digest["consultation"]["slug"], "content_sha256": hashlib.sha256(raw).hexdigest()}
    report.expect("files", "the edition in manifest.json", {name: manifest["edition"][name] for name in names}, names)
    opinions = {row["number"]: row for row in digest["opinions"]}
    report.expect(
        "rows", "opinions, each once, in order", sorted(opinions), [row["number"] for row in digest["opinions"]]
    )
    data = Data(digest, opinions, list(read_votes(files, opinions)), dict(read_people(files)))
    pairs = [vote[:2] for vote in data.votes]
    report.expect(
        "rows", "votes.csv, each once, in order", [at for at in range(1, len(pairs)) if pairs[at - 1] >= pairs[at]], []
    )
    report.expect("rows", "participants.csv, in order", list(data.people), sorted(data.people))
    report.expect("rows", "who voted", sorted({pair[0] for pair in pairs}), sorted(data.people))
    return data


def read_votes(files: Files, opinions: dict[int, dict[str, Any]]) -> Iterator[tuple[str, int, int]]:
    for person, number, version, value in files.rows("votes.csv", ["pseudonym", "number", "version", "value"]):
        newest = opinions.get(int(number), {}).get("version", 0)
        if value not in ("-1", "0", "1") or not 1 <= int(version) <= newest or f"{int(number)}" != number:
            raise Wrong(f"votes.csv: {person},{number},{version},{value}")
        yield person, int(number), int(value)


def read_people(files: Files) -> Iterator[tuple[str, tuple[int | None, tuple[float, float] | None]]]:
    seen = set()
    for name, group, x, y in files.rows("participants.csv", ["pseudonym", "group", "x", "y"]):
        if name in seen:
            raise Wrong(f"participants.csv: {name} twice")
        seen.add(name)
        yield name, (int(group) if group else None, (float(x), float(y)) if x and y else None)


# --- recounting ------------------------------------------------------------------------------------

Counts = dict[int, list[int]]


def counted(data: Data) -> tuple[Counts, dict[int, Counts]]:
    """Agree, pass, disagree of each opinion: of everybody, and of each group."""
    everybody: Counts = {}
    groups: dict[int, Counts] = {
        group: {} for group in sorted({g for g, _place in data.people.values() if g is not None})
    }
    for person, number, value in data.votes:
        everybody.setdefault(number, [0, 0, 0])[1 - value] += 1
        group = data.people[person][0]
        if group is not None:
            groups[group].setdefault(number, [0, 0, 0])[1 - value] += 1
    return everybody, groups


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The Wilson score interval, 95 percent."""
    p, zz = successes / trials, Z95 * Z95
    scale = 1 + zz / trials
    centre = (p + zz / (2 * trials)) / scale
    half = Z95 / scale * math.sqrt(p * (1 - p) / trials + zz / (4 * trials * trials))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    return low, 1.0 if successes == trials else min(1.0, centre + half)


def ranked(scores: dict[int, float], totals: dict[int, int]) -> list[int]:
    """Opinion numbers, the highest score first; ties: more votes, then the lower number."""
    return sorted(scores, key=lambda number: (-round(scores[number], 9), -totals[number], number))


def check_counts(data: Data, counts: Counts, report: Report) -> None:
    head, part = data.digest["headline"], data.digest["participation"]
    for number, opinion in data.opinions.items():
        own = counts.get(number, [0, 0, 0])
        given = [opinion["votes"][name] for name in (*COUNTS, "total")]
        report.expect("counts", f"No. {number}", given, [*own, sum(own)])
    given = [head["opinions"], head["votes"], head["voters"], part["voters"]]
    report.expect("counts", "all", given, [len(data.opinions), len(data.votes), len(data.people), len(data.people)])


def check_shares(data: Data, counts: Counts, report: Report) -> list[int]:
    """Shares, intervals, ranks, and the lists that follow from them; gives the opinion numbers in order of rank."""
    method, most = data.digest["method"], data.digest["method"]["most_findings"]
    totals = {number: sum(own) for number, own in counts.items()}
    intervals = {number: wilson(own[0], totals[number]) for number, own in counts.items()}
    lows = {number: interval[0] for number, interval in intervals.items()}
    divided = {number: wilson(min(own[0], own[2]), totals[number])[0] for number, own in counts.items()}
    order = ranked(lows, totals)
    ranks = {number: at for at, number in enumerate(order, 1)}
    for number, opinion in data.opinions.items():
        found: list[Any] = [None] * 5
        if number in counts:
            found = [counts[number][0] / totals[number], *intervals[number], divided[number], ranks[number]]
        given = [opinion[name] for name in ("share", "low", "high", "divided", "rank")]
        report.expect("shares", f"No. {number}", given, found)
    agreed = [number for number in order if round(lows[number], 4) > method["agreed_from"]]
    split = [number for number in ranked(divided, totals) if round(divided[number], 4) > method["divided_from"]]
    report.expect("lists", "agreed", data.digest["agreed"], agreed[:most])
    report.expect("lists", "divided", data.digest["divided"], split[:most])
    return order


def check_lists(data: Data, counts: Counts, order: list[int], report: Report) -> None:
    digest = data.digest
    new = [number for number, row in data.opinions.items() if row["new"]]
    report.expect("lists", "new", [digest["new"], digest["headline"]["new"]], [new, len(new)])
    late = [number for number, row in data.opinions.items() if row["not_voted_on"]]
    report.expect("lists", "not voted on", [digest["not_voted_on"], [n for n in late if n in counts]], [late, []])
    sequence = [*order, *(number for number in data.opinions if number not in counts)]
    for theme in digest["themes"]:
        own = [number for number in sequence if data.opinions[number]["theme"] == theme["place"]]
        votes = sum(sum(counts.get(number, [])) for number in own)
        report.expect("lists", f"theme {theme['place']}", [theme["numbers"], theme["votes"]], [own, votes])
        topics = [number for topic in theme["topics"] for number in topic["numbers"]]
        report.expect("given", f"topics of theme {theme['place']}", len(set(topics) & set(own)), len(topics))


# --- groups ----------------------------------------------------------------------------------------


def check_groups(data: Data, counts: Counts, groups: dict[int, Counts], report: Report) -> None:
    section, digest = data.digest["groups"], data.digest
    people = [group for group, _place in data.people.values() if group is not None]
    sizes = [{"group": group, "people": people.count(group)} for group in groups]
    report.expect("groups", "sizes", section["sizes"], sizes)
    report.expect("groups", "1, 2, …", list(groups), list(range(1, len(groups) + 1)))
    last = len(groups) + 1
    points = sorted((group or last, *place) for group, place in data.people.values() if place is not None)
    found = [{"x": x, "y": y, "group": group if group < last else None} for group, x, y in points]
    report.expect("groups", "map", section["map"], found)
    if not section["stable"]:
        given = [section["representative"], digest["across"], [n for n, row in data.opinions.items() if row["groups"]]]
        report.expect("groups", "no groups", [groups, *given], [{}, [], None, []])
        return
    report.expect("groups", "k", [section["k"], section["grouped"]], [len(groups), len(people)])
    for number, opinion in data.opinions.items():
        own = [group.get(number, [0, 0, 0]) for group in groups.values()]
        report.expect("groups", f"No. {number}", opinion["groups"], own)
    check_tests(data, counts, groups, report)
    check_across(data, groups, report)
    check_minority(data, counts, groups, report)


def check_tests(data: Data, counts: Counts, groups: dict[int, Counts], report: Report) -> None:
    """Two-proportion z of each group against all others, on either side; Benjamini–Hochberg over all tests."""
    tests = []
    for group, own in groups.items():
        for number, inside in own.items():
            n, m = sum(inside), sum(counts[number]) - sum(inside)
            for side, at in SIDES if m else ():
                a, b = inside[at], counts[number][at] - inside[at]
                z = two_proportions(a, n, b, m)
                row = {"number": number, "side": side, "share": a / n, "rest": b / m, "voters": n}
                tests.append((group, -round(z, 9), -n, number, side, math.erfc(abs(z) / math.sqrt(2)), row))
    adjusted = benjamini_hochberg([test[5] for test in tests])
    chosen = [at for at, test in enumerate(tests) if adjusted[at] <= data.digest["method"]["q"] and test[1] < 0]
    chosen.sort(key=lambda at: tests[at][:5])
    found = [
        {
            "group": group,
            "opinions": [{**tests[at][6], "q": adjusted[at]} for at in chosen if tests[at][0] == group][:5],
        }
        for group in groups
    ]
    report.expect("tests", "representative", data.digest["groups"]["representative"], found)


def two_proportions(a: int, n: int, b: int, m: int) -> float:
    p = (a + b) / (n + m)
    spread = math.sqrt(p * (1 - p) * (1 / n + 1 / m))
    return (a / n - b / m) / spread if spread else 0.0


def benjamini_hochberg(p: list[float]) -> list[float]:
    """Adjusted p: of the i-th smallest the least of p_j · n / j over j ≥ i, at most 1."""
    adjusted, least = [1.0] * len(p), 1.0
    for rank, at in reversed(list(enumerate(sorted(range(len(p)), key=p.__getitem__), 1))):
        least = adjusted[at] = min(least, p[at] * len(p) / rank)
    return adjusted


def check_across(data: Data, groups: dict[int, Counts], report: Report) -> None:
    """The product over groups of (agree + 1) / (votes + 2), where that is more than half in every group."""
    scores, totals = {}, {}
    for number in {number for own in groups.values() for number in own}:
        each = [own.get(number, [0, 0, 0]) for own in groups.values()]
        factors = [(own[0] + 1) / (sum(own) + 2) for own in each]
        if min(factors) > 0.5:
            scores[number], totals[number] = math.prod(factors), sum(map(sum, each))
    found = [{"number": number, "score": scores[number]} for number in ranked(scores, totals)]
    report.expect("across", "across", data.digest["across"], found[: data.digest["method"]["most_findings"]])


def check_minority(data: Data, counts: Counts, groups: dict[int, Counts], report: Report) -> None:
    """Ten voters; inside the lower bound at least 60 percent, outside the upper one under 40."""
    found = []
    for group, own in groups.items():
        for number, inside in own.items():
            n, m = sum(inside), sum(counts[number]) - sum(inside)
            for side, at in SIDES if n >= 10 and m else ():
                row = minority_row(number, side, inside[at], n, counts[number][at] - inside[at], m)
                if row["low"] >= 0.6 and row["rest_high"] < 0.4:
                    found.append(((group, -round(row["low"], 9), number, side), row))
    found.sort(key=lambda pair: pair[0])
    rows = [{"of": "group", "group": key[0], "society": None, **row} for key, row in found]
    report.expect("minority", "of groups", [row for row in data.digest["minority"] if row["of"] == "group"], rows)


def minority_row(number: int, side: str, a: int, n: int, b: int, m: int) -> dict[str, Any]:
    inside = {"voters": n, "share": a / n, "low": wilson(a, n)[0]}
    return {
        "number": number,
        "side": side,
        **inside,
        "rest_voters": m,
        "rest_share": b / m,
        "rest_high": wilson(b, m)[1],
    }


# --- given figures ---------------------------------------------------------------------------------


def check_given(data: Data, counts: Counts, report: Report) -> None:
    """What rests on more than the rows hold, against the totals."""
    digest = data.digest
    check_participation(digest["participation"], len(data.votes), report)
    check_priorities(digest["priorities"], data.opinions, report)
    for row in digest["minority"]:
        if row["of"] == "society":
            check_society(row, counts[row["number"]], report)
    for number, opinion in data.opinions.items():
        if opinion["balance"] is not None:
            report.expect("given", f"No. {number} balance", 0 <= opinion["balance"]["mean"] <= 1, True)
    groups = digest["groups"]
    if groups["enough"]:
        repeats = groups["stability"] is not None and groups["stability"] >= groups["threshold"]
        report.expect("given", "stability", groups["stable"], repeats)
        report.expect(
            "given",
            "on the map",
            [groups["eligible"], len(groups["map"]) <= len(data.people)],
            [len(groups["map"]), True],
        )
    for row in (digest["changes"] or {"moved": []})["moved"]:
        now = data.opinions[row["number"]]
        report.expect("given", f"No. {row['number']} moved", [row["rank"], row["share"]], [now["rank"], now["share"]])
    check_moderation(digest["moderation"], len(data.opinions), report)


def check_moderation(given: dict[str, Any], opinions: int, report: Report) -> None:
    """Decisions are in no row of the ZIP: weeks must add up, times and shares lie where they can, reasons hide the few."""
    states = ("waiting", "published", "rejected", "held", "removed", "merged", "withdrawn")
    found = [opinions, sum(given[state] for state in states)]
    report.expect("given", "moderation", [given["published"], given["received"]], found)
    if not given["known"]:
        return
    weeks, acts = given["weeks"], given["acts"]
    for name in ("decided", "timed", "in_time"):
        report.expect("given", f"moderation, {name}", given[name], sum(week[name] for week in weeks))
    for name in ("came_in", "acts", "removals", "holds", "appeals"):
        keys = [key for key in given[name] if key not in ("open", "overturned")]
        summed = [sum(week[name][key] for week in weeks) for key in keys]
        report.expect("given", f"moderation, {name}", [given[name][key] for key in keys], summed)
    for span in (given, *weeks):
        report.expect("given", f"moderation {span.get('week', '')}", is_possible(span), True)
    rejections = acts["reject"] + acts["reject_version"]
    told = sum(row["count"] for row in given["reasons"]) + given["without_reason"]
    report.expect("given", "moderation, rejections", rejections, told)
    named = [row["count"] for period in given["periods"] for row in period["reasons"]]
    report.expect("given", "moderation, reasons", sum(row["count"] for row in given["reasons"]), sum(named))
    report.expect("given", "moderation, few of a reason", [count for count in named if count < 5], [])
    for at, period in enumerate(given["periods"]):
        inside = [week["acts"] for week in weeks if period["from"] <= week["from"] <= period["to"]]
        total = sum(row["reject"] + row["reject_version"] for row in inside)
        lines = sum(row["count"] for row in period["reasons"]) or total
        report.expect("given", f"moderation, period {at + 1}", [period["rejections"]] * 2, [total, lines])


def is_possible(span: dict[str, Any]) -> bool:
    """Whether the figures of a week, or of all, can stand beside each other."""
    median, slowest, appeals = span["median_minutes"], span["slowest_minutes"], span["appeals"]
    judged = appeals["granted"] + appeals["refused"]
    known = None not in (median, slowest)
    times = known and 0 <= median <= slowest if span["decided"] >= 5 else median is slowest is None
    share = same(appeals["overturned"], appeals["granted"] / judged if judged >= 5 else None)
    return times and share and 0 <= span["in_time"] <= span["timed"] <= span["decided"]


def check_participation(part: dict[str, Any], votes: int, report: Report) -> None:
    days = part.get("days", [])
    report.expect(
        "given",
        "days",
        [sum(day["votes"] for day in days), min([5, *(d["votes"] for d in days)])],
        [votes if days else 0, 5],
    )
    tables = {name: part[name] for name in ("societies", "sectors", "stages") if part.get(name)}
    for name, rows in tables.items():
        people, voters = (sum(row[key] for row in rows) for key in ("people", "voters"))
        report.expect("given", f"{name}, people", people, part["people"])
        if part["turnout"] is not None:
            report.expect("given", f"{name}, turn-out", part["turnout"], voters / people)
        report.expect("given", f"{name}, cells", [row for row in rows if not 5 <= row["voters"] <= row["people"]], [])


def check_priorities(given: dict[str, Any], opinions: dict[int, Any], report: Report) -> None:
    rows = given["opinions"]
    order = sorted(rows, key=lambda row: (-row["count"], row["number"]))
    report.expect("given", "priorities, in order", rows, order)
    possible = all(1 <= row["count"] <= given["people"] and row["number"] in opinions for row in rows)
    report.expect(
        "given", "priorities, five each", possible and sum(row["count"] for row in rows) <= 5 * given["people"], True
    )


def check_society(row: dict[str, Any], total: list[int], report: Report) -> None:
    """The row must be made of whole people, and of what is left of the opinion's total."""
    at, n = dict(SIDES)[row["side"]], row["voters"]
    own = round(row["share"] * n)
    found = minority_row(row["number"], row["side"], own, n, total[at] - own, sum(total) - n)
    where = f"No. {row['number']}, {row['society']['en']}"
    report.expect("given", where, {key: row[key] for key in found}, found)
    report.expect("given", f"{where}, the rule", n >= 10 and row["low"] >= 0.6 and row["rest_high"] < 0.4, True)


# --- tables ----------------------------------------------------------------------------------------

#: A spreadsheet would run a cell that begins like this, also after what it may take for a separator.
FORMULA = "=+\\-@＝＋－＠\u2212"
START = re.compile(rf"^(?=[{FORMULA}\t\r\n'])")
INSIDE = re.compile(rf"([;|\t\r\n] *)(?='*[{FORMULA}])")


def check_tables(data: Data, files: Files, report: Report) -> None:
    for name in TABLES:
        columns, cells = table(data.digest, name)
        report.expect("tables", name, files.rows(f"tables/{name}.csv", columns), cells)
    given = list(csv.DictReader(io.StringIO(files.need("opinions.csv").decode("utf-8-sig"), newline=""), strict=True))
    names = ("number", "version", "share", "low", "high", "divided", "rank")
    found = [
        {**{name: text(row[name]) for name in names}, **{name: text(row["votes"][name]) for name in COUNTS}}
        for row in data.digest["opinions"]
    ]
    report.expect("tables", "opinions.csv", [{key: row.get(key) for key in (*names, *COUNTS)} for row in given], found)


def table(digest: dict[str, Any], name: str) -> tuple[list[str], list[list[str]]]:
    """The columns and cells of a table, as digest.json has them."""
    path, columns = TABLES[name]
    outer, _stroke, inner = path.partition("/")
    rows: Any = digest
    for key in outer.split("."):
        rows = rows.get(key) if rows else None
    if inner:
        rows = [{**row, **each} for row in rows for each in row[inner]]
    return columns.replace(".", "_").split(), [
        [text(cell(row, column)) for column in columns.split()] for row in rows or []
    ]


def cell(row: dict[str, Any], column: str) -> Any:
    name, _point, language = column.partition(".")
    value = row[name]
    return (value or {}).get(language) if language else value


def text(value: Any) -> str:
    """A cell as it stands in the file; no spreadsheet runs it."""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return START.sub("'", INSIDE.sub(r"\1'", value)) if isinstance(value, str) else "" if value is None else str(value)


# --- all of it -------------------------------------------------------------------------------------


def check(folder: Path, seal: str | None = None) -> tuple[Report, Data | None]:
    """Everything; what cannot even be read is an error like another. The data is None where it cannot be read."""
    report, data = Report(), None
    try:
        files = Files(folder)
        manifest = check_files(files, seal, report)
        data = read_data(files, manifest, report)
        counts, groups = counted(data)
        check_counts(data, counts, report)
        check_lists(data, counts, check_shares(data, counts, report), report)
        check_groups(data, counts, groups, report)
        check_given(data, counts, report)
        check_tables(data, files, report)
    except Exception as error:  # noqa: BLE001 - whatever breaks here is broken by the files
        report.wrong("files", f"{type(error).__name__}: {error}")
    return report, data


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--manifest-sha256", metavar="HASH")
    own = "ko" if str(locale.getlocale()[0]).lower().startswith(("ko", "korean")) else "en"
    parser.add_argument("--language", choices=("ko", "en"), default=own)
    given = parser.parse_args(arguments)
    report, _data = check(given.folder, given.manifest_sha256)
    for line in report.lines(given.language):
        sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.buffer.flush()
    return 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
