"""The words of the documents, Korean and English side by side.

Not in the translation catalogue of the pages: a document is made from its content alone, and the same content must
give the same document whatever catalogue a machine has compiled.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

WORDS: dict[str, tuple[str, str]] = {
    "digest": ("다이제스트", "Digest"),
    "edition": ("제{number}판", "Edition {number}"),
    "sample": (
        "예시 자료입니다. 등장하는 회원과 학회는 가상입니다.",
        "Sample data. The members and societies in it are invented.",
    ),
    "cutoff": ("기준 시각 {moment}", "As of {moment}"),
    "hosts": ("주최 {hosts}", "Hosted by {hosts}"),
    "of_meeting": ("{meeting} · {moment}", "{meeting} · {moment}"),
    "contents": ("차례", "Contents"),
    "page_of": ("{page} / {pages}", "{page} of {pages}"),
    # headline
    "headline": ("한눈에 보기", "At a glance"),
    "headline_best": (
        "회원들의 찬성이 가장 뚜렷한 의견은 「{proposal}」입니다. 투표한 {total}명 가운데 {share}가 찬성했습니다.",
        "What members agree on most surely is “{proposal}”: {share} of {total} who voted on it agree.",
    ),
    "headline_best_imported": (
        "참여자들의 찬성이 가장 뚜렷한 의견은 「{proposal}」입니다. 투표한 {total}명 가운데 {share}가 찬성했습니다.",
        "What participants agree on most surely is “{proposal}”: {share} of {total} who voted on it agree.",
    ),
    "headline_none": (
        "과반의 찬성이 통계적으로 확인된 의견은 아직 없습니다.",
        "No opinion has yet found an agreement of more than half that statistics confirm.",
    ),
    "headline_empty": ("공개된 의견이 아직 없습니다.", "No opinion has been published yet."),
    "figure_opinions": ("공개된 의견", "published opinions"),
    "figure_new": ("이번 판의 새 의견", "new in this edition"),
    "figure_votes": ("투표", "votes"),
    "figure_voters": ("투표한 참여자", "participants who voted"),
    "figure_societies": ("참여 학회", "societies took part"),
    "figure_turnout": ("투표율", "turn-out"),
    "not_known": ("알 수 없음", "not known"),
    "provisional": (
        "투표가 진행 중인 시점의 중간 결과입니다. 숫자는 마감까지 바뀔 수 있습니다.",
        "Voting was still open at this time: figures may change until it closes.",
    ),
    # findings
    "agreed": ("회원들이 찬성하는 것", "What members agree on"),
    "agreed_imported": ("참여자들이 찬성하는 것", "What participants agree on"),
    "agreed_intro": (
        "95퍼센트 신뢰도로 과반이 찬성한 의견 가운데 찬성률 신뢰구간의 하한이 높은 순서로 최대 {most}건을 싣습니다.",
        "Opinions that, with 95 percent confidence, more than half agree with; the surest first, {most} at most.",
    ),
    "agreed_none": ("이 기준을 넘은 의견이 없습니다.", "No opinion meets this measure."),
    "divided": ("회원들의 뜻이 갈리는 것", "Where members differ"),
    "divided_imported": ("참여자들의 뜻이 갈리는 것", "Where participants differ"),
    "divided_intro": (
        "95퍼센트 신뢰도로 찬성과 반대가 각각 4분의 1을 넘은 의견입니다.",
        "Opinions where, with 95 percent confidence, more than a quarter stand on each side.",
    ),
    "divided_none": ("이 기준으로 뚜렷하게 갈린 의견은 없습니다.", "No opinion divides them by this measure."),
    "new": ("이번 판의 새 의견", "New since edition {number}"),
    "new_intro": (
        "제{number}판 이후에 공개된 의견입니다. 한 의견은 정확히 한 판에서만 새 의견으로 실립니다.",
        "Opinions published after edition {number}. An opinion stands as new in exactly one edition.",
    ),
    "new_none": ("새로 공개된 의견이 없습니다.", "Nothing new was published."),
    "not_voted_on": ("투표를 받지 않은 의견", "Not voted on"),
    "not_voted_on_intro": (
        "투표가 끝난 뒤 공개되어 투표를 받지 않은 의견입니다. 어떤 순위에도 들지 않습니다.",
        "Published after voting had closed, so nobody could vote on them. They are in no ranking.",
    ),
    "tally": ("찬성 {agree} · 유보 {pass} · 반대 {disagree}", "{agree} agree · {pass} pass · {disagree} disagree"),
    "agree": ("찬성", "Agree"),
    "pass": ("유보", "Pass"),
    "disagree": ("반대", "Disagree"),
    "of_votes": ("{total}표 중", "of {total} votes"),
    "interval": ("95% 신뢰구간 {low}–{high}", "95% interval {low}–{high}"),
    "no_votes": ("투표 없음", "no votes"),
    "earlier": (
        "이전 판의 글에 대한 투표 {count}표는 세지 않습니다.",
        "{count} votes on an earlier text are not counted.",
    ),
    "problem": ("문제", "The problem"),
    "reason": ("기대 효과", "Why this would help"),
    "addressee": ("실행 주체", "For"),
    "full_text": ("전문", "Full text"),
    # authors
    "by_member": ("회원", "A member"),
    "by_society": ("{society} 회원", "A member of {society}"),
    "by_small_society": ("어느 학회의 회원", "A member of a society"),
    "by_name": ("{name} ({society})", "{name}, {society}"),
    "by_name_small": ("{name} (어느 학회)", "{name}, of a society"),
    # themes, table
    "themes": ("주제별 의견", "By theme"),
    "theme_none": ("주제를 고르지 않은 의견", "Without a theme"),
    "theme_intro": ("의견 {opinions}건, 투표 {votes}표", "{opinions} opinions, {votes} votes"),
    "theme_rest": ("나머지 {count}건은 전체 의견 표에 있습니다.", "In the table of every opinion: {count} more."),
    "table": ("전체 의견", "Every opinion"),
    "table_intro": (
        "공개된 의견 전부를 번호 순서로 싣습니다. 순위는 찬성률 신뢰구간의 하한으로 매깁니다.",
        "All published opinions in order of number. Ranks go by the lower bound of the agreeing share.",
    ),
    "column_number": ("번호", "No."),
    "column_proposal": ("제안", "Proposal"),
    "column_share": ("찬성률", "Share"),
    "column_rank": ("순위", "Rank"),
    "mark_new": ("새 의견", "new"),
    "mark_not_voted_on": ("투표 대상 아님", "not voted on"),
    # people
    "participation": ("누가 참여했는가", "Who took part"),
    "participation_roll": (
        "명부에 오른 {people}명(투표 시작 때 {opening}명) 가운데 {voters}명이 투표했습니다. 투표율 {turnout}.",
        "{voters} of the {people} people on the roll voted ({opening} were on it when voting opened): a turn-out of {turnout}.",
    ),
    "participation_unknown": (
        "다른 곳에서 가져온 의견 수렴이라 명부가 없습니다. 투표한 참여자는 {voters}명이고 투표율은 알 수 없습니다.",
        "This consultation was imported and has no roll: {voters} participants voted; the turn-out is not known.",
    ),
    "participation_small": (
        "{cell}명보다 적은 칸은 합쳐서 보여 줍니다.",
        "Cells with fewer than {cell} people are merged.",
    ),
    "column_society": ("학회", "Society"),
    "column_people": ("명부", "On the roll"),
    "column_voters": ("투표", "Voted"),
    "column_turnout": ("투표율", "Turn-out"),
    "other_societies": ("그 밖의 학회 {count}곳", "{count} other societies"),
    "moderation": ("의견을 어떻게 다루었는가", "How opinions were moderated"),
    "moderation_received": ("접수", "Received"),
    "moderation_published": ("공개", "Published"),
    "moderation_rejected": ("반려", "Rejected"),
    "moderation_waiting": ("검토 중", "Waiting"),
    "moderation_held": ("보류", "Held"),
    "moderation_removed": ("삭제", "Removed"),
    "moderation_merged": ("병합", "Merged"),
    "moderation_withdrawn": ("철회", "Withdrawn"),
    "moderation_reasons": ("반려 사유", "Reasons of rejection"),
    "column_reason": ("사유", "Reason"),
    "column_count": ("건수", "Number"),
    "reason_off_topic": ("의견 수렴의 범위 밖", "Outside this consultation"),
    "reason_duplicate": ("이미 나온 제안", "Already proposed"),
    "reason_personal_data": ("개인정보 포함", "Contains personal data"),
    "reason_insult": ("모욕적 표현", "Insulting"),
    "reason_unsupported_accusation": ("근거 없는 비난", "Accusation without support"),
    "reason_advertising": ("광고", "Advertising"),
    "reason_confidential": ("비밀 정보", "Confidential information"),
    "reason_not_a_member": ("작성자가 회원이 아님", "Author is not a member"),
    "reason_unreadable": ("뜻을 알 수 없음", "Cannot be understood"),
    "reason_several_points": ("여러 제안이 섞임", "Several proposals in one"),
    "reason_conflict_not_declared": ("이해관계 미신고", "Conflict of interest not declared"),
    "reason_other": ("기타", "Other"),
    # method
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
    "method_who": (
        "참여자는 스스로 참여한 사람들이며 표본이 아닙니다. 결과를 회원 전체의 뜻으로 읽어서는 안 됩니다.",
        "Participants chose to take part; they are no sample. Results must not be read as the view of all members.",
    ),
    "method_who_imported": (
        "참여자는 스스로 참여한 사람들이며 표본이 아닙니다. 결과를 누구의 대표 의견으로 읽어서는 안 됩니다.",
        "Participants chose to take part; they are no sample. Results must not be read as the view of anybody else.",
    ),
    "method_font": (
        "글꼴에 없는 글자는 □로 보입니다. JSON과 CSV에는 원래 글자가 있습니다.",
        "A character that the fonts lack is shown as □; JSON and CSV have the original.",
    ),
    "method_check": (
        "같은 내용이 JSON과 CSV로 함께 공개됩니다.",
        "The same content is published as JSON and CSV beside this document.",
    ),
    "attribution": ("출처", "Attribution"),
    "identity": ("식별 값", "Identity"),
    "identity_content": ("내용(JSON)의 SHA-256", "SHA-256 of the content (JSON)"),
    "identity_input": ("입력 자료의 SHA-256", "SHA-256 of the input"),
    "identity_before": ("앞 판(제{number}판)의 SHA-256", "SHA-256 of edition {number}, the one before"),
    "identity_compiler": ("작성 규칙 {compiler}판", "Compiler version {compiler}"),
}

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class Words:
    """The words of one language: `words("edition", number=1)`.

    In an imported consultation nobody is known to be a member: where there are words for that, they are taken.
    """

    def __init__(self, language: str, *, imported: bool = False) -> None:
        self.language = language
        self._imported = imported
        self._place = 0 if language == "ko" else 1

    def __call__(self, key: str, **values: object) -> str:
        if self._imported and f"{key}_imported" in WORDS:
            key = f"{key}_imported"
        return WORDS[key][self._place].format(**values)

    def of(self, text: dict[str, str]) -> str:
        """A text of the organisers in this language."""
        return text[self.language]

    def count(self, value: int) -> str:
        return f"{value:,}"

    def percent(self, value: float | None) -> str:
        return "–" if value is None else f"{value * 100:.0f}%"

    def moment(self, iso: str, zone: str) -> str:
        """A moment with its zone: 2026년 9월 2일 18:30 (Asia/Seoul)."""
        at = datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))
        clock = f"{at:%H:%M} ({zone})"
        if self.language == "ko":
            return f"{at.year}년 {at.month}월 {at.day}일 {clock}"
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {clock}"
