"""How far an occasion has come: what organisers see after they asked for a reminder."""

from dataclasses import dataclass

from django.db.models import Count

from notifications.models import Delivery, Message, Occasion


@dataclass(frozen=True)
class Progress:
    """Numbers of people. `planned` is everyone; the others say what became of it so far."""

    planned: int
    sent: int
    failed: int
    unknown: int
    skipped: int
    is_expanded: bool

    @property
    def waiting(self) -> int:
        return self.planned - self.sent - self.failed - self.unknown - self.skipped

    @property
    def is_done(self) -> bool:
        return self.is_expanded and self.waiting == 0


def of(occasion: Occasion) -> Progress:
    """Count an occasion's deliveries by what became of them; one query."""
    counts: dict[tuple[str, str | None], int] = {
        (state, message): n
        for state, message, n in occasion.deliveries.values_list("state", "message__state").annotate(n=Count("pk"))
    }

    def messages(state: str) -> int:
        return counts.get((Delivery.State.BOUND, state), 0)

    left_out = {Delivery.State.SKIPPED, Delivery.State.MISSED}
    return Progress(
        planned=sum(counts.values()),
        sent=messages(Message.State.SENT),
        failed=messages(Message.State.FAILED),
        unknown=messages(Message.State.UNKNOWN),
        skipped=sum(n for (state, _), n in counts.items() if state in left_out),
        is_expanded=occasion.state == Occasion.State.EXPANDED,
    )
