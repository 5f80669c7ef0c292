"""Full-text search in Korean and English: words, and overlapping two-character grams of Hangul and other scripts.

Plain Python and no analyser. English is found by the beginnings of words; Korean by grams, because a word there
carries its particles and is written with or without spaces. A vector is written when a version takes force and
names that version; matching joins the opinions that a list shows, so text that is not published never matches.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Func, OuterRef, QuerySet, Subquery, Value

from consultations.models import Opinion, OpinionVersion, SearchText

#: So much of a query is read: more terms narrow nothing that people look for.
LONGEST_QUERY = 200
MOST_TERMS = 24
#: So much of a word is kept.
LONGEST_WORD = 40
#: So many matches are looked up at once.
FEW = 1_000
FIELDS = ("proposal", "problem", "reason", "addressee")

#: Scripts written without spaces between words, and Hangul, whose spacing varies from writer to writer.
_DENSE = "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_RUN = re.compile(f"(?P<dense>[{_DENSE}]+)|(?P<word>[^\\W_{_DENSE}]+)")
_SPACES = re.compile(f"(?<=[{_DENSE}])\\s+(?=[{_DENSE}])")


def lexemes(text: str) -> set[str]:
    """What a text is found by: its words, and the grams of its dense runs with the spaces inside them removed."""
    found: set[str] = set()
    for kind, run in _runs(_SPACES.sub("", _normal(text))):
        if kind == "word":
            found.add(_stem(run[:LONGEST_WORD]))
        else:
            found.update(run[i : i + 2] for i in range(len(run)))  # the last one is a single character
    return found


def query_of(text: str) -> str | None:
    """The tsquery that every term of a reader's words must match; None when there is nothing to look for.

    Grams are taken within each word as it was typed, so that words may stand apart in the text. Terms hold
    letters and digits only, so no sign of the query language comes through.
    """
    terms: dict[str, None] = {}
    for kind, run in _runs(_normal(text[:LONGEST_QUERY])):
        if kind == "word":
            terms[f"'{_stem(run[:LONGEST_WORD])}':*"] = None
        elif len(run) == 1:
            terms[f"'{run}':*"] = None
        else:
            terms.update(dict.fromkeys(f"'{run[i : i + 2]}'" for i in range(len(run) - 1)))
    return " & ".join(list(terms)[:MOST_TERMS]) or None


class Matches(Func):
    """Whether a vector holds every term of a query."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, vector: str, query: str) -> None:
        super().__init__(F(vector), Value(query))


def matching(rows: QuerySet[Opinion], text: str) -> QuerySet[Opinion]:
    """Those of the opinions whose version in force holds every term; none when there is no term. Asks one query itself.

    Rare terms are found through their index. Where more than `FEW` of the rows match, finding them all to show twenty would
    cost the more the more there are: the list then walks its own order and looks at each text on the way.
    """
    query = query_of(text)
    if query is None:
        return rows.none()
    found = rows.order_by().filter(Matches("search_text__vector", query), search_text__version_id=F("version_id"))
    few = list(found.values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return rows.filter(pk__in=few)
    own = SearchText.objects.filter(opinion=OuterRef("pk"), version_id=OuterRef("version_id"))
    # A value of each row, and not a join: the planner must not turn it around.
    return rows.alias(matches=Subquery(own.values(matches=Matches("vector", query))[:1])).filter(matches=True)


def index(opinion_ids: Iterable[UUID]) -> int:
    """Write the vectors of some opinions from their versions in force; returns how many.

    Call it in the transaction that puts a version in force or overwrites its text. Idempotent; two at once
    write the same. An opinion without a version is left out.
    """
    versions = OpinionVersion.objects.filter(opinion__in=list(opinion_ids), pk=F("opinion__version")).order_by(
        "opinion"
    )
    rows = [(v.opinion_id, v.pk, sorted(lexemes("\n".join(getattr(v, f) for f in FIELDS)))) for v in versions]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO consultations_searchtext (opinion_id, version_id, vector)"
            " VALUES (%s, %s, array_to_tsvector(%s::text[]))"
            " ON CONFLICT (opinion_id) DO UPDATE SET version_id = EXCLUDED.version_id, vector = EXCLUDED.vector",
            rows,
        )
    return len(rows)


def index_missing(batch: int = 500) -> int:
    """Write the vectors that published opinions lack (imported ones, or whatever was missed); for the clock."""
    current = SearchText.objects.filter(version_id=F("opinion__version_id")).values("opinion")
    missing = Opinion.objects.published().exclude(pk__in=current).order_by("pk").values_list("pk", flat=True)
    done = 0
    while ids := list(missing[:batch]):
        done += index(ids)
    return done


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _runs(text: str) -> Iterator[tuple[str, str]]:
    for found in _RUN.finditer(text):
        yield str(found.lastgroup), found.group()


def _stem(word: str) -> str:
    """Plural and singular of an English word are one; short words stay as they are."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
