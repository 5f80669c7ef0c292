"""The invented people of the sample. No name is a real person's: all are numbered and marked as samples."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import Consent, Membership, MembershipRequest, Role, RoleGrant, Society, User
from accounts.models.users import Sector, Stage
from config.sample import content

DOMAIN = "sample.invalid"
#: Members who are no personas: they write, vote and register, and nobody signs in as them.
FIRST_NUMBER, LAST_NUMBER = 10, 75
#: Kinds of members, as `agree` in opinions.toml has them; they only make the votes.
EARLY, SENIOR, INDUSTRY = 0, 1, 2

_FACTS = {
    EARLY: [(Sector.UNIVERSITY, Stage.STUDENT), (Sector.UNIVERSITY, Stage.POSTDOC), (Sector.INSTITUTE, Stage.EARLY)],
    SENIOR: [(Sector.UNIVERSITY, Stage.SENIOR), (Sector.INSTITUTE, Stage.SENIOR), (Sector.GOVERNMENT, Stage.SENIOR)],
    INDUSTRY: [(Sector.INDUSTRY, Stage.EARLY), (Sector.INDUSTRY, Stage.SENIOR), (Sector.INDUSTRY, Stage.EARLY)],
}
#: Name in both languages, role, index of the society or None.
_OFFICES = {
    "secretary": ("예시 간사 / Sample Secretary", Role.SECRETARY, 0),
    "moderator-1": ("예시 검토 위원 1 / Sample Moderator 1", Role.MODERATOR, 2),
    "moderator-2": ("예시 검토 위원 2 / Sample Moderator 2", Role.MODERATOR, 3),
    "organiser": ("예시 주최 담당자 / Sample Organiser", Role.ORGANISER, None),
    "official": ("예시 담당 공무원 / Sample Official", Role.OFFICIAL, None),
    "admin": ("예시 관리자 / Sample Administrator", None, None),
}
_STAFF = {"moderator-1", "moderator-2", "organiser", "admin"}


@dataclass(frozen=True)
class People:
    """Who the sample is made with."""

    personas: dict[str, User]
    #: Each with the kind of member that they are.
    members: list[tuple[User, int]]

    @property
    def authors(self) -> list[User]:
        """Who writes, one after another: members, and two personas, so that they find something of their own."""
        return [self.personas["member-5"], self.personas["member-6"], *(user for user, _kind in self.members[::2])]


def make() -> People:
    """Societies, people, memberships, roles and consent, in bulk."""
    societies = Society.objects.bulk_create(Society(**row) for row in content.summit()["societies"])
    personas = {key: _persona(key) for key in (*(f"member-{number}" for number in range(1, 10)), *_OFFICES)}
    numbers = range(FIRST_NUMBER, LAST_NUMBER + 1)
    members = [(_member(number, f"sample-member-{number}", kind_of(number)), kind_of(number)) for number in numbers]
    users = [*personas.values(), *(user for user, _kind in members)]
    User.objects.bulk_create(users)
    Consent.objects.bulk_create(Consent(user=user, version=settings.PRIVACY_NOTICE_VERSION) for user in users)
    _memberships(personas, [user for user, _kind in members], societies)
    _roles(personas, societies)
    # Belongs to another society already: so the persona can take part, and something waits for the secretary.
    note = "예시 신청입니다. / This is a sample request."
    MembershipRequest.objects.create(user=personas["member-9"], society=societies[0], note=note)
    return People(personas, members)


def kind_of(number: int) -> int:
    """Thirds of the members, in no order that a society shows."""
    return (number * 7 // 3) % 3


def _persona(key: str) -> User:
    if key.startswith("member-"):
        number = int(key.removeprefix("member-"))
        return _member(number, key, kind_of(number))
    user = User(email=f"{key}@{DOMAIN}", name=_OFFICES[key][0], is_staff=key in _STAFF, is_superuser=key == "admin")
    user.set_unusable_password()
    return user


def _member(number: int, local_part: str, kind: int) -> User:
    facts = _FACTS[kind]
    sector, stage = facts[number % len(facts)]
    user = User(
        email=f"{local_part}@{DOMAIN}", name=f"예시 회원 {number} / Sample Member {number}", sector=sector, stage=stage
    )
    user.set_unusable_password()
    return user


def _memberships(personas: dict[str, User], members: list[User], societies: list[Society]) -> None:
    """One society each; every eleventh member, and one of the personas, a second one, joined later."""
    today = timezone.localdate()
    rows = [(user, societies[number % 7]) for number, user in enumerate(members)]
    # The last society is small: what it does shows as that of "a society".
    rows[6::17] = [(user, societies[7]) for user, _society in rows[6::17]]
    rows += [(personas[f"member-{number}"], societies[(number - 1) % 7]) for number in range(1, 9)]
    rows += [(personas["member-9"], societies[1])]
    rows += [(personas[key], societies[place]) for key, (_name, _role, place) in _OFFICES.items() if place is not None]
    made = [
        Membership(
            user=user, society=society, starts_on=today - timedelta(days=400 + 37 * number), number=f"S-{number + 1:04}"
        )
        for number, (user, society) in enumerate(rows)
    ]
    made += [
        Membership(
            user=user, society=societies[(societies.index(society) + 3) % 7], starts_on=today - timedelta(days=200)
        )
        for user, society in [*rows[:66:11], (personas["member-8"], societies[0])]
    ]
    Membership.objects.bulk_create(made)


def _roles(personas: dict[str, User], societies: list[Society]) -> None:
    grants = []
    for key, (_name, role, _place) in _OFFICES.items():
        if role is not None:
            society = societies[0] if role == Role.SECRETARY else None
            grants.append(RoleGrant(user=personas[key], role=role, society=society))
    RoleGrant.objects.bulk_create(grants)
