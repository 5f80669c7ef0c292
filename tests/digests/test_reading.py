"""Reading at one moment: arrays, their order, borders between editions, meanings, moderation (T12, T13, X08, M20)."""

import threading
from datetime import timedelta
from itertools import chain
from typing import Any

import numpy as np
import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat, NullIf
from django.utils import timezone

from accounts.models import User
from consultations import vectors
from consultations.models import Consultation, OpinionVersion, Participant, Vote
from digests import arrays, content, editions, snapshot
from tests.digests import worlds
from tests.digests.conftest import Publish, compiled
from tests.digests.test_snapshot import read
from tests.digests.worlds import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_votes_in_which_order_changes_no_byte(summit: Any, world: World) -> None:
    """The same said by people with other keys, read in another order: the same votes, the same figures."""
    first = worlds.digest(world.consultation)
    copy = Consultation.objects.get(pk=world.consultation.pk)
    copy.pk, copy.slug = None, "again"
    copy._state.adding = True
    copy.save()
    for theme in world.consultation.themes.all():
        theme.pk, theme.consultation = None, copy
        theme._state.adding = True
        theme.save()
    User.objects.update(email=Concat(Value("before-"), "email"))
    second = worlds.digest(worlds.rich(copy, shuffled=5).consultation)
    assert first.taken.ballots.people.tolist() != second.taken.ballots.people.tolist()
    assert first.taken.facts["votes"] == second.taken.facts["votes"]
    for part in ("groups", "across", "minority", "headline", "participation", "priorities", "balance"):
        assert content.canonical({"_": first.content[part]}) == content.canonical({"_": second.content[part]}), part
    assert [row["groups"] for row in first.content["opinions"]] == [row["groups"] for row in second.content["opinions"]]


def test_m20_the_figures_are_of_the_snapshot_whatever_is_voted_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Votes cast between reading and building are in no figure, and the hash of the input says which they were."""
    taken = snapshot.take(world.consultation)
    Vote.objects.filter(opinion=world.opinions[0]).update(value=-1)
    first, again = worlds.made_of(taken), worlds.made_of(taken)
    assert first.files == again.files
    counts = first.content["opinions"][0]["votes"]
    assert counts["agree"] > 0
    later = worlds.digest(world.consultation).content
    assert later["opinions"][0]["votes"]["agree"] == 0
    assert later["edition"]["input_sha256"] != first.content["edition"]["input_sha256"]


def test_t12_t13_x08_every_opinion_is_new_in_one_edition_whenever_it_was_committed(
    consultation: Consultation, publish: Publish
) -> None:
    """Written before the cut-off and committed after it: new in the next edition, by the order of publishing."""
    border = timezone.now()
    publish("하나", published_at=border - timedelta(microseconds=1))
    written, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            publish("둘", published_at=border)
            written.set()
            go_on.wait(30)
        connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    written.wait(30)
    first = editions.publish(edition=compiled(consultation))
    go_on.set()
    thread.join()
    publish("셋", published_at=border + timedelta(microseconds=1))
    second = editions.publish(edition=compiled(consultation))
    third = compiled(consultation)
    new = [read(edition)["new"] for edition in (first, second, third)]
    assert new == [[1], [2, 3], []]
    assert sorted(chain.from_iterable(new)) == [opinion["number"] for opinion in read(third)["opinions"]]


def test_columns_come_over_the_wire_as_they_are(world: World) -> None:
    """What the binary COPY gives is what the ordinary way gives."""
    taken = snapshot.take(world.consultation).ballots
    keys = taken.people[taken.voters].tolist()
    found = zip(keys, taken.numbers.tolist(), taken.values.tolist(), taken.versions.tolist(), strict=True)
    expected = Vote.objects.counting().values_list("participant_id", "opinion__number", "value", "version_number")
    assert sorted(found) == sorted(expected)


def test_a_column_that_does_not_fit_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="column user"):
        arrays.columns(Participant.objects.all(), user=(NullIf("pk", Value(world.voters[0].pk)), "int8"))
    with pytest.raises(ProgrammingError, match="int4send"):
        arrays.columns(Vote.objects.all(), person=("participant_id", "int4"))
    assert arrays.columns(Vote.objects.none(), person=("participant_id", "int8"))["person"].size == 0


def test_missing_meanings_are_encoded_and_stored_ones_taken(world: World) -> None:
    fresh = snapshot.take(world.consultation)
    vectors.write_due()
    stored = snapshot.take(world.consultation)
    assert np.abs(fresh.meanings.vectors - stored.meanings.vectors).max() < 1e-3
    world.opinions[0].version = OpinionVersion.objects.create(
        opinion=world.opinions[0], number=2, votes_since=1, proposal="전혀 다른 문장"
    )
    world.opinions[0].save(update_fields=["version"])
    changed = snapshot.take(world.consultation)
    assert (changed.meanings.vectors[1:] == stored.meanings.vectors[1:]).all()
    assert np.abs(changed.meanings.vectors[0] - stored.meanings.vectors[0]).max() > 1e-2
