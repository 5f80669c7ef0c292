"""Invented sentences in English and Korean, from a small grammar; nobody said any of them."""

import random
from itertools import product

_ENGLISH = (
    ["Universities", "Public institutes", "The ministry", "Companies", "Funding agencies", "Laboratories", "Societies"],
    ["should publish", "should pay for", "should simplify", "should stop counting", "should report on",
     "should extend", "should share", "should test"],
    ["postdoctoral positions", "starting salaries", "travel grants", "project accounting", "childcare places",
     "shared instruments", "evaluation criteria", "part-time contracts", "return fellowships", "mentoring hours",
     "overseas experience", "technician posts"],
    ["within a year", "with fixed dates", "for every field", "outside the capital too", "before hiring anyone new",
     "together with the people concerned", "and say what it costs"],
)  # fmt: skip
_KOREAN = (
    ["대학은", "공공 연구 기관은", "부처는", "기업은", "연구비 지원 기관은", "연구실은", "학회는"],
    ["1년 안에", "날짜를 정해", "모든 분야에서", "수도권 밖에서도", "새로 뽑기 전에", "당사자와 함께", "비용을 밝히고"],
    ["박사후 연구직을", "초임 보수를", "출장 지원을", "과제 정산을", "보육 시설을", "공동 장비를", "평가 기준을",
     "시간제 계약을", "귀국 연구비를", "상담 시간을", "해외 경력 인정을", "기술직 정원을"],
    ["공개해야 합니다.", "늘려야 합니다.", "간소하게 해야 합니다.", "따로 보고해야 합니다.", "나누어 써야 합니다.",
     "시험해 보아야 합니다.", "보장해야 합니다.", "다시 정해야 합니다."],
)  # fmt: skip


def sentences(count: int, rng: random.Random) -> list[str]:
    """So many different sentences, English and Korean mixed; a number is added where the grammar runs out."""
    pools = []
    for grammar, end in ((_ENGLISH, "."), (_KOREAN, "")):
        pool = [" ".join(parts) + end for parts in product(*grammar)]
        rng.shuffle(pool)
        pools.append(pool)
    found = []
    for number in range(count):
        pool = pools[rng.random() < 0.5]
        round_, place = divmod(number, len(pool))
        found.append(pool[place] + (f" ({round_ + 1})" if round_ else ""))
    return found
