"""Every address under /moderation/, by every role, read and pressed: the list is made of the addresses themselves."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern

from accounts.models import Consent, Role, Society, User
from consultations.models import Bulk, Case, Decision, Opinion, OpinionVersion, Redaction, SavedFilter
from consultations.urls import urlpatterns
from tests.consultations.stage import Stage

pytestmark = pytest.mark.django_db
As = Callable[[User | None], Client]
DOORS: list[URLPattern] = [p for p in urlpatterns if str(p.pattern).startswith("moderation/")]
IDS = [str(door.pattern) for door in DOORS]
#: Secretaries enter opinions for members of their society; who sees everything reads what became of an act on many.
ALSO_FOR = {
    "moderation/enter/": {Role.SECRETARY, Role.ORGANISER},
    "moderation/many/<uuid:pk>/": {Role.ORGANISER, Role.AUDITOR},
}


#: Refused; 405 where nobody presses that.
OUT = (403, 405)


def address(door: URLPattern, stage: Stage) -> str:
    """The address with something real in each of its places."""
    opinion = Opinion.objects.filter(author__user=stage.author).order_by("number")[0]
    case = stage.case(opinion)
    places: dict[str, Callable[[], UUID | int | str]] = {
        "slug:slug": lambda: opinion.consultation.slug,
        "int:number": lambda: opinion.number,
        "int:pk": lambda: Decision.objects.latest("pk").pk,
        "uuid:pk": lambda: stage.argue().pk if "argument" in str(door.pattern) else case.pk,
    }
    return "/" + re.sub(r"<([^>]+)>", lambda m: str(places.get(m[1], uuid4)()), str(door.pattern))


def everything() -> list[int | list[tuple[object, ...]]]:
    models = (Decision, Bulk, Redaction, SavedFilter, OpinionVersion)
    return [*(m.objects.count() for m in models), list(Case.objects.order_by("pk").values_list()),
            list(Opinion.objects.order_by("pk").values_list("state", "version"))]  # fmt: skip


@pytest.fixture
def waiting(stage: Stage) -> Stage:
    stage.submit()
    stage.another()
    return stage


@pytest.mark.parametrize("door", DOORS, ids=IDS)
def test_a01_only_moderators_pass(waiting: Stage, as_: As, door: URLPattern) -> None:
    path = address(door, waiting)
    others = {role for prefix, roles in ALSO_FOR.items() if str(door.pattern).startswith(prefix) for role in roles}
    roles = sorted(set(Role) - others - {Role.MODERATOR})
    before = everything()
    for method in ("get", "post"):
        answer = getattr(as_(None), method)(path)
        assert answer.status_code == 302 and "/sign-in/" in answer["Location"], method
        assert getattr(as_(waiting.member), method)(path).status_code in OUT
        for role in roles:
            person = User.objects.create_user(f"{role}-{method}@doors.test", name="Nobody")
            Consent.objects.create(user=person, version=settings.PRIVACY_NOTICE_VERSION)
            society = Society.objects.first() if role == Role.SECRETARY else None
            person.role_grants.create(role=role, society=society)
            assert getattr(as_(person), method)(path).status_code in OUT, (role, method)
    assert everything() == before


@pytest.mark.parametrize("door", DOORS, ids=IDS)
def test_a16_reading_changes_nothing_and_breaks_nothing(waiting: Stage, as_: As, door: URLPattern) -> None:
    path = address(door, waiting)
    before = everything()
    for query in ("", "?after=x&kind=x&with=abc&into=-1&q=%27"):
        assert as_(waiting.first).get(path + query).status_code in (200, 302, 404, 405)
    assert everything() == before


@pytest.mark.parametrize("door", DOORS, ids=IDS)
def test_a17_forms_need_their_token(waiting: Stage, door: URLPattern) -> None:
    path = address(door, waiting)
    client = Client(enforce_csrf_checks=True)
    client.force_login(waiting.first, backend="django.contrib.auth.backends.ModelBackend")
    before = everything()
    assert client.post(path, {"verb": "publish"}).status_code in (403, 405)
    assert everything() == before


@pytest.mark.parametrize("door", DOORS, ids=IDS)
def test_a20_who_moderated_until_now_is_out_at_once(waiting: Stage, as_: As, door: URLPattern) -> None:
    path = address(door, waiting)
    client = as_(waiting.first)
    client.get("/moderation/")
    waiting.first.role_grants.all().delete()
    assert client.get(path).status_code in OUT and client.post(path, {"verb": "publish"}).status_code in OUT
