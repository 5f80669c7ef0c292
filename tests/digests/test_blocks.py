"""Recommendations and notes: who writes them, in which order, and what compiling makes of them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from accounts.models import Society, User
from common.errors import Invalid, NotAllowed
from consultations.models import Consultation
from digests import blocks, editions
from digests import compile as compiling
from digests.models import Block, Edition, Recommendation
from digests.recommendations import BlockInvalid
from tests.digests.conftest import Join, Publish, WriteBlock, compiled, drafted, published


def order(consultation: Consultation) -> list[str]:
    return list(Block.objects.waiting().filter(consultation=consultation).values_list("title_en", flat=True))


# --- writing ----------------------------------------------------------------------------------------


def test_a_new_block_comes_last_and_is_cleaned(consultation: Consultation, dan: User) -> None:
    for title in ("One", "Two"):
        block = Block(consultation=consultation, title_en=f" {title}\u200b\n", body_ko="가\x00나 ", opinions=[7, 3, 7])
        blocks.save(actor=dan, block=block)
    assert order(consultation) == ["One", "Two"]
    block.refresh_from_db()
    assert (block.body_ko, block.opinions, block.written_by) == ("가나", [3, 7], dan)


def test_unfinished_blocks_are_stored(consultation: Consultation, dan: User) -> None:
    blocks.save(actor=dan, block=Block(consultation=consultation))
    assert Block.objects.count() == 1


@pytest.mark.parametrize(("fields", "wrong"), [
    ({"title_ko": "가" * 201}, "title_ko"), ({"body_en": "x" * 5_001}, "body_en"), ({"kind": "other"}, "kind"),
    ({"opinions": list(range(1, 60))}, "opinions"), ({"opinions": [0]}, "opinions"), ({"opinions": [2**31]}, "opinions"),
])  # fmt: skip
def test_what_does_not_fit_is_told(consultation: Consultation, dan: User, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as told:
        blocks.save(actor=dan, block=Block(consultation=consultation, **fields))
    assert set(told.value.fields) == {wrong}
    assert not Block.objects.exists()


def test_there_is_an_end_to_it(consultation: Consultation, dan: User) -> None:
    Block.objects.bulk_create(Block(consultation=consultation, order=n) for n in range(blocks.MOST))
    with pytest.raises(Invalid, match="at most"):
        blocks.save(actor=dan, block=Block(consultation=consultation))


def test_moving(consultation: Consultation, write: WriteBlock, dan: User) -> None:
    one, two, three = (write(title_en=title) for title in ("1", "2", "3"))
    blocks.move(actor=dan, block=three, direction="up")
    assert order(consultation) == ["1", "3", "2"]
    blocks.move(actor=dan, block=one, direction="down")
    assert order(consultation) == ["3", "1", "2"]
    blocks.move(actor=dan, block=three, direction="up")  # at the ends nothing happens
    blocks.move(actor=dan, block=two, direction="down")
    assert order(consultation) == ["3", "1", "2"]


def test_taking_out(consultation: Consultation, write: WriteBlock, dan: User) -> None:
    blocks.delete(actor=dan, block=write())
    assert order(consultation) == []


def test_only_organisers_write(write: WriteBlock, alice: User, bob: User, olga: User, ada: User) -> None:
    block = write()
    for person in (alice, bob, olga, ada):
        with pytest.raises(NotAllowed):
            blocks.save(actor=person, block=block)
        with pytest.raises(NotAllowed):
            blocks.move(actor=person, block=block, direction="up")
        with pytest.raises(NotAllowed):
            blocks.delete(actor=person, block=block)


# --- compiling --------------------------------------------------------------------------------------


def read(edition: Edition) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(bytes(edition.content))
    return data


def test_numbers_are_those_of_the_snapshot(
    consultation: Consultation, society: Society, join: Join, publish: Publish, write: WriteBlock
) -> None:
    publish(voters=join(society, 10), votes=[1] * 8 + [0, -1])
    write(
        body_ko="{{1.agree}}명({{1.share}})이 찬성", body_en="{{1.agree}} of {{1.n}}; {{voters}} voted on {{opinions}}"
    )
    write(kind="note", addressee_ko="", addressee_en="", due_on=None)
    first, second = read(drafted(consultation))["recommendations"]
    assert first["body"] == {"ko": "8명(80%)이 찬성", "en": "8 of 10; 10 voted on 1"}
    assert (first["number"], first["kind"], first["opinions"]) == (1, "recommendation", [1])
    assert (second["number"], second["kind"], second["due_on"]) == (2, "note", None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "said"), [("en", "is not published"), ("ko", "박사후연구원 직군")])
def test_compiling_fails_and_says_where_in_the_organisers_language(
    consultation: Consultation, publish: Publish, write: WriteBlock, language: str, said: str
) -> None:
    publish()
    write(opinions=[9])
    with translation.override(language):
        compilation = compiling.request(consultation=consultation, wake=False)
    with translation.override("en" if language == "ko" else "ko"), pytest.raises(BlockInvalid):
        compiling.run(compilation)
    compilation.refresh_from_db()
    assert (compilation.state, compilation.language) == ("failed", language)
    assert said in compilation.error
    assert not Edition.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_typed_number_stops_compiling_when_the_votes_move_on(
    consultation: Consultation, society: Society, join: Join, publish: Publish, write: WriteBlock
) -> None:
    from tests.digests.conftest import cast

    voters = join(society, 3)
    opinion = publish(voters=voters, votes=[1, 1])
    write(body_ko="2명이 찬성했습니다.", body_en="2 people agree.")
    assert read(compiled(consultation))["recommendations"][0]["body"]["en"] == "2 people agree."
    cast(opinion, voters[2:], [1])
    with pytest.raises(BlockInvalid, match="2 people"):
        compiled(consultation)


def test_an_opinion_that_is_not_published_any_more_is_no_source(
    consultation: Consultation, publish: Publish, write: WriteBlock
) -> None:
    opinion = publish()
    write()
    opinion.state = "held"
    opinion.save(update_fields=["state"])
    with pytest.raises(BlockInvalid, match=r"No\. 1 is not published"):
        drafted(consultation)


def test_without_blocks_there_is_an_edition(consultation: Consultation, publish: Publish) -> None:
    publish()
    edition = published(consultation)
    found = read(edition)
    assert found["recommendations"] == found["last_digest"] == found["errata"] == []


# --- publishing -------------------------------------------------------------------------------------


def test_publishing_binds_them_and_puts_recommendations_on_record(
    consultation: Consultation, publish: Publish, write: WriteBlock
) -> None:
    publish()
    block, _note = write(), write(kind="note")
    edition = published(consultation)
    assert not Block.objects.waiting().exists()
    row = Recommendation.objects.get()
    assert (row.edition, row.number, row.due_on, row.opinions) == (edition, 1, block.due_on, [1])
    assert (row.body_en, row.addressee_ko) == ("0 people agree.", "가상부")
    assert read(drafted(consultation))["recommendations"] == [], "the next edition begins with none"


@pytest.mark.parametrize("change", ["edit", "add", "delete", "move"])
def test_what_changed_after_compiling_must_be_compiled_again(
    consultation: Consultation, publish: Publish, write: WriteBlock, dan: User, change: str
) -> None:
    publish()
    block = write()
    write(title_en="Second")
    draft = drafted(consultation)
    if change == "edit":
        block.title_en = "Another"
        blocks.save(actor=dan, block=block)
    elif change == "add":
        write()
    elif change == "delete":
        blocks.delete(actor=dan, block=block)
    else:
        blocks.move(actor=dan, block=block, direction="down")
    with pytest.raises(editions.Stale):
        editions.publish(edition=draft, actor=dan)
    assert not Recommendation.objects.exists()
    assert published(consultation).state == "published"


@pytest.mark.parametrize("sql", [
    "UPDATE digests_block SET title_ko = 'x'", "UPDATE digests_block SET edition_id = NULL", "DELETE FROM digests_block",
    "UPDATE digests_recommendation SET due_on = '2030-01-01'", "DELETE FROM digests_recommendation",
    "TRUNCATE digests_recommendation CASCADE",
])  # fmt: skip
def test_what_an_edition_took_never_changes(recommendation: Recommendation, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing waits that would refuse it first
        with pytest.raises(DatabaseError, match=r"never changes|insert-only"), transaction.atomic():
            cursor.execute(sql)


def test_a_block_that_was_taken_is_not_written_any_more(recommendation: Recommendation, dan: User) -> None:
    block = Block.objects.get()
    for act in (
        lambda: blocks.save(actor=dan, block=block),
        lambda: blocks.delete(actor=dan, block=block),
        lambda: blocks.move(actor=dan, block=block, direction="up"),
    ):
        with pytest.raises(blocks.Used):
            act()


def test_who_wrote_it_may_leave(recommendation: Recommendation) -> None:
    someone = User.objects.create_user("writer@sample.test")
    fresh = Block.objects.create(consultation=recommendation.edition.consultation, written_by=someone)
    someone.delete()
    fresh.refresh_from_db()
    assert fresh.written_by is None


# --- pages ------------------------------------------------------------------------------------------

FORM = {
    "kind": "recommendation", "title_ko": "직군", "title_en": "Posts", "body_ko": "{{1.agree}}명", "body_en": "{{1.agree}} people",
    "opinions": "No. 1, 2", "addressee_ko": "가상부", "addressee_en": "Ministry", "due_on": "2099-01-01",
}  # fmt: skip


def test_an_organiser_writes_previews_orders_and_takes_out(
    consultation: Consultation, publish: Publish, as_: Any, dan: User
) -> None:
    publish(), publish()
    client = as_(dan)
    address = "/organise/consultations/talent/blocks/"
    assert "<h1>Write a recommendation" in client.get(f"{address}new/?lang=en").content.decode()
    preview = client.post(f"{address}new/", {**FORM, "preview": "1"}).content.decode()
    assert "0 people" in preview and "Preview: not saved yet" in preview
    assert not Block.objects.exists()
    assert client.post(f"{address}new/", FORM).url == address
    assert client.post(f"{address}new/", {**FORM, "title_en": "Second", "opinions": "9"}).url == address
    page = client.get(address).content.decode()
    assert "0명" in page and "Opinion No. 9 is not published." in page
    second = Block.objects.get(title_en="Second")
    assert "<h1>Change a recommendation" in client.get(f"/organise/blocks/{second.pk}/").content.decode()
    client.post(f"/organise/blocks/{second.pk}/move/", {"direction": "up"})
    assert order(consultation) == ["Second", "Posts"]
    changed = client.post(f"/organise/blocks/{second.pk}/", {**FORM, "title_en": "Changed"})
    assert changed.url == address
    client.post(f"/organise/blocks/{second.pk}/delete/")
    assert order(consultation) == ["Posts"]


@pytest.mark.parametrize("opinions", ["41; drop", "-1", "4.1", "가", "9999999999"])
def test_numbers_that_are_none_come_back_as_they_were_typed(
    consultation: Consultation, as_: Any, dan: User, opinions: str
) -> None:
    response = as_(dan).post("/organise/consultations/talent/blocks/new/", {**FORM, "opinions": opinions})
    assert response.status_code == 422
    text = response.content.decode()
    assert opinions in text and "{{1.agree}} people" in text
    assert not Block.objects.exists()


def test_texts_are_shown_and_never_run(consultation: Consultation, publish: Publish, as_: Any, dan: User) -> None:
    publish()
    as_(dan).post(
        "/organise/consultations/talent/blocks/new/", {**FORM, "opinions": "1", "title_en": "<script>x</script>"}
    )
    assert "&lt;script&gt;x" in as_(dan).get("/organise/consultations/talent/blocks/").content.decode()


def test_a_block_of_an_edition_has_no_page(recommendation: Recommendation, as_: Any, dan: User) -> None:
    block = Block.objects.get()
    client = as_(dan)
    assert client.get(f"/organise/blocks/{block.pk}/").status_code == 404
    for act in ("move", "delete"):
        assert client.post(f"/organise/blocks/{block.pk}/{act}/").status_code == 404


def test_the_preview_costs_the_same_queries(
    consultation: Consultation, publish: Publish, write: WriteBlock, django_assert_num_queries: Any
) -> None:
    for count in (1, 3, 20):
        for _ in range(count):
            publish()
            write()
        rows = list(Block.objects.waiting())
        with django_assert_num_queries(9):
            blocks.preview(consultation, rows)


def test_the_preview_says_what_compiling_will(
    consultation: Consultation, society: Society, join: Join, publish: Publish, write: WriteBlock
) -> None:
    publish(voters=join(society, 8), votes=[1, 1, 1, 0, -1])
    text = "{{1.agree}} {{1.n}} {{1.share}} {{opinions}} {{new}} {{votes}} {{voters}} {{societies}} {{turnout}}"
    write(body_ko=text, body_en=text)
    (row,) = blocks.preview(consultation, Block.objects.waiting())
    assert row.problems == []
    assert row.body["en"] == read(drafted(consultation))["recommendations"][0]["body"]["en"] == "3 5 60% 1 1 5 5 1 62%"


# --- admin ------------------------------------------------------------------------------------------


def test_the_admin_does_the_same(consultation: Consultation, publish: Publish, as_: Any, dan: User) -> None:
    publish()
    client = as_(dan)
    fields = {**FORM, "opinions": "1", "consultation": consultation.pk}
    assert client.post("/admin/digests/block/add/", fields).status_code == 302
    assert client.post("/admin/digests/block/add/", {**fields, "title_en": "Second"}).status_code == 302
    second = Block.objects.get(title_en="Second")
    assert second.written_by == dan and second.order == 2
    action = {"action": "move_up", "_selected_action": [str(second.pk)]}
    client.post("/admin/digests/block/", action)
    assert order(consultation) == ["Second", "Posts"]
    assert client.post(f"/admin/digests/block/{second.pk}/change/", {**FORM, "title_en": "Changed"}).status_code == 302
    assert client.post(f"/admin/digests/block/{second.pk}/delete/", {"post": "yes"}).status_code == 302
    assert order(consultation) == ["Posts"]


def test_the_admin_refuses_others(consultation: Consultation, write: WriteBlock, as_: Any, bob: User) -> None:
    block = write()
    client = as_(bob)  # staff, but a moderator
    assert client.get("/admin/digests/block/").status_code == 403
    assert client.post(f"/admin/digests/block/{block.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Block.objects.exists()


def test_the_admin_keeps_what_an_edition_took(recommendation: Recommendation, as_: Any, dan: User) -> None:
    block = Block.objects.get()
    client = as_(dan)
    assert client.get(f"/admin/digests/block/{block.pk}/change/").status_code == 200
    assert client.post(f"/admin/digests/block/{block.pk}/change/", FORM).status_code == 403
    client.post("/admin/digests/block/", {"action": "take_out", "_selected_action": [str(block.pk)]})
    assert Block.objects.exists()


def test_a_date_that_is_over_is_told(consultation: Consultation, publish: Publish, write: WriteBlock) -> None:
    publish()
    write(due_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(BlockInvalid, match="is over"):
        drafted(consultation)
