"""The content of an edition as a report in one language: every sentence and number ready to be set.

What the printed formats share, so that each only lays out. Plain data; texts of members stay what they are.
"""

import hashlib
from typing import Any

from digests.content import canonical
from digests.wording import Words

#: Opinions a theme shows before the table of every opinion takes over.
MOST_OF_A_THEME = 5
EXCERPT = 320
ON_COVER = 3


def build(content: dict[str, Any], language: str) -> dict[str, Any]:
    """The report of a content in Korean or English."""
    words = Words(language, imported=content["consultation"]["is_imported"])
    rows = {row["number"]: _finding(row, content, words) for row in content["opinions"]}
    return {
        "language": language,
        "cover": _cover(content, words),
        "headline": _headline(content, words) | {"top": [rows[number] for number in content["agreed"][:ON_COVER]]},
        "sections": [section for section in _sections(content, rows, words) if section],
        "table": _table(content, rows, words),
        "participation": _participation(content, words),
        "moderation": _moderation(content["moderation"], words),
        "method": _method(content, words),
        "words": {
            key: words(key)
            for key in (
                "contents",
                "agree",
                "pass",
                "disagree",
                "problem",
                "reason",
                "mark_new",
                "mark_not_voted_on",
                "full_text",
            )
        },
    }


def _cover(content: dict[str, Any], words: Words) -> dict[str, str]:
    edition, meeting, summit = content["edition"], content["meeting"], content["summit"]
    zone = edition["time_zone"]
    return {
        "summit": words.of(summit["title"]),
        "title": words.of(content["consultation"]["title"]),
        "kind": f"{words('digest')} · {words('edition', number=edition['number'])}",
        "meeting": words(
            "of_meeting", meeting=words.of(meeting["title"]), moment=words.moment(meeting["starts_at"], zone)
        )
        if meeting
        else "",
        "cutoff": words("cutoff", moment=words.moment(edition["cutoff_at"], zone)),
        "hosts": words("hosts", hosts=words.of(summit["hosts"])) if summit["hosts"]["ko"] else "",
        "sample": words("sample") if summit["is_sample"] else "",
        "url": content["consultation"]["url"],
    }


def _headline(content: dict[str, Any], words: Words) -> dict[str, Any]:
    head, people = content["headline"], content["participation"]
    figures = [("figure_opinions", words.count(head["opinions"])), ("figure_votes", words.count(head["votes"]))]
    figures.append(("figure_voters", words.count(head["voters"])))
    figures.append(("figure_turnout", words.percent(people["turnout"]) if people["known"] else words("not_known")))
    if content["edition"]["before"]:
        figures.append(("figure_new", words.count(head["new"])))
    if head["societies"] is not None:
        figures.append(("figure_societies", words.count(head["societies"])))
    return {
        "title": words("headline"),
        **_first_sentence(content, words),
        "provisional": "" if content["consultation"]["voting_closed"] else words("provisional"),
        "figures": [{"label": words(key), "value": value} for key, value in figures],
    }


def _first_sentence(content: dict[str, Any], words: Words) -> dict[str, Any]:
    """The main finding in one sentence: as a whole, and around the quoted proposal, which has its own language."""
    best = content["agreed"][0] if content["agreed"] else None
    row = next((row for row in content["opinions"] if row["number"] == best), None)
    if row is None:
        sentence = words("headline_none" if content["opinions"] else "headline_empty")
        return {"sentence": sentence, "around": [sentence, ""], "quoted": None}
    proposal = row["proposal"].rstrip(".。")
    total, share = words.count(row["votes"]["total"]), words.percent(row["share"])
    around = words("headline_best", proposal="\0", total=total, share=share).split("\0")
    return {
        "sentence": proposal.join(around),
        "around": around,
        "quoted": {"proposal": proposal, "language": row["language"]},
    }


def _finding(row: dict[str, Any], content: dict[str, Any], words: Words) -> dict[str, Any]:
    """One opinion, ready to be set as a finding or a line of a table."""
    votes = row["votes"]
    voted = votes["total"] > 0
    return {
        "number": row["number"],
        "url": f"{content['consultation']['url']}opinions/{row['number']}/",
        "proposal": row["proposal"],
        "language": row["language"],
        "byline": byline(row["author"], words),
        "problem": excerpt(row["problem"]),
        "reason": excerpt(row["reason"]),
        "counts": [votes["agree"], votes["pass"], votes["disagree"]],
        "tally": words("tally", **{k: words.count(votes[k]) for k in ("agree", "pass", "disagree")})
        if voted
        else words("no_votes"),
        "share": words.percent(row["share"]),
        "of_votes": words("of_votes", total=words.count(votes["total"])) if voted else "",
        "interval": words("interval", low=words.percent(row["low"]), high=words.percent(row["high"])) if voted else "",
        "rank": str(row["rank"] or "–"),
        "earlier": words("earlier", count=votes["on_earlier_text"]) if votes["on_earlier_text"] else "",
        "new": row["new"] and content["edition"]["before"] is not None,
        "not_voted_on": row["not_voted_on"],
    }


def byline(author: dict[str, Any] | None, words: Words) -> str:
    """The author as they chose to be shown; nothing for an imported opinion."""
    if author is None:
        return ""
    if author["shown_as"] == "member":
        return words("by_member")
    society = words.of(author["society"]) if author["society"] else ""
    if author["name"]:
        return (
            words("by_name", name=author["name"], society=society)
            if society
            else words("by_name_small", name=author["name"])
        )
    return words("by_society", society=society) if society else words("by_small_society")


