"""Finding similar opinions: the database's look-up alone, and from typing to the box."""

import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from django.db import connection

from accounts.models import User
from analysis.sentences import encode
from bench.database import own_database, sql
from bench.registry import Figure, benchmark
from bench.submitting import fill, world
from consultations import drafts, similarity, vectors
from consultations.models import Consultation, Draft

SIZES = (10_000, 100_000)
LOOKUPS = 300
LOOKUP_LIMIT, END_TO_END_LIMIT = 0.050, 1.0


@benchmark("similar")
def similar() -> Iterator[Figure]:
    """Vectors of random sentences about few subjects; the encoder is loaded before the clock starts."""
    with own_database():
        consultation, person = world()
        encode(["warm"])
        for size in SIZES:
            fill(consultation, size)
            _write_vectors(consultation)
            draft = _type(person, consultation, "대학원생 연구 인건비를 학생에게 바로 지급하자")
            meaning = _percentile(
                partial(similarity._by_meaning, similarity._OF_DRAFT, draft.pk, draft.consultation_id)
            )
            wording = _percentile(
                partial(similarity.by_wording, consultation, "제안 77 28dd2c7955ce926456240b2ff0100bde")
            )
            yield Figure(f"by meaning among {size:,}: p99", meaning, "limit", LOOKUP_LIMIT)
            yield Figure(f"by wording among {size:,}: p99", wording, "limit", LOOKUP_LIMIT)
            yield Figure(
                f"typed, saved, encoded, found among {size:,}",
                _end_to_end(person, consultation),
                "limit",
                END_TO_END_LIMIT,
            )


def _percentile(look: Callable[[], object]) -> float:
    took = []
    for _ in range(LOOKUPS):
        begun = time.perf_counter()
        look()
        took.append(time.perf_counter() - begun)
    return sorted(took)[int(len(took) * 0.99)]


def _end_to_end(person: User, consultation: Consultation) -> float:
    """The slowest of ten: save the draft, write its vector as the worker does, look it up."""
    slowest = 0.0
    for i in range(10):
        begun = time.perf_counter()
        draft = _type(person, consultation, f"지역 대학의 공동 연구 장비를 늘리자 {i}")
        vectors._write_drafts()
        similarity.to_draft(draft)
        slowest = max(slowest, time.perf_counter() - begun)
    return slowest


def _type(person: User, consultation: Consultation, proposal: str) -> Draft:
    old = drafts.current(user=person, consultation=consultation)
    saved = drafts.save(
        user=person, consultation=consultation, fields={"proposal": proposal},
        key=old.pk if old else None, revision=old.revision if old else 0,
    )  # fmt: skip
    vectors._write_drafts()
    return saved


def _write_vectors(consultation: Consultation) -> None:
    """Vectors near sixty subjects, as sentences of one consultation are; written by COPY, the index made after.

    Real hashes of the wording for one in fifty, random ones for the rest, which is quicker and as selective.
    """
    sql("SET statement_timeout = 0")
    numbers = np.random.default_rng(1)
    subjects = numbers.normal(size=(60, 512))
    sql("DROP INDEX IF EXISTS opinion_vector_near")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id, o.version_id, v.proposal FROM consultations_opinion o"
            " JOIN consultations_opinionversion v ON v.id = o.version_id"
            " WHERE NOT EXISTS (SELECT FROM consultations_opinionvector w WHERE w.opinion_id = o.id)"
        )
        rows = cursor.fetchall()
        with cursor.copy(
            "COPY consultations_opinionvector (opinion_id, consultation_id, version_id, vector, bands) FROM STDIN"
        ) as copy:
            for at, (pk, version, proposal) in enumerate(rows):
                vector = subjects[numbers.integers(60)] + numbers.normal(size=512)
                vector /= np.linalg.norm(vector)
                bands = numbers.integers(-(2**31), 2**31, 16).tolist() if at % 50 else similarity.bands(proposal)
                copy.write_row(
                    (
                        pk,
                        consultation.pk,
                        version,
                        "[" + ",".join(f"{x:.4f}" for x in vector) + "]",
                        bands,
                    )
                )
    sql("SET maintenance_work_mem = '400MB'")
    sql(
        "CREATE INDEX opinion_vector_near ON consultations_opinionvector"
        " USING hnsw (vector halfvec_cosine_ops) WITH (m = 16, ef_construction = 64)"
    )
    sql("ANALYZE consultations_opinionvector")
