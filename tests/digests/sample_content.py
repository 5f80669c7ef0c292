"""Contents of format version 2 made by hand, without a database: a rich one, an imported one, and small ones.

People, societies and opinions are invented. The same arguments give the same content.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from analysis.agreement import Tally, agreement, by_agreement, by_division, divided, share
from common.text import guess_language
from config.sample import content as sample
from tests.digests import moderated

SITE = "https://summit.example"
MOMENT = "2026-09-02T09:30:00Z"
VERSION_2 = 2
SOCIETIES = (
    ("가상재료학회", "Imaginary Society of Materials", 96, 71),
    ("상상물리학회", "Imaginary Physical Society", 84, 52),
    ("허구화학공학회", "Invented Society of Chemical Engineering and Process Technology", 61, 40),
    ("지어낸수학회", "Invented Mathematical Society", 40, 33),
    ("없는천문학회", "Non-existent Astronomical Society", 22, 9),
)
Opinions = list[dict[str, Any]]


def both(ko: str, en: str) -> dict[str, str]:
    return {"ko": ko, "en": en}


AUTHOR = {"name": "", "society": both(*SOCIETIES[0][:2]), "shown_as": "society"}


def rich(*, groups: int = 3, repeat: int = 1, seed: int = 0, edition: int = 2) -> dict[str, Any]:
    """A second edition with everything in it: groups, map, topics, arguments, responses, corrections, changes."""
    random = Random(seed)
    titles = [both(theme["title_ko"], theme["title_en"]) for theme in sample.summit()["themes"]]
    opinions = _opinions(random, groups, repeat)
    made = _frame(opinions, edition=edition) | {
        "themes": _themes(opinions, titles),
        "participation": _participation(),
        "groups": _groups(random, opinions, groups),
        "across": _across(opinions) if groups else None,
        "minority": _minority(opinions, groups),
        "balance": {"smallest": 5, "dominant": {"society": _society(0), "share": 0.34}, "known": True},
        "priorities": {"people": 174, "opinions": [{"number": n, "count": 120 - 7 * n} for n in range(1, 13)]},
        "recommendations": _recommendations(),
    }
    made["headline"]["societies"] = len(SOCIETIES)
    if edition > 1:
        made |= {"changes": _changes(opinions), "last_digest": _last_digest(), "errata": _errata()}
    return made


def imported(*, opinions: int = 60, people: int = 400, groups: int = 2, seed: int = 1) -> dict[str, Any]:
    """As from another system: Chinese and English sentences, no roll, no names, no themes, one long sentence."""
    random = Random(seed)
    rows = [
        _opinion(n, text=_imported_text(n), theme=None, random=random, groups=groups, author=None)
        for n in range(1, opinions + 1)
    ]
    made = _frame(rows, edition=1) | {
        "themes": _themes(rows, []),
        "participation": {"known": False, "voters": people, "sectors": [], "stages": [], "days": _days(20)},
        "moderation": moderated.unknown(opinions),
        "groups": _groups(random, rows, groups, people=people),
        "across": _across(rows) if groups else None,
        "minority": _minority(rows, groups),
        "balance": {"smallest": 5, "dominant": None, "known": False},
    }
    made["consultation"] |= {"is_imported": True, "attribution": "Made up for tests, CC BY 4.0, nobody"}
    made["headline"] |= {"societies": None, "voters": people}
    return made


def few(*proposals: str, **changes: Any) -> dict[str, Any]:
    """A first edition of just these opinions, with too few people for groups. Each text stands everywhere it can."""
    random = Random(2)
    rows = [
        _opinion(n, text=dict.fromkeys(("proposal", "problem", "reason", "addressee"), text), theme=1, random=random)
        for n, text in enumerate(proposals, 1)
    ]
    made = _frame(rows, edition=1)
    made["themes"] = _themes(rows, [both("연구 경력", "Research careers")]) if rows else []
    return made | changes


# --- the frame --------------------------------------------------------------------------------------


def _frame(opinions: Opinions, *, edition: int) -> dict[str, Any]:
    """Everything that a content has, with what is optional empty."""
    before = {"number": 1, "cutoff_at": "2026-08-26T09:30:00Z", "content_sha256": "ab" * 32} if edition > 1 else None
    tallies = {row["number"]: Tally(*(row["votes"][k] for k in ("agree", "pass", "disagree"))) for row in opinions}
    known = {row["number"]: row for row in opinions}
    for rank, number in enumerate(by_agreement(tallies), 1):
        known[number]["rank"] = rank
    return {
        "format": "summit-digest",
        "format_version": VERSION_2,
        "edition": {
            "number": edition, "cutoff_at": MOMENT, "time_zone": "Asia/Seoul", "input_sha256": "cd" * 32, "before": before,
        },
        "summit": {"title": both("이공계 인재 서밋", "Talent summit"), "hosts": both("가상 학회 연합", "Federation of Imaginary Societies"), "is_sample": True},
        "meeting": {
            "id": "00000000-0000-4000-8000-000000000001", "title": both("2차 회의: 무엇을 바꿀 것인가", "Second meeting: what to change"),
            "place": both("가상 회관", "Imaginary hall"), "starts_at": "2026-09-02T05:00:00Z", "ends_at": "2026-09-02T08:00:00Z",
        },
        "consultation": {
            "slug": "talent", "title": both("무엇부터 바꿔야 합니까?", "What should change first?"),
            "about": both("인재가 남으려면 무엇을 바꿔야 하는지 묻습니다.", "It asks what should change so that people stay."),
            "is_imported": False, "attribution": "", "url": f"{SITE}/consultations/talent/", "voting_closed": edition > 1,
            "submissions_open_at": MOMENT, "submissions_close_at": MOMENT, "voting_open_at": MOMENT, "voting_close_at": MOMENT,
        },
        "headline": {
            "opinions": len(opinions), "new": sum(row["new"] for row in opinions), "voters": 205,
            "votes": sum(row["votes"]["total"] for row in opinions), "societies": 5,
        },
        "participation": _participation() | {"sectors": [], "stages": [], "days": []},
        "moderation": moderated.five_weeks(len(opinions)),
        "themes": [],
        "opinions": opinions,
        "agreed": [n for n in by_agreement(tallies) if (known[n]["low"] or 0) > 0.5][:10],
        "divided": [n for n in by_division(tallies) if (known[n]["divided"] or 0) > 0.25][:10],
        "new": [row["number"] for row in opinions if row["new"]],
        "not_voted_on": [row["number"] for row in opinions if row["not_voted_on"]],
        "groups": {
            "enough": False, "stable": False, "k": 1, "stability": None, "threshold": 0.7, "readiness": False, "candidates": [],
            "min_votes": 7, "eligible": 12, "grouped": 0, "draws": 30, "draw_size": 12, "seed": 0, "sizes": [], "representative": [], "map": [],
        },
        "across": None, "minority": [], "balance": {"smallest": 5, "dominant": None, "known": True},
        "priorities": {"people": 0, "opinions": []}, "changes": None, "recommendations": [], "last_digest": [], "errata": [],
        "method": {
            "share": "agree / (agree + pass + disagree)", "interval": "Wilson score interval, 95 percent",
            "rank": "lower bound of the interval, then votes, then number", "divided": "lower Wilson bound of min(agree, disagree) / n",
            "agreed_from": 0.5, "divided_from": 0.25, "most_findings": 10, "compiler": "3", "smallest_cell": 5,
            "groups": {"recipe": "pca-kmeans", "min_votes": 7, "draws": 30, "threshold": 0.7, "seed": 0},
            "versions": {"numpy": "2.1.3", "scikit-learn": "1.6.0"}, "across": "product over groups of (agree + 1) / (votes + 2)", "q": 0.1,
        },
    }  # fmt: skip


# --- opinions ---------------------------------------------------------------------------------------


def _opinions(random: Random, groups: int, repeat: int) -> Opinions:
    given = [opinion for opinion in sample.opinions() if opinion.is_published] * repeat
    keys = [theme["key"] for theme in sample.summit()["themes"]]
    rows = []
    for number, opinion in enumerate(given, 1):
        likely = [opinion.agree[group % len(opinion.agree)] for group in range(max(groups, 1))]
        row = _opinion(
            number,
            text=opinion.fields,
            theme=keys.index(opinion.theme) + 1,
            random=random,
            groups=groups,
            likely=likely,
        )
        rows.append(row)
    _with_edges(rows)
    return rows


def _with_edges(rows: Opinions) -> None:
    """What happens to some: earlier text, no quoting, a name, nobody could vote, new."""
    rows[1]["votes"]["on_earlier_text"] = 7
    rows[2] |= {"quote": False, "problem": "", "reason": "", "addressee": "", "evidence": [], "interests": ""}
    rows[3]["author"] = {"name": "김가상", "society": _society(1), "shown_as": "name"}
    rows[4]["author"] = {"name": "", "society": None, "shown_as": "member"}
    rows[5]["author"] = {"name": "", "society": None, "shown_as": "society"}
    empty = {"agree": 0, "pass": 0, "disagree": 0, "total": 0, "on_earlier_text": 0}
    rows[-1] |= {
        "votes": empty, "not_voted_on": True, "rank": None, "share": None, "low": None, "high": None, "divided": None,
        "groups": [[0, 0, 0] for _group in rows[-1]["groups"]] if rows[-1]["groups"] else None, "balance": None,
    }  # fmt: skip
    for row in rows[-6:]:
        row["new"] = True


def _opinion(
    number: int,
    *,
    text: dict[str, Any],
    theme: int | None,
    random: Random,
    groups: int = 0,
    likely: list[float] | None = None,
    author: dict[str, Any] | None = AUTHOR,
) -> dict[str, Any]:
    chances = likely or [random.uniform(0.25, 0.95) for _group in range(max(groups, 1))]
    split = [_cast(random, chance, 30 + 12 * place) for place, chance in enumerate(chances)]
    tally = Tally(*(sum(one[i] for one in split) for i in range(3)))
    interval = agreement(tally)
    assert interval is not None
    return {
        "number": number, "sequence": number, "version": 1, "theme": theme, "language": text.get("language") or guess_language(text["proposal"]),
        "proposal": text["proposal"], "horizon": text.get("horizon", "now"), "published_at": MOMENT, "quote": True,
        "problem": text.get("problem", ""), "reason": text.get("reason", ""), "addressee": text.get("addressee", ""),
        "evidence": text.get("evidence", []), "interests": text.get("interests", ""), "author": author,
        "new": False, "not_voted_on": False,
        "votes": {"agree": tally.agree, "pass": tally.passed, "disagree": tally.disagree, "total": tally.total, "on_earlier_text": 0},
        "rank": None, "share": round(share(tally) or 0, 4), "low": round(interval.low, 4), "high": round(interval.high, 4),
        "divided": round(divided(tally) or 0, 4),
        "groups": split if groups else None,
        "balance": {"mean": round(chances[0], 4), "societies": 5} if author else None,
        "arguments": _arguments() if number in (1, 2, 9) and author else [],
    }  # fmt: skip


def _cast(random: Random, chance: float, people: int) -> list[int]:
    values = [random.random() for _person in range(people)]
    agreed = sum(value < chance for value in values)
    passed = sum(chance <= value < chance + 0.05 for value in values)
    return [agreed, passed, people - agreed - passed]


def _arguments() -> list[dict[str, Any]]:
    return [
        {"side": "for", "text": "이웃 나라의 같은 제도에서 떠나는 사람이 3년 만에 절반으로 줄었습니다.", "language": "ko", "helpful": 12},
        {"side": "for", "text": "It costs little, because the posts exist already.", "language": "en", "helpful": 3},
        {"side": "against", "text": "작은 대학은 재원이 없어 오히려 자리를 줄일 것입니다.", "language": "ko", "helpful": 0},
    ]  # fmt: skip


def _imported_text(number: int) -> dict[str, Any]:
    chinese = "司機應該有選擇工作時間的自由，但平台要負起保險的責任。"
    english = "Drivers should be free to choose their hours, but the platform has to insure them."
    long = " ".join([english] * 11)
    texts = (chinese, english, f"第{number}條：{chinese}", f"{english[:-1]} ({number}).")
    return {"proposal": long if number == 3 else texts[number % 4], "language": "zh" if number % 2 == 0 else "en"}


# --- what is computed from them ---------------------------------------------------------------------


def _themes(opinions: Opinions, titles: list[dict[str, str]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    places: list[tuple[int | None, dict[str, str] | None]] = [*enumerate(titles, 1), (None, None)]
    for place, title in places:
        own = [row for row in opinions if row["theme"] == place]
        own.sort(key=lambda row: (row["rank"] is None, row["rank"] or 0, row["number"]))
        if own or place is not None:
            numbers = [row["number"] for row in own]
            votes = sum(row["votes"]["total"] for row in own)
            made.append(
                {"place": place, "title": title, "votes": votes, "numbers": numbers, "topics": _topics(numbers)}
            )
    return made


def _topics(numbers: list[int]) -> list[dict[str, Any]]:
    if len(numbers) < 5:
        return []
    first = {"terms": ["박사후연구원", "계약", "정년"], "numbers": sorted(numbers[:3]), "central": numbers[:2]}
    second = {
        "terms": ["graduates", "programme", "outcomes", "degree"],
        "numbers": sorted(numbers[3:5]),
        "central": [numbers[3]],
    }
    return [first, second]


def _groups(random: Random, opinions: Opinions, k: int, people: int = 205) -> dict[str, Any]:
    centres = [(-2.1, 0.7), (1.9, 1.1), (0.2, -2.0), (3.5, -2.5), (-3.5, -2.2), (0, 3)]
    sizes = [people - (k - 1) * (people // (k + 2)), *[people // (k + 2)] * (k - 1)] if k else [people]
    dots: list[dict[str, Any]] = []
    for place, size in enumerate(sizes):
        x, y = centres[place] if k else (0.0, 0.0)
        spread = 0.8 if k else 1.5
        dots += [
            {
                "x": round(random.gauss(x, spread), 3),
                "y": round(random.gauss(y, spread), 3),
                "group": place + 1 if k else None,
            }
            for _person in range(size)
        ]
    dots.sort(key=lambda dot: (dot["group"] or 0, dot["x"], dot["y"]))
    return {
        "enough": True, "stable": bool(k), "k": k or 1, "stability": 0.884 if k else 0.51, "threshold": 0.7, "readiness": k == 2,
        "candidates": [{"k": n, "stability": 0.9 - n / 50, "silhouette": 0.41 - n / 20} for n in range(2, 6)],
        "min_votes": 7, "eligible": people + 12, "grouped": people if k else 0, "draws": 30, "draw_size": people + 12, "seed": 0,
        "sizes": [{"group": place, "people": size} for place, size in enumerate(sizes, 1)] if k else [],
        "representative": [
            {
                "group": group,
                "opinions": [
                    {"number": row["number"], "side": "agree" if n % 2 else "disagree", "share": 0.91 - n / 50, "rest": 0.32, "voters": 60, "q": 0.0004}
                    for n, row in enumerate(opinions[group * 3 : group * 3 + 4])
                ],
            }
            for group in range(1, k + 1)
        ],
        "map": dots,
    }  # fmt: skip


def _across(opinions: Opinions) -> list[dict[str, Any]]:
    scored = []
    for row in opinions:
        score = 1.0
        for agreed, passed, disagreed in row["groups"]:
            score *= (agreed + 1) / (agreed + passed + disagreed + 2)
        if row["votes"]["total"]:
            scored.append({"number": row["number"], "score": round(score, 4)})
    return sorted(scored, key=lambda row: (-row["score"], row["number"]))[:10]


def _minority(opinions: Opinions, groups: int) -> list[dict[str, Any]]:
    shares = {"voters": 34, "share": 0.8235, "low": 0.66, "rest_voters": 300, "rest_share": 0.2, "rest_high": 0.25}
    found: list[dict[str, Any]] = []
    if groups:
        found.append(
            {"of": "group", "group": 2, "society": None, "number": opinions[2]["number"], "side": "agree", **shares}
        )
    if opinions[0]["author"]:
        found += [
            {
                "of": "society",
                "group": None,
                "society": _society(3),
                "number": opinions[6]["number"],
                "side": "disagree",
                **shares,
            },
            {
                "of": "society",
                "group": None,
                "society": None,
                "number": opinions[6]["number"],
                "side": "disagree",
                **shares,
            },
        ]
    return found


def _changes(opinions: Opinions) -> dict[str, Any]:
    voted = [row for row in opinions if row["rank"] and not row["new"]][:8]
    moved = [
        {"number": row["number"], "rank_before": row["rank"] + n + 1, "rank": row["rank"], "share_before": 0.5, "share": row["share"]}
        for n, row in enumerate(voted)
    ]  # fmt: skip
    return {"since": 1, "moved": moved, "settled": [98, 99]}


# --- people and earlier editions --------------------------------------------------------------------


def _society(place: int) -> dict[str, str]:
    return both(*SOCIETIES[place][:2])


def _participation() -> dict[str, Any]:
    rows = [
        {"name": both(ko, en), "societies": 1, "people": people, "voters": voters}
        for ko, en, people, voters in SOCIETIES
    ]
    rows.append({"name": None, "societies": 3, "people": 14, "voters": 8})
    return {
        "known": True, "voters": 205, "people": 317, "people_at_opening": 290, "turnout": 0.6719, "societies": rows,
        "sectors": [{"key": key, "people": 100 - 30 * n, "voters": 60 - 19 * n} for n, key in enumerate(("university", "institute", "industry", None))],
        "stages": [{"key": key, "people": 80 - 11 * n, "voters": 60 - 9 * n} for n, key in enumerate(("student", "postdoc", "early", "senior", None))],
        "days": _days(8),
    }  # fmt: skip


def _days(count: int) -> list[dict[str, Any]]:
    first = date(2026, 8, 26)
    return [{"day": (first + timedelta(days=n)).isoformat(), "votes": 812 - 73 * (n % 9)} for n in range(count)]


def _recommendations() -> list[dict[str, Any]]:
    return [
        {
            "number": 1, "title": both("박사후연구원을 대학의 정규 직원으로", "Postdoctoral researchers as staff of the university"),
            "body": both("시범 대학 네 곳에서 시작하고 1년 뒤에 넓힙니다.\n\n재원은 간접비에서 마련합니다.", "Begin at four universities and widen it after a year.\n\nOverheads pay for it."),
            "opinions": [1, 2, 4], "addressee": both("가상 교육 담당 부처", "Imaginary ministry of education"), "due_on": "2026-10-01", "kind": "recommendation",
        },
        {
            "number": 2, "title": both("졸업 통계의 공개", "Published figures of graduates"), "body": both("해마다 두 숫자를 공개합니다.", "Two numbers a year."),
            "opinions": [5], "addressee": None, "due_on": None, "kind": "note",
        },
    ]  # fmt: skip


def _last_digest() -> list[dict[str, Any]]:
    addressee = both("가상 과학 담당 부처", "Imaginary ministry of science")
    return [
        {
            "edition": 1, "number": 1, "title": both("장비 전문 인력의 정년", "Permanent posts for instrument staff"), "addressee": addressee,
            "due_on": "2026-08-30", "state": "accept_in_part", "answered_on": "2026-08-29",
            "text": both("공공 연구기관 두 곳에서 먼저 시행합니다.", "Two public institutes will begin."),
        },
        {
            "edition": 1, "number": 2, "title": both("연봉 하한의 공개", "Published pay floors"), "addressee": addressee,
            "due_on": "2026-08-31", "state": "overdue", "text": None, "answered_on": None,
        },
        {
            "edition": 1, "number": 3, "title": both("귀국 연구자의 주거", "Housing for those who return"), "addressee": None,
            "due_on": None, "state": "waiting", "text": None, "answered_on": None,
        },
    ]  # fmt: skip


def _errata() -> list[dict[str, Any]]:
    said = both(
        "전체 의견 표의 12번 의견 투표 수는 88표가 아니라 86표입니다.",
        "In the table of every opinion, No. 12 has 86 votes, not 88.",
    )
    return [{"of_edition": 1, "text": said}]