def excerpt(text: str) -> str:
    """The beginning of a text, word for word, on one line; what is left out is marked."""
    line = " ".join(text.split())
    if len(line) <= EXCERPT:
        return line
    return line[:EXCERPT].rsplit(" ", 1)[0].rstrip(",.;") + " …"


def _sections(content: dict[str, Any], rows: dict[int, Any], words: Words) -> list[dict[str, Any] | None]:
    most = content["method"]["most_findings"]
    before = content["edition"]["before"]
    return [
        _section("agreed", content["agreed"], rows, words, most=most),
        _section("divided", content["divided"], rows, words, most=most),
        _section("new", content["new"][:most], rows, words, number=before["number"]) if before else None,
        _section("not_voted_on", content["not_voted_on"], rows, words) if content["not_voted_on"] else None,
        _themes(content, rows, words),
    ]


def _section(key: str, numbers: list[int], rows: dict[int, Any], words: Words, **values: Any) -> dict[str, Any]:
    return {
        "key": key,
        "title": words(key, **values),
        "intro": words(f"{key}_intro", **values),
        "none": "" if numbers else words(f"{key}_none"),
        "findings": [rows[number] for number in numbers],
        "themes": [],
    }


def _themes(content: dict[str, Any], rows: dict[int, Any], words: Words) -> dict[str, Any] | None:
    themes = [
        {
            "title": words.of(theme["title"]) if theme["title"] else words("theme_none"),
            "intro": words("theme_intro", opinions=len(theme["numbers"]), votes=words.count(theme["votes"])),
            "findings": [rows[number] for number in theme["numbers"][:MOST_OF_A_THEME]],
            "rest": words("theme_rest", count=rest) if (rest := len(theme["numbers"]) - MOST_OF_A_THEME) > 0 else "",
        }
        for theme in content["themes"]
        if theme["numbers"]
    ]
    if not any(theme["title"] for theme in content["themes"]):
        return None  # no themes at all: the section would repeat the ranking
    return {"key": "themes", "title": words("themes"), "intro": "", "none": "", "findings": [], "themes": themes}


def _table(content: dict[str, Any], rows: dict[int, Any], words: Words) -> dict[str, Any]:
    columns = ("column_number", "column_proposal", "agree", "pass", "disagree", "column_share", "column_rank")
    return {
        "title": words("table"),
        "intro": words("table_intro"),
        "columns": [words(column) for column in columns],
        "rows": [rows[row["number"]] for row in content["opinions"]],
    }


def _participation(content: dict[str, Any], words: Words) -> dict[str, Any]:
    people = content["participation"]
    if not people["known"]:
        sentence = words("participation_unknown", voters=words.count(people["voters"]))
        return {"title": words("participation"), "sentences": [sentence], "columns": [], "rows": []}
    sentence = words(
        "participation_roll",
        people=words.count(people["people"]),
        opening=words.count(people["people_at_opening"]),
        voters=words.count(people["voters"]),
        turnout=words.percent(people["turnout"]),
    )
    return {
        "title": words("participation"),
        "sentences": [sentence, words("participation_small", cell=content["method"]["smallest_cell"])],
        "columns": [words(c) for c in ("column_society", "column_people", "column_voters", "column_turnout")],
        "rows": [_society(row, words) for row in people["societies"]],
    }


def _society(row: dict[str, Any], words: Words) -> list[str]:
    name = words.of(row["name"]) if row["name"] else words("other_societies", count=row["societies"])
    turnout = words.percent(row["voters"] / row["people"] if row["people"] else None)
    return [name, words.count(row["people"]), words.count(row["voters"]), turnout]


def _moderation(moderation: dict[str, Any], words: Words) -> dict[str, Any]:
    always = ("received", "published", "rejected", "waiting")
    sometimes = ("held", "removed", "merged", "withdrawn")
    return {
        "title": words("moderation"),
        "figures": [
            {"label": words(f"moderation_{key}"), "value": words.count(moderation[key])}
            for key in (*always, *sometimes)
            if key in always or moderation[key]
        ],
        "reasons_title": words("moderation_reasons"),
        "columns": [words("column_reason"), words("column_count")],
        "rows": [[words(f"reason_{row['reason']}"), words.count(row["count"])] for row in moderation["reasons"]],
    }


def _method(content: dict[str, Any], words: Words) -> dict[str, Any]:
    edition = content["edition"]
    moment = words.moment(edition["cutoff_at"], edition["time_zone"])
    keys = ("counts", "share", "rank", "divided", "who", "font", "check")
    identity = [[words("identity_content"), hashlib.sha256(canonical(content)).hexdigest()]]
    identity.append([words("identity_input"), edition["input_sha256"]])
    if edition["before"]:
        before = edition["before"]
        identity.append([words("identity_before", number=before["number"]), before["content_sha256"]])
    return {
        "title": words("method"),
        "points": [words("method_moment", moment=moment), *(words(f"method_{key}") for key in keys)],
        "attribution_title": words("attribution"),
        "attribution": content["consultation"]["attribution"],
        "identity_title": words("identity"),
        "identity": identity,
        "compiler": words("identity_compiler", compiler=content["method"]["compiler"]),
    }
