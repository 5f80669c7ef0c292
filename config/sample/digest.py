"""The sample's first edition: compiled, signed, published and answered, as its people would do it."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import Consent, User
from config.sample.people import DOMAIN
from consultations.models import Consultation
from digests import blocks, editions, responses, signoff
from digests import compile as compiling
from digests.models import Block, Edition, Host
from summit.models import Summit

#: Answers are due so long after the second meeting, or after today when that is over.
TIME_TO_ANSWER = timedelta(days=30)


@cache
def texts() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "digest.toml").read_text(encoding="utf-8"))


def publish(summit: Summit) -> Edition | None:
    """Publish the sample's first edition with recommendations and an answer; None where there is an edition already.

    Call it outside a transaction: it compiles. Broken off, it goes on where it stopped. Named hosts sign and are let
    go again, so that whoever tries the sample out publishes the next edition without them.
    """
    consultation = Consultation.objects.get(summit=summit, slug="talent")
    if consultation.editions.published().exists():
        return None
    organiser, official = (User.objects.get(email=f"{key}@{DOMAIN}") for key in ("organiser", "official"))
    if not Block.objects.waiting().filter(consultation=consultation).exists():
        _write(consultation, organiser)
    meeting = summit.meetings.order_by("-starts_at").first()
    edition = compiling.run(compiling.request(consultation=consultation, meeting=meeting, wake=False))
    edition = _sign(edition, organiser)
    first = edition.recommendations.order_by("number")[0]
    given = responses.answer(recommendation=first, fields=texts()["response"], actor=official)
    responses.publish(actor=organiser, response=given)
    return edition


def _write(consultation: Consultation, organiser: User) -> None:
    last = consultation.summit.meetings.order_by("-starts_at")[0]
    due_on = max(timezone.localdate(last.starts_at), timezone.localdate()) + TIME_TO_ANSWER
    for fields in texts()["blocks"]:
        asks = fields["kind"] == Block.Kind.RECOMMENDATION
        block = Block(consultation=consultation, due_on=due_on if asks else None, **fields)
        blocks.save(actor=organiser, block=block)


def _sign(draft: Edition, organiser: User) -> Edition:
    """The draft, signed by its hosts and published."""
    hosts = [_host(draft.consultation, fields, organiser) for fields in texts()["hosts"]]
    signoff.ask(actor=organiser, edition=draft)
    for host in hosts:
        signoff.sign(actor=host.user, edition=draft, content_sha256=draft.content_sha256)
    edition = editions.publish(edition=draft, actor=organiser)
    for host in hosts:
        signoff.remove_host(actor=organiser, host=host)
    return edition


def _host(consultation: Consultation, fields: dict[str, str], organiser: User) -> Host:
    """A named host with an account that can sign; the one of an attempt that was broken off is taken over."""
    own = {name: fields[name] for name in ("email", "name_ko", "name_en")}
    earlier = consultation.named_hosts.filter(user__email=own["email"]).first()
    host = earlier or signoff.name_host(actor=organiser, place=consultation, **own)
    host.user.name = fields["person"]
    host.user.save(update_fields=["name"])
    Consent.objects.get_or_create(user=host.user, version=settings.PRIVACY_NOTICE_VERSION)
    return host
