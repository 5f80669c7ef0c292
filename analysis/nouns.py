"""What texts are about, in words: Korean nouns and English words that stand out in one topic against the others.

Source: B. L. Monroe, M. P. Colaresi, K. M. Quinn, *Fightin' words*, Political Analysis 16 (2008): log-odds with an
informative Dirichlet prior. Workers only: the Korean analyser takes 2 s and some 300 MB to start.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log, sqrt
from typing import Any

from kiwipiepy import Kiwi

#: Terms a topic has at most.
TERMS = 5
#: How heavily the background weighs against a topic's own counts: as so many imagined words.
PRIOR = 20.0

_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*[A-Za-z]")
_HANGUL = re.compile(r"[가-힣]")
#: Nouns of Kiwi's tag set and what may hang on them: prefix and suffix (대학원 + 생), foreign words.
_NOUNS = ("NNG", "NNP")
_PARTS = (*_NOUNS, "XPN", "XSN", "SL")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words that say nothing of the subject, with verbs of asking for something.
_ENGLISH_STOP = _words("""
    a able about add after all allow also although always an and another any are as at away back bad be because become been
    before being below between both bring but by can cannot change come connect could did do does doing done down drop during
    each either end enough etc even every everyone few find first for from further get give given go good had has have having
    he help her here his how however i if in instead into is it its itself just keep kept know last least leave less let like
    long made make many may me might more most much must my need neither never new no nobody nor not nothing now number of
    off offer often old on once one only onto or other our out over own part people per permit person provide put raise
    rather reduce same say set several shall she should since so some somebody someone something start stop such take taken
    than that the their them then there these they thing this those three through time to together too two under until up upon us
    use used using very want was way we well were what when where which while who whoever whom whose why will with within
    without word would year yet you your
""")
_KOREAN_STOP = _words("""
    가운데 가지 경우 그것 내용 누구 다음 대부분 대신 동시 동안 때문 마련 만큼 모두 무엇 문제 미만 방식 부분 사람 사이 생각 아래 얼마 여기
    우리 위주 의견 이것 이상 이유 이하 이후 자신 자체 전체 정도 처음 최소 최대 필요 하나 함께
""")
#: Nouns in -ly; other words in -ly are adverbs.
_NO_ADVERBS = _words("assembly family monopoly supply")


def terms(texts_by_topic: Sequence[Sequence[str]], background: Sequence[str], most: int = TERMS) -> list[list[str]]:
    """For each topic its most distinctive terms, at most `most`, the most distinctive first.

    `texts_by_topic`: the texts of each topic; `background`: all texts of the consultation, these among them or not. A term counts
    once a text. Of each term the z of its log-odds in the topic against the background is taken, shrunk towards the
    background; only terms that are more frequent in the topic are named. Ties: in more texts of the topic, then the longer word (a syllable of
    Hangul counts three letters), then by alphabet. Same texts in any order: same terms. A topic without a noun has none.
    """
    topics = [_counted(texts) for texts in texts_by_topic]
    everything = _counted(background)
    for counts in topics:
        # The background is to hold every topic, whether it was given with them or not.
        everything |= counts
    return [_distinctive(counts, everything, most) for counts in topics]


def nouns(text: str) -> list[str]:
    """The terms of one text in the order in which they come: Korean nouns, English words in lower case.

    Korean: nouns that touch are one term (박사 + 과정), with their prefixes and suffixes; single syllables are left out.
    English: words of three letters or more; a plural -s is taken off; adverbs in -ly and what stands in a short stop list are
    left out.

    >>> nouns("박사과정 학생의 보수를 올리자. Raise the stipends of doctoral students!")
    ['박사과정', '학생', '보수', 'stipend', 'doctoral', 'student']
    """
    normal = unicodedata.normalize("NFC", text)
    found = _korean(normal) if _HANGUL.search(normal) else []
    found += [(match.start(), word) for match in _WORD.finditer(normal) if (word := _english(match.group()))]
    return [word for _start, word in sorted(found)]


@lru_cache(maxsize=1)
def _analyser() -> Any:
    """Loaded once a process; one thread, so that its results come in order."""
    return Kiwi(num_workers=1)


def _korean(text: str) -> list[tuple[int, str]]:
    """Where each term starts, and the term."""
    found: list[tuple[int, str]] = []
    run: list[Any] = []
    for token in [*_analyser().tokenize(text), None]:
        if run and (token is None or token.tag not in _PARTS or token.start != run[-1].start + run[-1].len):
            found += _term(text, run)
            run = []
        if token is not None and token.tag in _PARTS and (run or token.tag != "XSN"):
            run.append(token)
    return found


def _term(text: str, run: list[Any]) -> list[tuple[int, str]]:
    word = text[run[0].start : run[-1].start + run[-1].len]
    named = any(token.tag in _NOUNS for token in run)
    good = named and len(word) > 1 and word not in _KOREAN_STOP and _HANGUL.search(word)
    return [(run[0].start, word)] if good else []


def _english(word: str) -> str:
    """The word as it is counted, or nothing."""
    plain = word.lower().replace("’", "'").removesuffix("'s").strip("'-")
    if plain in _ENGLISH_STOP or len(plain) < 3 or (plain.endswith("ly") and plain not in _NO_ADVERBS):
        return ""
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    plural = len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is"))
    single = plain[:-1] if plural else plain
    return "" if single in _ENGLISH_STOP else single


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in set(nouns(text)))


def _distinctive(counts: Counter[str], everything: Counter[str], most: int) -> list[str]:
    scored = {word: _log_odds(word, counts, everything) for word in counts}
    better = [word for word, z in scored.items() if z > 0]
    return sorted(better, key=lambda word: (-round(scored[word], 9), -counts[word], -_length(word), word))[:most]


def _length(word: str) -> int:
    return len(word) * (3 if _HANGUL.match(word) else 1)


def _log_odds(word: str, counts: Counter[str], everything: Counter[str]) -> float:
    """z of the log-odds of a word inside against outside, both shrunk towards everything; 0 for the only word there is."""
    total, own = everything.total(), counts.total()
    if everything[word] == total:
        return 0.0
    prior = PRIOR * everything[word] / total
    inside, outside = counts[word] + prior, everything[word] - counts[word] + prior
    odds = [log(part / (whole + PRIOR - part)) for part, whole in ((inside, own), (outside, total - own))]
    return (odds[0] - odds[1]) / sqrt(1 / inside + 1 / outside)
