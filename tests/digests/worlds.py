"""A consultation in which every part of a digest has something to say, made of rows; and digests without a typesetter."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import Society, User
from consultations.models import (
    Argument,
    Consultation,
    Decision,
    Helpful,
    Opinion,
    OpinionVersion,
    Participant,
    Priority,
    RollEntry,
    Vote,
)
from digests import content, documents, findings, snapshot
from digests.opendata import pack, rows

#: Society, people, of them voters.
SOCIETIES = (("matter", 26, 24), ("wires", 20, 18), ("optics", 14, 12), ("seeds", 3, 2), ("waves", 4, 3))
SECTORS = ("university", "institute", "industry", "government", "")
STAGES = ("student", "postdoc", "early", "senior", "")
PROPOSALS = (
    "박사후연구원을 위한 독립 연구직군을 신설하자", "대학에 박사후연구원 직군을 만들고 임기를 보장하자",
    "Create an independent career track for postdoctoral researchers", "연구직 초봉을 공개하자",
    "기업과 대학의 연구직 보수를 해마다 공개하자", "Publish starting salaries of research posts",
    "해외 경력을 국내 경력과 같게 인정하자", "평가에서 논문 수를 보지 말자", "공동 연구 장비를 누구나 쓰게 하자",
    "지역 대학의 연구비를 늘리자", "대학원생의 인건비를 학생에게 바로 주자", "육아휴직 뒤 연구 복귀를 돕자", "=학회비를 없애자",
)  # fmt: skip


@dataclass
class World:
    """What was made."""

    consultation: Consultation
    societies: dict[str, Society] = field(default_factory=dict)
    voters: list[Participant] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)


def rich(consultation: Consultation, *, shuffled: int | None = None) -> World:
    """Sixty voters of five societies in two camps, thirteen opinions in two themes and none.

    `shuffled`: a seed that puts people and votes into the database in another order; what is said stays the same.
    """
    world = World(consultation)
    people = [(slug, at, at < voters) for slug, count, voters in SOCIETIES for at in range(count)]
    random.Random(shuffled).shuffle(people) if shuffled is not None else None
    for slug, _count, _voters in SOCIETIES:
        named = {"name_ko": f"가상{slug}학회", "name_en": f"Imaginary {slug}"}
        world.societies[slug] = Society.objects.get_or_create(slug=slug, defaults=named)[0]
    voters = {(slug, at): _join(world, slug, at) for slug, at, _votes in people}
    world.voters = [voters[slug, at] for slug, at, votes in people if votes]
    world.opinions = [_publish(consultation, number, text) for number, text in enumerate(PROPOSALS, 1)]
    votes = [
        Vote(
            opinion=o, participant=voters[slug, at], value=value, version_number=1 if value >= 0 or o.number != 4 else 2
        )
        for slug, at, does in people
        if does
        for o in world.opinions
        if (value := _value(slug, at, o.number)) is not None
    ]
    random.Random(shuffled).shuffle(votes) if shuffled is not None else None
    Vote.objects.bulk_create(votes)
    _talk(world)
    return world


def _join(world: World, slug: str, at: int) -> Participant:
    user = User.objects.create(email=f"{slug}{at}@sample.test", name=f"Marker-{slug}-{at}")
    made = Participant.objects.create(consultation=world.consultation, user=user)
    place = at + len(slug)
    RollEntry.objects.create(
        participant=made, consultation=world.consultation, society=world.societies[slug],
        sector=SECTORS[min(place % 7, 4)], stage=STAGES[place % 5],
    )  # fmt: skip
    return made


def _publish(consultation: Consultation, number: int, text: str) -> Opinion:
    themes = list(consultation.themes.all())
    theme = themes[0] if number <= 3 else themes[1] if number <= 7 else None
    author = Participant.objects.filter(consultation=consultation, user__email=f"matter{number}@sample.test").first()
    opinion = Opinion.objects.create(
        consultation=consultation, number=number, author=author, theme=theme, state="published", quote=number != 5,
        language="en" if text.isascii() else "ko", publish_sequence=number, published_at=timezone.now() - timedelta(days=1),
        shown_as=("society", "name", "member")[number % 3],
    )  # fmt: skip
    # No. 4 has a small correction: votes on both texts count.
    for version in (1, 2) if number == 4 else (1,):
        opinion.version = OpinionVersion.objects.create(
            opinion=opinion, number=version, votes_since=1, proposal=text, problem=f"문제 {number}", reason=f"이유 {number}",
            evidence=["https://example.org/"],
        )  # fmt: skip
    opinion.save(update_fields=["version"])
    return opinion


def _value(slug: str, at: int, number: int) -> int | None:
    """What somebody says on an opinion: mostly what their camp says; None: nothing."""
    draw = random.Random(f"{slug} {at} {number}").random()
    if number == 13 or (number == 12 and draw < 0.8) or draw < 0.06:
        return None
    if number == 7:  # what the optics people want and the others do not
        side = 1 if slug == "optics" and at != 0 else -1
        return side if draw < 0.9 or slug == "optics" else 0
    camp = 1 if at % 2 else -1
    side = {0: 1, 1: camp, 2: -camp}[0 if number in (9, 10, 12) else 1 if number <= 4 or number == 11 else 2]
    return side if draw < 0.85 else 0 if draw < 0.93 else -side


def _talk(world: World) -> None:
    """Arguments, marks, priorities and decisions."""
    now = timezone.now()
    for at in range(6):
        argument = Argument.objects.create(
            opinion=world.opinions[0], author=world.voters[at], side="for" if at < 5 else "against", text=f"논거 {at}",
            state="published" if at != 4 else "submitted", language="ko", submitted_at=now, published_at=None if at == 4 else now,
        )  # fmt: skip
        Helpful.objects.bulk_create([Helpful(argument=argument, participant=p) for p in world.voters[: at * 2]])
    Priority.objects.bulk_create(
        Priority(participant=p, opinion=world.opinions[(place + at) % 11], rank=at + 1)
        for place, p in enumerate(world.voters[:15])
        for at in range(3)
    )
    Decision.objects.create(opinion=world.opinions[0], verb="publish", from_state="submitted", to_state="published")


@dataclass
class Made:
    """A digest whose printed files were left out."""

    taken: snapshot.Snapshot
    found: findings.Found
    content: dict[str, Any]
    files: dict[str, bytes]

    @property
    def seal(self) -> str:
        import hashlib

        return hashlib.sha256(self.files["manifest.json"]).hexdigest()

    def write(self, folder: Path) -> Path:
        """As `compile_digest --output` would."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        return folder

    def unpack(self, folder: Path) -> Path:
        """The unpacked ZIP."""
        import io
        import zipfile

        name = next(name for name in self.files if name.endswith(".zip"))
        with zipfile.ZipFile(io.BytesIO(self.files[name])) as packed:
            packed.extractall(folder)
        return folder


def digest(consultation: Consultation, number: int = 1) -> Made:
    """Everything but the printed documents, from a fresh snapshot."""
    taken = snapshot.take(consultation)
    return made_of(taken, number)


def made_of(taken: snapshot.Snapshot, number: int = 1) -> Made:
    found = findings.compute(taken)
    built = content.build(taken.facts, number=number, cutoff_at=taken.cutoff_at, found=found.figures)
    data = {documents.name(built, f, ""): f.render(built, None) for f in documents.FORMATS if f.key in ("csv", "json")}
    secret = rows.secret_of(1, number, built["edition"]["input_sha256"])
    packed = pack.pack(
        content=built,
        ballots=taken.ballots,
        found=found.groups,
        secret=secret,
        documents=data,
        before=taken.facts["before"],
    )
    return Made(taken, found, built, data | {file.name: file.data for file in packed})
