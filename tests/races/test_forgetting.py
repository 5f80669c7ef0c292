"""A text is redacted while a digest that holds it is being compiled: no draft with the words is stored.

Two connections; each race has a twin that is broken on purpose and must show the fault.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.models import Role, User
from consultations import redaction, removal
from consultations.models import Consultation, Decision, Opinion
from digests import compile as compiling
from digests import content, snapshot
from digests.models import Compilation, Edition
from digests.working import Work
from tests.conftest import Make
from tests.races.conftest import deadlocks

NAME = "홍길동과장"


@pytest.fixture
def opinion(consultation: Consultation, opinions: list[Opinion]) -> Opinion:
    """One of eight that are published, with a name in its text."""
    made = opinions[0]
    version = made.versions.create(
        number=2, votes_since=1, proposal=f"{NAME} 대신 위원회가 정하자", problem="글", reason="글"
    )
    Opinion.objects.filter(pk=made.pk).update(version=version)
    return Opinion.objects.get(pk=made.pk)


@pytest.fixture
def proposed(opinion: Opinion, make_user: Make) -> tuple[Decision, User]:
    """A redaction that wants a second moderator, and the second moderator."""
    first, second = (make_user(name, role=Role.MODERATOR) for name in ("First", "Second"))
    places = redaction.find(opinion, NAME)
    return redaction.propose(actor=first, subject=opinion, places=places, reason="personal_data"), second


def compile_with(
    consultation: Consultation, monkeypatch: pytest.MonkeyPatch, pause: Any, act: Callable[[], Any]
) -> None:
    """Compile in a thread; the first time it comes to `pause` (a module or class, and a name), `act` is done beside it.

    What must not wait for the compilation is waited for; what waits for it goes on when it does.
    """
    owner, name = pause
    real, came, go_on = getattr(owner, name), threading.Event(), threading.Event()

    def pausing(*args: Any, **kwargs: Any) -> Any:
        if not came.is_set():
            came.set()
            assert go_on.wait(60)
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, pausing)
    request = compiling.request(consultation=consultation, wake=False)
    threads = [threading.Thread(target=_closing, args=(lambda: compiling.run(request),))]
    threads[0].start()
    assert came.wait(60)
    threads.append(threading.Thread(target=_closing, args=(act,)))
    threads[1].start()
    threads[1].join(2)  # done by then, or it waits for a row that the compilation holds
    go_on.set()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()


def _closing(act: Callable[[], Any]) -> None:
    try:
        act()
    finally:
        connection.close()


def stored() -> str:
    """Everything that is kept of a digest, as one text."""
    return "".join(bytes(row.content).decode() for row in Edition.objects.all())


#: After the snapshot was read, and while the draft is being stored.
PAUSES = [(content, "build"), (Work, "finish")]


@pytest.mark.parametrize("pause", PAUSES, ids=["computing", "storing"])
def test_no_draft_holds_the_words(
    consultation: Consultation,
    proposed: tuple[Decision, User],
    monkeypatch: pytest.MonkeyPatch,
    pause: Any,
) -> None:
    first, second = proposed
    before = deadlocks()
    compile_with(consultation, monkeypatch, pause, lambda: redaction.confirm(actor=second, first=first))
    assert Decision.objects.filter(verb="confirm_redaction").count() == 1
    assert NAME not in stored()
    request = Compilation.objects.get()
    assert request.state == Compilation.State.DONE
    # It began again with what is left; or it had stored its draft a moment before, and the draft went with the words.
    assert ("█" * len(NAME) in stored()) if pause[0] is content else not Edition.objects.exists()
    assert deadlocks() == before


def test_the_twin_that_stores_what_it_has_read_keeps_the_words(
    consultation: Consultation, proposed: tuple[Decision, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = proposed
    monkeypatch.setattr(Work, "hold_against", lambda self, texts_gone: True)
    compile_with(consultation, monkeypatch, PAUSES[0], lambda: redaction.confirm(actor=second, first=first))
    assert NAME in stored()


def test_the_twin_that_holds_no_row_while_it_stores_keeps_the_words(
    consultation: Consultation, proposed: tuple[Decision, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = proposed
    monkeypatch.setattr(Work, "hold_against", lambda self, texts_gone: self.texts_gone() == texts_gone)
    compile_with(consultation, monkeypatch, PAUSES[1], lambda: redaction.confirm(actor=second, first=first))
    assert NAME in stored()


def test_several_that_go_one_after_the_other(
    consultation: Consultation, opinion: Opinion, make_user: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each attempt but the last finds that another text was removed while it computed."""
    first, second = (make_user(name, role=Role.MODERATOR) for name in ("First", "Second"))
    waiting = list(Opinion.objects.published().order_by("number"))[:4]
    real, seen = snapshot.take, []

    def remove_after(*args: Any, **kwargs: Any) -> Any:
        taken = real(*args, **kwargs)
        seen.append(taken)
        if waiting:
            subject = waiting.pop()
            proposal = removal.propose(actor=first, subject=subject, reason="insult")
            removal.confirm(actor=second, first=proposal)
        return taken

    monkeypatch.setattr(snapshot, "take", remove_after)
    compiling.run(compiling.request(consultation=consultation, wake=False))
    assert len(seen) == 5 and NAME not in stored()
    assert Edition.objects.count() == 1
