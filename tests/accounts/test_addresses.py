"""Addresses: what is one, the one form in which it is kept, and the doors that read them."""

import pytest
from django.test import Client

from accounts import addresses
from accounts.models import User
from accounts.registration import ensure_account
from common.errors import Invalid

#: What people type, and what is stored; None: refused, with words.
TABLE = [
    ("alice@sample.test", "alice@sample.test"),
    ("  Alice@Sample.TEST ", "alice@sample.test"),
    ("alice+list@sample.test", "alice+list@sample.test"),
    ("o'neil@sample.test", "o'neil@sample.test"),
    ('"alice b"@sample.test', None),
    ("alice@한글.kr", "alice@xn--bj0bj06e.kr"),
    ("alice@xn--bj0bj06e.kr", "alice@xn--bj0bj06e.kr"),
    ("alice@ｓａｍｐｌｅ.test", "alice@sample.test"),
    ("\u0430lice@sample.test", None),  # a Cyrillic letter that looks like an a
    ("ａlice@sample.test", None),
    ("\u1100\u1161@sample.test", None),
    ("alice@sample.test.", None),
    ("alice@@sample.test", None),
    ("alice@", None),
    ("@sample.test", None),
    ("alice", None),
    ("", None),
    ("alice@sample", None),
    ("alice@exa mple.test", None),
    ("alice\n@sample.test", None),
    ("a" * 65 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + ".test", None),
    ("a@" + ".".join(["b" * 60] * 6) + ".test", None),
]


@pytest.mark.parametrize(("typed", "kept"), TABLE)
def test_i23_one_rule_for_odd_addresses(typed: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Invalid):
            addresses.normal(typed)
    else:
        assert addresses.normal(typed) == kept
        assert addresses.normal(kept) == kept


def test_i04_what_looks_alike_is_one_account_or_none(db: None) -> None:
    first = ensure_account("alice@한글.kr")
    assert ensure_account("ALICE@XN--BJ0BJ06E.kr") == first
    assert User.objects.create_user("bob@ｓａｍｐｌｅ.test").email == "bob@sample.test"
    with pytest.raises(Invalid):
        ensure_account("\u0430lice@sample.test")


@pytest.mark.parametrize("typed", ["\u0430lice@sample.test", "alice@sample.test.", "alice@@sample.test"])
def test_i23_the_sign_in_form_keeps_the_rule(client: Client, db: None, typed: str) -> None:
    answer = client.post("/account/sign-in/", {"email": typed})
    assert answer.status_code == 200
    assert not User.objects.exists()
