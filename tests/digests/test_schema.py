"""The published JSON Schema fits what is compiled, and refuses what is not (X02, X14)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from config.sample.load import load as load_sample
from consultations.importing.load import import_consultation
from consultations.models import Consultation, Opinion, OpinionVector, OpinionVersion
from consultations.models.vectors import DIMENSIONS
from digests import editions
from digests.opendata import verify
from tests.digests import worlds
from tests.digests.conftest import Publish, compiled
from tests.digests.test_documents import built
from tests.digests.worlds import World
from tests.importing.conftest import real_folder

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "digests" / "opendata" / "digest.schema.json").read_text())


def check(content: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(content)))


def test_the_schema_is_one_and_the_same_in_docs_and_package() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert (ROOT / "docs" / "digest.schema.json").read_bytes() == (
        ROOT / "digests" / "opendata" / "digest.schema.json"
    ).read_bytes()


def test_a_rich_consultation(world: World) -> None:
    check(worlds.digest(world.consultation).content)


def test_an_edition_that_follows_another(world: World) -> None:
    editions.publish(edition=compiled(world.consultation))
    world.opinions[0].votes.update(value=-1)
    made = worlds.digest(world.consultation, 2).content
    assert made["changes"]["moved"]
    check(made)


def test_nothing_one_opinion_and_a_held_one(consultation: Consultation, publish: Publish) -> None:
    check(worlds.digest(consultation).content)
    publish()
    check(worlds.digest(consultation).content)
    publish(state="held")
    check(worlds.digest(consultation).content)


def test_the_sample() -> None:
    load_sample()
    made = worlds.digest(Consultation.objects.get(slug="talent")).content
    check(made)
    assert made["groups"]["enough"]


def test_an_imported_consultation() -> None:
    import_consultation(folder=real_folder("brexit-consensus"), slug="brexit")
    check(worlds.digest(Consultation.objects.get(slug="brexit")).content)


def test_facts_alone() -> None:
    check(built())


@pytest.mark.parametrize(
    "path", ["groups.k", "headline.votes", "opinions", "method.versions", "themes.0.topics", "edition.input_sha256"]
)
def test_what_lacks_a_part_is_refused(world: World, path: str) -> None:
    made = json.loads(json.dumps(worlds.digest(world.consultation).content))
    *steps, last = path.split(".")
    node = made
    for step in steps:
        node = node[int(step)] if step.isdigit() else node[step]
    del node[last]
    with pytest.raises(jsonschema.ValidationError):
        check(made)


@pytest.mark.parametrize(
    "change", [{"more": 1}, {"format_version": 1}, {"across": [{"number": 1}]}, {"agreed": [1, 1]}]
)
def test_what_has_more_or_else_is_refused(world: World, change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        check(worlds.digest(world.consultation).content | change)


@pytest.fixture
def without_neighbours() -> Iterator[None]:
    """Vectors are written at once where no index of neighbours is kept."""
    index = next(index for index in OpinionVector._meta.indexes if index.name == "opinion_vector_near")
    with connection.schema_editor() as editor:
        editor.remove_index(OpinionVector, index)
    yield
    OpinionVector.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_index(OpinionVector, index)


@pytest.mark.long
def test_x14_five_thousand_opinions(
    consultation: Consultation, world: World, without_neighbours: None, tmp_path: Path
) -> None:
    """Nobody voted on most of them; every file is there and fits, in a moderate time."""
    _publish_many(consultation, 4_987)
    digest = worlds.digest(consultation)
    assert digest.content["headline"]["opinions"] == 5_000
    check(digest.content)
    report, _data = verify.check(digest.unpack(tmp_path), digest.seal)
    assert report.errors == []


def _publish_many(consultation: Consultation, count: int) -> None:
    """Opinions with meanings that the encoder, which would take a minute, has not made."""
    before = timezone.now() - timedelta(hours=1)
    opinions = Opinion.objects.bulk_create(
        Opinion(
            consultation=consultation,
            number=n,
            state="published",
            language="ko",
            published_at=before,
            publish_sequence=n,
        )
        for n in range(100, 100 + count)
    )
    versions = OpinionVersion.objects.bulk_create(
        OpinionVersion(opinion=o, number=1, votes_since=1, proposal=f"제안 {o.number}") for o in opinions
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_opinion o SET version_id = v.id FROM consultations_opinionversion v"
            " WHERE v.opinion_id = o.id AND o.version_id IS NULL"
        )
    rows = np.random.default_rng(1).normal(size=(count, DIMENSIONS))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    OpinionVector.objects.bulk_create(
        [
            OpinionVector(opinion=o, consultation=consultation, version_id=v.pk, vector=row, bands=[0])
            for o, v, row in zip(opinions, versions, rows, strict=True)
        ],
        batch_size=1_000,
    )
