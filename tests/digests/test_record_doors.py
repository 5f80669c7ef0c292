"""Who may open and press what beside an edition: role × address, for every address of this part."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from common.errors import DomainError
from consultations.models import Consultation
from digests import blocks, errata, responses, signoff
from digests.models import Block, Document, Edition, Erratum, Host, Link, Recommendation, Response, Review, SignOff
from tests.digests.conftest import WriteBlock, drafted
from tests.digests.test_responses import given

As = Callable[[User | None], Client]
ROLES = ("visitor", "member", "moderator", "secretary", "organiser", "official", "auditor", "host")
#: What a visitor gets is the way to sign in; what others may not is 403, or 404 where nothing is told.
GET = {
    "/consultations/talent/digests/": "200 200 200 200 200 200 200 200",
    "/consultations/talent/digests/1/": "200 200 200 200 200 200 200 200",
    "/consultations/talent/digests/2/": "404 404 404 404 200 404 200 200",
    "/consultations/talent/digests/2/talent-digest-2.json": "404 404 404 404 200 404 200 200",
    "/organise/consultations/talent/blocks/": "302 403 403 403 200 403 403 403",
    "/organise/consultations/talent/blocks/new/": "302 403 403 403 200 403 403 403",
    "/organise/blocks/{block}/": "302 403 403 403 200 403 403 403",
    "/organise/consultations/talent/hosts/": "302 403 403 403 200 403 403 403",
    "/organise/summits/talent/hosts/": "302 403 403 403 200 403 403 403",
    "/organise/editions/{edition}/errata/": "302 403 403 403 200 403 403 403",
    "/organise/errata/{erratum}/": "302 403 403 403 200 403 403 403",
    "/organise/editions/{edition}/withdraw/": "302 403 403 403 200 403 403 403",
    "/organise/consultations/talent/responses/": "302 403 403 403 200 403 403 403",
    "/responses/": "302 403 403 403 403 200 403 403",
    "/responses/{recommendation}/": "302 403 403 403 403 200 403 403",
    "/respond/nothing/": "404 404 404 404 404 404 404 404",
}
#: Addresses that change something: who may press, and that GET does nothing.
POST = {
    "/organise/blocks/{block}/move/": "organiser",
    "/organise/blocks/{block}/delete/": "organiser",
    "/organise/hosts/{host}/remove/": "organiser",
    "/organise/editions/{draft}/review/": "organiser",
    "/organise/editions/{draft}/publish/": "organiser",
    "/organise/errata/{erratum}/delete/": "organiser",
    "/organise/recommendations/{recommendation}/link/": "organiser",
    "/organise/links/{link}/revoke/": "organiser",
    "/organise/responses/{response}/review/": "organiser",
    "/consultations/talent/digests/2/sign/": "host",
}


@pytest.fixture
def people(alice: User, bob: User, carol: User, dan: User, olga: User, ada: User, eve: User) -> dict[str, User | None]:
    return dict(zip(ROLES, (None, alice, bob, carol, dan, olga, ada, eve), strict=True))


@pytest.fixture
def names(
    consultation: Consultation, recommendation: Recommendation, write: WriteBlock, dan: User, olga: User, eve: User
) -> dict[str, Any]:
    """One of everything: a published edition, a draft in review, and what stands beside them."""
    host = Host.objects.create(consultation=consultation, user=eve, name_ko="가상회", name_en="Imaginary")
    erratum = errata.write(actor=dan, edition=recommendation.edition, text_ko="글", text_en="Text")
    block = write()
    draft = signoff.ask(actor=dan, edition=drafted(consultation))
    link = responses.send_link(actor=dan, recommendation=recommendation, email="minister@ministry.test")
    response = given(recommendation, olga)
    return {
        "edition": recommendation.edition.pk, "draft": draft.pk, "block": block.pk, "host": host.pk, "erratum": erratum.pk,
        "recommendation": recommendation.pk, "link": link.pk, "response": response.pk,
    }  # fmt: skip


def test_reading(as_: As, people: dict[str, User | None], names: dict[str, Any]) -> None:
    wrong = []
    for path, statuses in GET.items():
        for role, status in zip(ROLES, statuses.split(), strict=True):
            found = as_(people[role]).get(path.format(**names)).status_code
            if found != int(status):
                wrong.append(f"{role} {path}: {found}, not {status}")
    assert wrong == []


def everything() -> list[Any]:
    """What stands in the tables, to see that nothing has changed."""
    models = (Block, Host, SignOff, Erratum, Recommendation, Link, Response, Review, Document)
    rows: list[Any] = [list(model._default_manager.order_by("pk").values()) for model in models]
    return [*rows, list(Edition.objects.order_by("pk").values("pk", "state", "withdrawn_at"))]


def test_pressing(as_: As, people: dict[str, User | None], names: dict[str, Any]) -> None:
    """Nobody but whom the table names gets through; afterwards the one who may, does."""
    before, wrong = everything(), []
    sent = {"email": "other@ministry.test", "publish": "1", "content_sha256": "x"}
    for path, allowed in POST.items():
        for role in ROLES:
            client = as_(people[role])
            if client.get(path.format(**names)).status_code not in (302, 403, 405):
                wrong.append(f"{role} GET {path}")
            if role != allowed and (allowed, role) != ("host", "organiser") and (allowed, role) != ("host", "auditor"):
                found = client.post(path.format(**names), sent).status_code
                if found != (302 if role == "visitor" else 404 if allowed == "host" else 403):
                    wrong.append(f"{role} POST {path}: {found}")
    assert wrong == []
    assert everything() == before
    # Organisers and auditors see the draft, but do not sign it.
    for role in ("organiser", "auditor"):
        as_(people[role]).post(POST_SIGN, {"content_sha256": Edition.objects.get(number=2).content_sha256})
    assert everything() == before


POST_SIGN = "/consultations/talent/digests/2/sign/"


def test_forms_of_others_store_nothing(as_: As, people: dict[str, User | None], names: dict[str, Any]) -> None:
    before = everything()
    sent = {
        "kind": "note", "title_ko": "x", "email": "x@y.test", "name_ko": "가", "name_en": "A", "text_ko": "글", "text_en": "Text",
        "names": ["talent-digest-1.json"], "reason_ko": "이유", "reason_en": "Reason", "verdict": "accept",
    }  # fmt: skip
    for path, statuses in GET.items():
        for role, status in zip(ROLES, statuses.split(), strict=True):
            if status in ("302", "403") or path.startswith("/respond/"):
                as_(people[role]).post(path.format(**names), sent)
    assert everything() == before


@pytest.mark.parametrize("path", [*GET, *POST])
def test_made_up_ids_are_404(path: str, as_: As, dan: User, olga: User, consultation: Consultation) -> None:
    if "{" not in path:
        return
    made_up = "00000000-0000-4000-8000-000000000000"
    filled = path.format(
        **dict.fromkeys(("block", "edition", "draft", "erratum", "recommendation", "link", "response"), made_up),
        host=999,
    )
    client = as_(olga if path.startswith("/responses/") else dan)
    assert (client.post if path in POST else client.get)(filled).status_code == 404


def test_forms_need_their_token(names: dict[str, Any], dan: User, eve: User) -> None:
    before = everything()
    for path, allowed in POST.items():
        client = Client(enforce_csrf_checks=True)
        client.force_login(dan if allowed == "organiser" else eve, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(path.format(**names), {}).status_code == 403
    assert everything() == before


def test_a_role_that_was_taken_away_is_gone_at_once(names: dict[str, Any], dan: User, olga: User) -> None:
    for person in (dan, olga):
        person.role_grants.all().delete()
    fresh_dan, fresh_olga = User.objects.get(pk=dan.pk), User.objects.get(pk=olga.pk)
    with pytest.raises(DomainError):
        blocks.delete(actor=fresh_dan, block=Block.objects.get(pk=names["block"]))
    with pytest.raises(DomainError):
        given(Recommendation.objects.get(), fresh_olga, text_ko="다른 글")
