"""Words that may be kept no longer, in the mails that were sent."""

from collections.abc import Iterable, Sequence
from html import escape

from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, Replace

from notifications.models import Message

_KEPT = ("subject", "text", "html", "calendar")


def overwrite(targets: Sequence[str], pairs: Iterable[tuple[str, str]]) -> None:
    """Replace words in the kept text of every mail about these targets; what was sent cannot be called back.

    `pairs`: what stands there, and what shall. In HTML the escaped form is looked for too.
    """
    about = Message.objects.filter(deliveries__occasion__target__in=targets)
    ids = list(about.values_list("pk", flat=True).distinct())
    for old, new in pairs:
        for name in _KEPT:
            for was, becomes in {(old, new), (escape(old), escape(new))}:
                rows = Message.objects.filter(pk__in=ids, **{f"{name}__contains": was})
                rows.update(**{name: Replace(Cast(F(name), TextField()), Value(was), Value(becomes))})
