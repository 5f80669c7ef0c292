"""Something of each kind that waits for moderators, made on the sample by the rules themselves."""

from accounts.models import User
from consultations import appeals, arguments, deciding, holding, moderation, removal, reports, submission, versions
from consultations.models import Case, Consultation, Opinion

PHONE = "010-1234-5678"
WITH_PHONE = "연봉 체계를 직무 중심으로 바꾸자"
NEARLY = "박사후연구원 채용 공고에 급여를 적게 하자"


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@sample.invalid")


def case_of(opinion: Opinion, kind: str) -> Case:
    return deciding.cases_of(opinion).get(kind=kind)


def submit(key: str, proposal: str, **fields: str) -> Opinion:
    """A new opinion of one of the sample's people."""
    words = {"problem": "지금은 그렇지 않다.", "reason": "그러면 사람이 남는다."} | fields
    return submission.submit(
        user=person(key), consultation=Consultation.objects.get(slug="talent"), fields={"proposal": proposal} | words
    )


def published(not_by: str = "", place: int = 0) -> Opinion:
    """A published opinion of the form, by its place in the list; not one of this person's."""
    rows = Opinion.objects.published().exclude(author__user__email=f"{not_by}@sample.invalid").order_by("number")
    return rows.filter(consultation__slug="talent", author__user__isnull=False)[place]


def fill() -> dict[str, Opinion]:
    """One of each kind, and decisions of moderator-2 that want a second person; gives the opinions by what they are."""
    second = person("moderator-2")
    made = {"new": submit("member-5", WITH_PHONE, problem=f"자세한 사례는 {PHONE} 로 문의 바랍니다.")}
    made["twin"] = submit("member-6", NEARLY)
    taken = case_of(submit("member-7", "군 복무 연구요원 제도를 넓히자"), "new")
    moderation.claim(actor=second, case=taken)
    text = published(place=1)
    assert text.author is not None and text.author.user is not None and text.version is not None
    own = {"proposal": f"{text.version.proposal[:100]} (고친 글)", "problem": "고친 글", "reason": "더 분명하다."}
    versions.propose_version(user=text.author.user, opinion=text, fields=own)
    made["version"] = text
    made["reported"] = published(place=2)
    for key in ("member-3", "member-4", "member-8"):
        if not deciding.is_own(person(key), made["reported"]):
            reports.report(user=person(key), opinion=made["reported"], reason="insult", note="사람을 낮추는 말이 있다.")
    arguments.submit(
        user=person("member-9"), opinion=made["reported"], fields={"side": "against", "text": "돈이 든다."}, key=""
    )
    rejected = submit("member-8", "우리 회사의 장비를 사자")
    moderation.reject(actor=second, case=case_of(rejected, "new"), reason="advertising", note="광고입니다.")
    appeals.appeal(
        user=person("member-8"), subject=rejected, words="회사의 것이 아니라 장비 공동 이용을 말한 것입니다."
    )
    made["appealed"] = rejected
    made["held"] = published(place=4)
    holding.hold(actor=second, subject=made["held"], reason="personal_data", note="이름이 있습니다.")
    made["removing"] = published(place=5)
    removal.propose(actor=second, subject=made["removing"], reason="insult")
    return made
