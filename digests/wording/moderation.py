"""Words of the moderators' record: by week, by what was done, by reason."""

WORDS: dict[str, tuple[str, str]] = {
    "moderation_unknown": (
        "다른 곳에서 진행되어 가져온 의견 수렴이므로, 어떻게 검토되었는지는 알 수 없습니다.",
        "This consultation was held elsewhere and imported: how it was moderated is not known.",
    ),
    "moderation_in_time": (
        "처리 시간을 알 수 있는 결정 {timed}건 가운데 {in_time}건이 그 안에 이루어졌습니다.",
        "Of {timed} decisions whose service time is known, {in_time} were within it.",
    ),
    "moderation_appeals": (
        "이의 제기 {made}건: 받아들임 {granted}건, 받아들이지 않음 {refused}건, 아직 결정되지 않음 {open}건.",
        "Appeals: {made}. Granted: {granted}; refused: {refused}; not decided yet: {open}.",
    ),
    "moderation_overturned": (
        "결정된 이의 제기의 {share}가 받아들여졌습니다.",
        "Of the appeals decided, {share} overturned the decision.",
    ),
    "moderation_weeks": ("주별 접수와 결정", "Came in and decided, by week"),
    "moderation_weeks_text": (
        "주마다 테두리만 있는 막대는 접수, 채운 막대는 결정입니다.",
        "For each week an outlined column, what came in, and a filled one, what was decided.",
    ),
    "moderation_earlier_weeks": (
        "그 앞의 {count}주는 엑셀 파일과 공개 자료에 있습니다.",
        "{count} earlier weeks stand in the Excel file and in the open data.",
    ),
    "moderation_acts": ("무엇이 결정되었는가", "What was decided"),
    "moderation_by_week": ("주별 검토", "Moderation by week"),
    "moderation_by_period": ("기간별 반려 사유", "Reasons by period"),
    "moderation_periods_rule": (
        "사유는 작성자에 관해 말해 주므로, 반려가 모두 {period}건 이상 모인 지난 주들을 묶어 세고, 그 기간에 {cell}번 미만으로 쓰인 사유는 합칩니다. "
        "나누지 않은 반려 {left}건. 삭제 사유는 삭제된 의견이 있던 자리에 있습니다.",
        "A reason says something about an author. So reasons are counted over finished weeks with at least {period} rejections together, and "
        "those given fewer than {cell} times then are put together. Rejections not told apart: {left}. The reason of a removal stands in the "
        "place of the removed opinion.",
    ),
    "moderation_given": (
        "의견과 논거를 함께 셉니다. 10분 안에 되돌린 결정과 작성자가 철회한 글은 세지 않습니다. 시간은 밤과 주말을 포함하며, 결정이 {cell}건 미만이면 적지 "
        "않습니다. 한 주는 월요일에 시작합니다({zone}). 투표 자료로 다시 셀 수 없는, 주어진 수치입니다.",
        "Opinions and arguments are counted alike; decisions undone within ten minutes, and texts that their authors withdrew, are not. Times "
        "include nights and weekends, and are left out of fewer than {cell} decisions. Weeks begin on Monday ({zone}). These figures are "
        "given: they cannot be counted again from the votes.",
    ),
    "reason_several": ("여러 사유를 합침", "Several reasons together"),
    "column_week": ("주 시작일", "Week from"),
    "column_came_in": ("접수", "Came in"),
    "column_decided": ("결정", "Decided"),
    "column_median": ("중간값", "Median"),
    "column_slowest": ("가장 긴 시간", "Slowest"),
    "column_in_time": ("처리 시간 안", "In time"),
    "column_act": ("결정", "Decision"),
    "of": ("{of}건 중 {n}건", "{n} of {of}"),
    "kind_new": ("접수: 의견", "Came in: opinions"),
    "kind_version": ("접수: 새 글", "Came in: new texts"),
    "kind_argument": ("접수: 논거", "Came in: arguments"),
    "kind_report": ("접수: 신고된 글", "Came in: reported texts"),
    "kind_appeal": ("접수: 이의 제기", "Came in: appeals"),
    "act_publish": ("공개", "Published"),
    "act_request_changes": ("수정 요청", "Changes requested"),
    "act_reject": ("반려", "Rejected"),
    "act_approve_version": ("새 글 공개", "New texts published"),
    "act_reject_version": ("새 글 반려", "New texts refused"),
    "act_merge": ("병합", "Merged"),
    "act_hold": ("보류", "Held"),
    "act_remove": ("두 사람이 삭제", "Removed, by two people"),
    "act_redact": ("두 사람이 글의 일부를 가림", "Partly redacted, by two people"),
    "act_dismiss_report": ("신고 종결", "Reports closed"),
    "removals_declined": ("두 번째 사람이 받아들이지 않은 삭제", "Removals declined by the second person"),
    "removals_lapsed": ("제때 확인되지 않아 무효가 된 삭제", "Removals void, not confirmed in time"),
    "holds_released": ("다른 사람이 해제한 보류", "Holds released by another person"),
    "holds_lapsed": ("제때 확인되지 않아 끝난 보류", "Holds ended, not confirmed in time"),
    "appeals_made": ("이의 제기", "Appeals made"),
    "appeals_granted": ("이의를 받아들임", "Appeals granted"),
    "appeals_refused": ("이의를 받아들이지 않음", "Appeals refused"),
    "appeals_open": ("아직 결정되지 않은 이의 제기", "Appeals not decided yet"),
    "column_from": ("부터", "From"),
    "column_to": ("까지", "To"),
    "column_median_minutes": ("중간값(분)", "Median (min)"),
    "column_slowest_minutes": ("가장 긴 시간(분)", "Slowest (min)"),
    "column_timed": ("처리 시간을 아는 결정", "With a service time"),
}
