"""What people are told about editions, and in which words."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consultations.models import Argument, Opinion, Participant, Priority, Vote
from digests import response_notices
from digests.models import Edition, Host
from notifications import kinds, occasions
from notifications.kinds import Kind, Mail, absolute
from notifications.models import Occasion

PUBLISHED = "digest_published"
SIGN_OFF_ASKED = "sign_off_asked"


def register() -> None:
    """Register the kinds; called when the app starts."""
    kinds.register(Kind(PUBLISHED, _published, audience=took_part))
    kinds.register(Kind(SIGN_OFF_ASKED, _sign_off_asked, compulsory=True))
    response_notices.register()


def tell_published(edition: Edition) -> None:
    """Tell those who took part, once an edition; call it in the transaction that publishes."""
    occasions.plan(PUBLISHED, target=f"edition:{edition.pk}", version="1", due_at=timezone.now())


def tell_sign_off_asked(edition: Edition, people: Iterable[User]) -> None:
    """Tell the named hosts that an edition waits for them, once an edition and person."""
    occasions.notify(SIGN_OFF_ASKED, target=f"edition:{edition.pk}", people=people)


def took_part(occasion: Occasion) -> QuerySet[User]:
    """Who voted, wrote, argued or picked priorities in the edition's consultation and is not voided."""
    edition = Edition.objects.defer("content").get(pk=occasion.target.partition(":")[2])
    here = Participant.objects.filter(consultation=edition.consultation_id, voided_at=None)
    acted = here.filter(
        Exists(Vote.objects.filter(participant=OuterRef("pk")))
        | Exists(Opinion.objects.exclude(state="draft").filter(author=OuterRef("pk")))
        | Exists(Argument.objects.filter(author=OuterRef("pk")))
        | Exists(Priority.objects.filter(participant=OuterRef("pk")))
    )
    return User.objects.filter(pk__in=acted.values("user"))


def _edition(occasion: Occasion) -> Edition | None:
    found = Edition.objects.select_related("consultation", "meeting").defer("content")
    return found.filter(pk=occasion.target.partition(":")[2]).first()


def _published(occasion: Occasion, reader: User) -> Mail | None:
    edition = _edition(occasion)
    if edition is None or edition.withdrawn_at is not None:
        return None
    title = edition.consultation.title
    return Mail(
        subject=_("The digest is published: %(title)s") % {"title": title},
        paragraphs=[
            _("You took part in “%(title)s”. Edition %(number)d of its digest is published.")
            % {"title": title, "number": edition.number},
            _("It holds what was agreed on, where opinions differ, and every number as of %(moment)s.")
            % {"moment": formats.date_format(timezone.localtime(edition.cutoff_at), "MOMENT_FORMAT")},
        ],
        link=absolute(edition.get_absolute_url()),
        link_text=_("Read and download the digest"),
    )


def _sign_off_asked(occasion: Occasion, reader: User) -> Mail | None:
    edition = _edition(occasion)
    if edition is None or edition.state != Edition.State.REVIEW or not _is_asked(edition, reader):
        return None
    title = edition.consultation.title
    return Mail(
        subject=_("Please sign off: digest of “%(title)s”") % {"title": title},
        paragraphs=[
            _("Edition %(number)d of the digest of “%(title)s” waits for your sign-off as a named host.")
            % {"number": edition.number, "title": title},
            _(
                "Read it on its page, signed in with this e-mail address, and sign there. It is published when all have signed."
            ),
        ],
        link=absolute(edition.get_absolute_url()),
        link_text=_("Read and sign"),
    )


def _is_asked(edition: Edition, reader: User) -> bool:
    """Still a named host, and not signed yet."""
    mine = Host.objects.filter(user=reader)
    place = edition.consultation
    named = mine.filter(consultation=place.pk).exists() or mine.filter(summit=place.summit_id).exists()
    return named and not edition.sign_offs.filter(user=reader).exists()
