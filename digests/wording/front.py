"""Words of the cover, the headline, earlier editions, and what is asked of others."""

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
    "cover_check": ("내용의 SHA-256 {sha}", "SHA-256 of the content {sha}"),
    "plain_layout": (
        "이 문서는 본래의 모양으로 조판할 수 없어 단순한 모양으로 만들었습니다. 차트는 없고, 지나치게 긴 글은 줄였습니다. 전체 내용은 JSON과 CSV에 있습니다.",
        "This document could not be set in its full layout and is set in a plain one: without charts, very long texts cut. JSON and CSV hold everything.",
    ),
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
    "headline_top": ("찬성이 가장 뚜렷한 의견", "The surest agreement"),
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
    # what became of the last digest
    "last_digest": ("지난 다이제스트 이후", "What became of the last digest"),
    "last_digest_intro": (
        "앞선 판의 권고와, 이 판의 기준 시각까지 받은 회신입니다.",
        "The recommendations of earlier editions, and the responses received by the time of this one.",
    ),
    "last_digest_late": (
        "기한이 지났는데 회신이 없는 권고: {count}건",
        "Recommendations without a response after their date: {count}",
    ),
    "column_recommendation": ("권고", "Recommendation"),
    "column_edition": ("판", "Edition"),
    "column_addressee": ("받는 곳", "Addressee"),
    "column_due": ("회신 기한", "Due"),
    "column_state": ("상태", "State"),
    "recommendation_of": ("제{edition}판 권고 {number}", "Edition {edition}, recommendation {number}"),
    "state_waiting": ("회신을 기다리는 중", "Waiting for a response"),
    "state_overdue": ("기한이 지났으나 회신 없음", "Overdue: no response"),
    "state_accept": ("받아들임", "Accepted"),
    "state_accept_in_part": ("일부 받아들임", "Accepted in part"),
    "state_decline": ("받아들이지 않음", "Declined"),
    "answered": ("{state} ({day})", "{state}, {day}"),
    "response_to": ("{what} 「{title}」에 대한 회신", "Response to {what}, “{title}”"),
    # corrections
    "errata": ("바로잡습니다", "Corrections"),
    "errata_intro": ("앞선 판에서 바로잡을 내용입니다.", "What has to be put right in earlier editions."),
    # responses asked
    "recommendations": ("회신을 요청하는 권고", "Responses asked"),
    "recommendations_intro": (
        "아래에 적은 곳에 회신을 요청합니다. 회신은 이 다이제스트의 웹 페이지와 다음 판에 실립니다.",
        "A response is asked of those named below. It appears on the page of this digest and in the next edition.",
    ),
    "kind_recommendation": ("권고 {number}. {title}", "Recommendation {number}. {title}"),
    "kind_note": ("참고 {number}. {title}", "Note {number}. {title}"),
    "to_addressee": ("받는 곳: {addressee}", "To: {addressee}"),
    "due_on": ("회신 기한: {day}", "Response by: {day}"),
    "rests_on": ("근거 의견: ", "Rests on opinions: "),
}
