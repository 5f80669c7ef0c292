"""What the lower floors tell: sign-in codes and membership requests."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts import hooks
from accounts.models import MembershipRequest, Society, User
from notifications import delivery
from notifications.models import Message, Occasion
from tests.mailserver import MailServer

pytestmark = pytest.mark.django_db


def test_a_sign_in_code_goes_out_and_is_forgotten(post: MailServer, alice: User) -> None:
    hooks.send_sign_in_code(alice, "123456")
    hooks.send_sign_in_code(alice, "654321")
    assert delivery.run() == 2
    assert {"123456", "654321"} == {str(mail["Subject"]).split()[-1] for mail in post.mails}
    assert list(Occasion.objects.values_list("facts", flat=True)) == [{}, {}]
    assert not Message.objects.exclude(text="").exists()


def test_the_secretary_is_asked_and_the_person_told(
    post: MailServer, society: Society, carol: User, dan: User, eve: User
) -> None:
    request = MembershipRequest.objects.create(user=eve, society=society)
    hooks.tell_membership("membership_requested", carol, str(request.pk))
    hooks.tell_membership("membership_requested", carol, str(request.pk))
    hooks.tell_membership("membership_requested", dan, str(request.pk))
    assert delivery.run() == 2
    assert reverse("society", args=[society.slug]) in post.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    request.state = MembershipRequest.State.ACCEPTED
    request.save()
    hooks.tell_membership("membership_accepted", eve, str(request.pk))
    hooks.tell_membership("membership_refused", eve, str(request.pk))  # not what was decided: not told
    assert delivery.run() == 1


def test_a_request_that_is_decided_is_not_put_before_the_secretary(
    post: MailServer, society: Society, carol: User, eve: User
) -> None:
    request = MembershipRequest.objects.create(user=eve, society=society, state=MembershipRequest.State.REFUSED)
    hooks.tell_membership("membership_requested", carol, str(request.pk))
    assert delivery.run() == 0


def test_a_request_without_society_goes_to_the_organisers(post: MailServer, dan: User, eve: User) -> None:
    request = MembershipRequest.objects.create(user=eve, society=None)
    hooks.tell_membership("membership_requested", dan, str(request.pk))
    assert delivery.run() == 1


def test_the_admin_shows_what_was_told_but_no_secret(
    post: MailServer, as_: Callable[..., Any], dan: User, alice: User
) -> None:
    hooks.send_sign_in_code(alice, "123456")
    client = as_(dan)
    occasion = Occasion.objects.get()
    pages = [f"/admin/notifications/occasion/{occasion.pk}/change/", "/admin/notifications/occasion/"]
    delivery.run()
    message = Message.objects.get()
    pages += [
        f"/admin/notifications/message/{message.pk}/change/",
        "/admin/notifications/message/",
        "/admin/notifications/delivery/",
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "123456" not in answer.content.decode()
    assert client.post(f"/admin/notifications/message/{message.pk}/delete/").status_code == 403
