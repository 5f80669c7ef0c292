"""Words of how to read a digest, and of how it was made."""

WORDS: dict[str, tuple[str, str]] = {
    # how to read it
    "reading": ("이 문서를 읽는 법", "How to read this"),
    "reading_share": (
        "찬성률은 그 의견에 투표한 사람 가운데 찬성한 사람의 비율입니다. 유보도 투표입니다. 비율에는 그 바탕인 투표 수를 함께 적습니다.",
        "The share is the part of those who voted on an opinion that agrees. A pass is a vote too. Each share stands with the number of votes it rests on.",
    ),
    "reading_interval": (
        "신뢰구간은 투표가 적을수록 넓습니다. 두 의견의 구간이 겹치면 둘의 순서는 우연일 수 있습니다.",
        "The interval is wider the fewer the votes. Where the intervals of two opinions overlap, their order may be chance.",
    ),
    "reading_numbers": (
        "의견은 번호로 가리킵니다. 번호를 누르면 그 의견의 웹 페이지가 열립니다.",
        "Opinions are cited by their number, which leads to the opinion’s page.",
    ),
    "reading_groups": (
        "의견 그룹은 비슷하게 투표한 사람을 나눈 것으로, 사람을 다시 뽑아도 되풀이되는 구분입니다. 사람들이 실제로 갈라져 있다는 뜻이 아닙니다.",
        "Opinion groups are a division of people by how they voted that repeats when people are drawn again. It does not mean that people stand apart.",
    ),
    "reading_who": (
        "참여자는 스스로 참여한 사람들이며 표본이 아닙니다. 결과를 회원 전체의 뜻으로 읽어서는 안 됩니다.",
        "Participants chose to take part; they are no sample. Results must not be read as the view of all members.",
    ),
    "reading_who_imported": (
        "참여자는 스스로 참여한 사람들이며 표본이 아닙니다. 결과를 누구의 대표 의견으로 읽어서는 안 됩니다.",
        "Participants chose to take part; they are no sample. Results must not be read as the view of anybody else.",
    ),
    # how it was made
    "method": ("이 문서를 만든 방법", "How this was made"),
    "method_moment": (
        "모든 숫자는 {moment}의 한 시점에 읽은 자료에서 나왔습니다. 그 뒤의 투표와 의견은 들어 있지 않습니다.",
        "Every number comes from one reading of the data at {moment}. Later votes and opinions are not in it.",
    ),
    "method_counts": (
        "한 사람은 한 의견에 한 번 투표하며 마지막 투표만 셉니다. 공개된 의견의 지금 글에 대한 투표만 셉니다.",
        "A person has one vote on an opinion, the last one stands. Votes count for published opinions and their present text.",
    ),
    "method_share": (
        "찬성률은 찬성 ÷ (찬성 + 유보 + 반대)입니다. 범위는 95퍼센트 윌슨 신뢰구간(Wilson 1927)입니다.",
        "The share is agree ÷ (agree + pass + disagree). The interval is Wilson's, at 95 percent (Wilson 1927).",
    ),
    "method_rank": (
        "순위는 신뢰구간의 하한을 따릅니다. 세 명 가운데 세 명의 찬성이 삼백 명 가운데 이백칠십 명의 찬성보다 앞서지 않게 하기 위해서입니다.",
        "Ranks go by the lower bound of the interval, so that three of three do not stand above 270 of three hundred.",
    ),
    "method_divided": (
        "갈림의 정도는 찬성과 반대 가운데 작은 쪽 비율의 윌슨 신뢰구간 하한입니다.",
        "How far an opinion divides is the lower Wilson bound of the smaller of the two sides, over all votes.",
    ),
    "method_groups": (
        "그룹은 의견 {min_votes}건 이상에 투표한 사람의 투표만으로 찾습니다. 사람을 {draws}번 다시 뽑아 나눈 결과가 얼마나 같은지가 안정도이고, {threshold}보다 낮으면 구분으로 보지 않습니다.",
        "Groups are looked for in the votes of people who voted on {min_votes} opinions or more. How far {draws} divisions of people drawn again are the same is the stability; below {threshold} no division is reported.",
    ),
    "method_across": (
        "그룹을 가로지른 순서는 그룹마다 (찬성 + 1) ÷ (투표 + 2)를 구해 모두 곱한 값을 따릅니다.",
        "The order across groups goes by the product over groups of (agree + 1) ÷ (votes + 2).",
    ),
    "method_tests": (
        "그룹을 드러내는 의견을 고를 때는 여러 검정을 함께 하므로 벤자미니–호크버그 방법으로 거짓 발견의 비율을 {q} 이하로 맞춥니다.",
        "The opinions that mark a group come from many tests at once; by the method of Benjamini and Hochberg the rate of false discoveries is kept at {q}.",
    ),
    "method_balance": (
        "학회 균형값은 그 의견에 {cell}명 이상이 투표한 학회들의 찬성률을 같은 무게로 평균한 값이며, 괄호 안은 학회 수입니다.",
        "The society balance is the plain mean of the agreeing shares of societies with at least {cell} voters on that opinion; their number stands in brackets.",
    ),
    "method_font": (
        "PDF의 글꼴에 없는 글자는 □로 보입니다. 워드와 한글 파일에 담을 수 없는 글자도 □로 적습니다. JSON과 CSV에는 원래 글자가 있습니다.",
        "A character that the fonts of the PDF lack is shown as □, and so is one that Word and HWPX files cannot hold; JSON and CSV have the original.",
    ),
    "method_check": (
        "같은 내용이 PDF, 워드, 한글(HWPX), 엑셀, CSV, JSON으로 함께 공개됩니다. 모두 JSON 하나에서 만들었습니다.",
        "The same content is published as PDF, Word, HWPX, Excel, CSV and JSON, all made from the one JSON.",
    ),
    "computation": ("계산 조건", "Conditions of computing"),
    "column_what": ("항목", "What"),
    "column_value": ("값", "Value"),
    "fact_recipe": ("그룹을 찾는 절차", "Recipe of groups"),
    "fact_min_votes": ("필요한 투표 수", "Votes needed"),
    "fact_draws": ("다시 뽑은 횟수", "Draws"),
    "fact_draw_size": ("한 번에 뽑은 사람", "People a draw"),
    "fact_threshold": ("안정도 기준", "Threshold of stability"),
    "fact_seed": ("난수 씨앗", "Seed"),
    "fact_candidate": ("그룹 {k}개일 때 안정도 · 실루엣", "Stability · silhouette with {k} groups"),
    "attribution": ("출처", "Attribution"),
    "identity": ("식별 값", "Identity"),
    "identity_content": ("내용(JSON)의 SHA-256", "SHA-256 of the content (JSON)"),
    "identity_input": ("입력 자료의 SHA-256", "SHA-256 of the input"),
    "identity_before": ("앞 판(제{number}판)의 SHA-256", "SHA-256 of edition {number}, the one before"),
    "identity_compiler": ("작성 규칙 {compiler}판", "Compiler version {compiler}"),
}
