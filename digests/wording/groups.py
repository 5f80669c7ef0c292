"""Words of opinion groups: always a division that repeats, and nothing about the people in it."""

WORDS: dict[str, tuple[str, str]] = {
    "groups": ("의견 그룹과 지도", "Opinion groups and map"),
    "groups_intro": (
        "비슷하게 투표한 사람들끼리 나눈 뒤, 사람을 {draws}번 다시 뽑아 같은 구분이 되풀이되는지 살폈습니다.",
        "People who voted alike are put together. People are then drawn again {draws} times to see whether the same division comes back.",
    ),
    "groups_found": (
        "{grouped}명을 그룹 {k}개로 나누는 구분이 되풀이됩니다. 안정도는 {stability}이고 기준은 {threshold}입니다.",
        "A division of {grouped} people into {k} groups repeats. Its stability is {stability}; the threshold is {threshold}.",
    ),
    "groups_left": (
        "투표가 충분한 나머지 {count}명은 어느 그룹에도 넣지 않았습니다.",
        "People with enough votes who were put in no group: {count}.",
    ),
    "groups_none": (
        "되풀이되는 구분이 없습니다. 가장 나은 구분의 안정도가 {stability}로 기준 {threshold}보다 낮습니다. 그래서 그룹별 수치를 싣지 않습니다.",
        "There is no repeatable division: the best one has a stability of {stability}, below the threshold of {threshold}. So no figures by group are given.",
    ),
    "groups_none_bare": (
        "되풀이되는 구분이 없습니다. 그래서 그룹별 수치를 싣지 않습니다.",
        "There is no repeatable division. So no figures by group are given.",
    ),
    "groups_few": (
        "그룹을 계산하기에는 사람이나 의견이 적습니다. 의견 7건 이상(의견이 더 적으면 전부)에 투표한 사람이 20명, 의견이 3건은 있어야 합니다.",
        "There are too few people or opinions to look for groups: it takes 20 people who voted on at least 7 opinions (on all, where there are fewer), and 3 opinions.",
    ),
    "groups_readiness": (
        "이 구분은 무엇을 제안하든 얼마나 쉽게 찬성하는지만 반영한 것일 수 있습니다. 그룹 사이의 차이를 조심해서 읽어야 합니다.",
        "This division may only reflect how ready people are to agree, whatever is proposed. Differences between groups must be read with care.",
    ),
    "group": ("그룹 {letter}", "Group {letter}"),
    "group_title": ("그룹 {letter} · {people}명", "Group {letter} · {people} people"),
    "no_group": ("그룹 없음", "No group"),
    "column_group": ("그룹", "Group"),
    "column_group_people": ("사람", "People"),
    "column_mark": ("기호", "Mark"),
    "column_side": ("쪽", "Side"),
    "column_in_group": ("그룹 안", "In the group"),
    "column_in_rest": ("나머지", "Among the rest"),
    "column_group_voters": ("그룹의 투표", "Votes in the group"),
    "group_marks": (
        "나머지 사람들과 견주어 이 그룹에서 가장 두드러진 의견입니다.",
        "Opinions on which this group stands out most beside the rest.",
    ),
    "group_marks_none": (
        "나머지와 통계적으로 뚜렷하게 다른 의견이 없습니다.",
        "No opinion sets this group apart in a way that statistics confirm.",
    ),
    "map": ("의견 지도", "Opinion map"),
    "map_intro": (
        "기호 하나가 한 사람이고, 비슷하게 투표한 사람이 가까이 있습니다. 위치는 투표만으로 계산하며 이름, 학회, 글은 쓰지 않습니다. 축에는 뜻이 없습니다.",
        "Each mark is a person, and people who voted alike stand close together. Positions come from votes alone: no name, society or text is used. The axes mean nothing.",
    ),
    "map_part": ("{group}: {shape}, {people}명", "{group}: {shape}, {people} people"),
    "shape_circle": ("동그라미", "circles"),
    "shape_square": ("네모", "squares"),
    "shape_triangle": ("세모", "triangles"),
    "shape_diamond": ("마름모", "diamonds"),
    "shape_cross": ("십자", "crosses"),
    "shape_ring": ("빈 동그라미", "open circles"),
    # across groups
    "across": ("그룹을 가로질러 찬성하는 것", "Agreed across groups"),
    "across_intro": (
        "그룹마다 구한 찬성률을 곱한 값이 높은 순서입니다. 한 그룹이라도 찬성이 적으면 뒤로 밀립니다.",
        "Ordered by the product of the agreeing shares of all groups: one group that does not agree moves an opinion down.",
    ),
    "across_absent": (
        "되풀이되는 구분이 없으므로 이 순서는 싣지 않습니다.",
        "There is no repeatable division, so this order is not given.",
    ),
    "across_none": ("여기에 실을 의견이 없습니다.", "There is no opinion to list here."),
    "by_group": ("그룹별 찬성, 유보, 반대", "Agree, pass and disagree by group"),
    "by_group_of": ("{number}번 의견의 그룹별 투표", "Votes on opinion No. {number} by group"),
    "by_group_legend": ("찬성 · 유보 · 반대 · 찬성률", "agree · pass · disagree · share"),
    # minority positions
    "minority": ("소수의 뚜렷한 의견", "Minority positions"),
    "minority_rule": (
        "투표자가 10명 이상인 그룹이나 학회에서 찬성 또는 반대 비율의 95퍼센트 신뢰구간 하한이 60% 이상이고, 나머지에서는 그 상한이 40%보다 낮은 의견입니다.",
        "Opinions on which, in a group or society of at least 10 voters, the lower bound of one side’s share is at least 60 percent, while among all others its upper bound is below 40.",
    ),
    "minority_none": ("이 규칙에 맞는 의견이 없습니다.", "No opinion meets this rule."),
    "minority_agree": (
        "{who}: {voters}명 가운데 {share} 찬성(하한 {low}). 나머지 {rest_voters}명 가운데는 {rest_share} 찬성(상한 {rest_high}).",
        "{who}: {share} of {voters} agree (lower bound {low}); of the other {rest_voters}, {rest_share} agree (upper bound {rest_high}).",
    ),
    "minority_disagree": (
        "{who}: {voters}명 가운데 {share} 반대(하한 {low}). 나머지 {rest_voters}명 가운데는 {rest_share} 반대(상한 {rest_high}).",
        "{who}: {share} of {voters} disagree (lower bound {low}); of the other {rest_voters}, {rest_share} disagree (upper bound {rest_high}).",
    ),
    "a_society": ("어느 학회", "A society"),
}
