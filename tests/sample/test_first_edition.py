"""The sample with its first edition: recommendations, sign-offs and an official's answer, and still publishing."""

import json

import pytest
from django.core.management import call_command
from django.test import Client

from config.sample.digest import texts
from consultations.models import Consultation
from digests import editions, responses
from digests.models import Edition, Host
from tests.digests.conftest import drafted

pytestmark = pytest.mark.django_db(transaction=True)


def test_pages_show_something(client: Client) -> None:
    call_command("load_sample", digest=True, verbosity=0)
    edition = Edition.objects.get()
    held = json.loads(bytes(edition.content))
    assert [row["kind"] for row in held["recommendations"]] == ["recommendation", "recommendation", "note"]
    assert "{{" not in json.dumps(held["recommendations"])
    assert [row.state for row in responses.of(edition)] == ["accept_in_part", "waiting"]
    assert edition.sign_offs.count() == 2 and not Host.objects.exists()
    for language, answer in (("ko", "네 대학에서"), ("en", "pilot at four universities")):
        page = client.get(f"/consultations/talent/digests/1/?lang={language}").content.decode()
        assert answer in page and "Sample Academy Signatory" in page
    call_command("load_sample", digest=True, verbosity=0)
    assert Edition.objects.count() == 1, "a second time changes nothing"
    second = editions.publish(edition=drafted(Consultation.objects.get()))
    assert second.number == 2, "the next edition needs no sign-off"
    assert json.loads(bytes(second.content))["last_digest"][0]["state"] == "accept_in_part"


def test_broken_off_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*args: object, **kwargs: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(editions, "publish", lose)
        with pytest.raises(RuntimeError):
            call_command("load_sample", digest=True, verbosity=0)
    call_command("load_sample", digest=True, verbosity=0)
    assert Edition.objects.get().state == "published"


def test_without_asking_there_is_none() -> None:
    call_command("load_sample", verbosity=0)
    assert not Edition.objects.exists()
    assert Edition.objects.count() == Consultation.objects.get().blocks.count() == 0


def test_people_in_it_are_invented() -> None:
    for host in texts()["hosts"]:
        assert host["email"].endswith("@sample.invalid")
        assert "예시" in host["person"] and "가상" in host["name_ko"] and "Imaginary" in host["name_en"]
    for block in texts()["blocks"]:
        assert block["kind"] == "note" or ("예시" in block["addressee_ko"] and "sample" in block["addressee_en"])
    assert "예시" in texts()["response"]["text_ko"] and "sample" in texts()["response"]["text_en"]
