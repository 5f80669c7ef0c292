"""What the lower floors tell: sign-in codes, and what becomes of a membership request."""

import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import access, hooks
from accounts.models import MembershipRequest, User
from notifications import kinds, occasions
from notifications.kinds import Kind, Mail, absolute
from notifications.models import Occasion

State = MembershipRequest.State


def register() -> None:
    """Register the kinds, and lend `accounts` the two functions that it calls."""
    kinds.register(Kind("sign_in_code", _sign_in_code, compulsory=True, urgent=True, secret=True))
    kinds.register(Kind("membership_requested", _membership_requested, compulsory=True))
    kinds.register(Kind("membership_accepted", _membership_decided, compulsory=True, urgent=True))
    kinds.register(Kind("membership_refused", _membership_decided, compulsory=True, urgent=True))
    hooks.send_sign_in_code = send_sign_in_code
    hooks.tell_membership = tell_membership


def send_sign_in_code(user: User, code: str) -> None:
    """Send a person their code. It is erased when it is sent or expired, whichever is first."""
    occasions.notify(
        "sign_in_code", target=f"user:{user.pk}", version=uuid.uuid4().hex, people=[user], facts={"code": code}
    )


def tell_membership(kind: str, user: User, request_id: str) -> None:
    """Tell one person about a membership request, once a person and kind."""
    occasions.notify(
        kind,
        target=f"membership-request:{request_id}",
        version=user.pk.hex,
        people=[user],
        facts={"request": str(request_id)},
    )


def _sign_in_code(occasion: Occasion, user: User) -> Mail | None:
    code = occasion.facts.get("code")
    if not code:
        return None
    minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
    return Mail(
        subject=_("Your sign-in code: %(code)s") % {"code": code},
        paragraphs=[
            _("Your sign-in code is %(code)s.") % {"code": code},
            _("It is valid for %(minutes)d minutes and works once. Nobody of us will ever ask you for it.")
            % {"minutes": minutes},
            _("If you did not ask for it, you need not do anything."),
        ],
    )


def _membership_requested(occasion: Occasion, user: User) -> Mail | None:
    request = _request(occasion)
    if request is None or request.state != State.OPEN or not access.is_secretary_of(user, request.society_id):
        return None
    society = request.society.name if request.society else _("a society that is not listed")
    return Mail(
        subject=_("Somebody asks to be confirmed as a member: %(society)s") % {"society": society},
        paragraphs=[
            _("%(person)s says that they belong to %(society)s.") % {"person": str(request.user), "society": society},
            _("Please say whether that is so. Until then they can read, but neither submit opinions nor vote."),
        ],
        link=absolute(reverse("society", args=[request.society.slug]) if request.society else reverse("societies")),
        link_text=_("Decide on the request"),
    )


def _membership_decided(occasion: Occasion, user: User) -> Mail | None:
    request = _request(occasion)
    accepted = occasion.kind == "membership_accepted"
    if request is None or request.user_id != user.pk or (request.state == State.ACCEPTED) is not accepted:
        return None
    society = request.society.name if request.society else _("a society")
    if accepted:
        return Mail(
            subject=_("You are confirmed as a member of %(society)s") % {"society": society},
            paragraphs=[_("You can now submit opinions and vote.")],
            link=absolute(reverse("consultations")),
            link_text=_("See what is open"),
        )
    return Mail(
        subject=_("Your request to %(society)s was not accepted") % {"society": society},
        paragraphs=[
            _(
                "The society did not confirm your membership. If you think that this is a mistake, please write to its office."
            ),
        ],
        link=absolute(reverse("account")),
        link_text=_("My account"),
    )


def _request(occasion: Occasion) -> MembershipRequest | None:
    found = MembershipRequest.objects.select_related("user", "society")
    return found.filter(pk=str(occasion.facts.get("request"))).first()
