"""Drafts: nothing that somebody writes is lost, overwritten silently, or seen by others."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from common.errors import Invalid, NotAllowed
from consultations import drafts, moderation, submission, tasks, versions
from consultations.models import Case, Consultation, Draft, Opinion, Vote
from consultations.models.opinions import State
from tests.consultations.conftest import TEXT
from tests.consultations.nasty import NASTY, inert

As = Callable[[User | None], Client]
FORM = "/consultations/talent/submit/"
AUTO = f"{FORM}draft/auto/"


def typed(client: Client, **changes: str) -> dict[str, str]:
    """What a freshly opened form would send, with some fields typed."""
    form = client.get(FORM).context["form"]
    hidden = {name: str(form[name].value()) for name in ("key", "revision", "owner")}
    return hidden | TEXT | {"shown_as": "society", "quote": "on"} | changes


class TestSaving:
    def test_the_form_reopens_with_it(self, as_: As, alice: User, consultation: Consultation) -> None:
        client = as_(alice)
        answer = client.post(AUTO, typed(client, proposal="아직 쓰는 중"))
        assert answer.json()["revision"] == 1
        page = client.get(FORM)
        assert "아직 쓰는 중" in page.content.decode()
        assert page.context["form"]["key"].value() == answer.json()["key"]

    def test_w02_an_older_window_is_told_and_overwrites_nothing(
        self, as_: As, alice: User, consultation: Consultation
    ) -> None:
        client = as_(alice)
        client.post(AUTO, typed(client))
        older = typed(client, reason="이 창의 글")
        client.post(AUTO, typed(client, reason="새 창의 글"))
        assert client.post(AUTO, older).status_code == 409
        both = client.post(f"{FORM}draft/", older)
        assert both.status_code == 409
        assert "이 창의 글" in both.content.decode()
        assert "새 창의 글" in both.content.decode()
        assert Draft.objects.get().fields["reason"] == "새 창의 글"

    def test_w02_sending_from_an_older_window_is_held_up_too(
        self, as_: As, alice: User, consultation: Consultation
    ) -> None:
        client = as_(alice)
        older = typed(client, reason="이 창의 글")
        client.post(AUTO, typed(client, reason="새 창의 글"))
        assert client.post(FORM, older).status_code == 409
        assert not Opinion.objects.exists()

    def test_w02_the_choice_is_an_ordinary_save(self, as_: As, alice: User, consultation: Consultation) -> None:
        client = as_(alice)
        older = typed(client, reason="이 창의 글")
        client.post(AUTO, typed(client, reason="새 창의 글"))
        saved = client.post(f"{FORM}draft/", older).context["saved"]
        chosen = older | {"key": str(saved.pk), "revision": str(saved.revision)}
        assert client.post(f"{FORM}draft/", chosen).status_code == 302
        assert Draft.objects.get().fields["reason"] == "이 창의 글"

    def test_the_same_text_again_is_no_conflict(self, alice: User, consultation: Consultation) -> None:
        first = drafts.save(user=alice, consultation=consultation, fields=TEXT)
        again = drafts.save(user=alice, consultation=consultation, fields=TEXT, key=uuid4())
        assert (again.pk, again.revision) == (first.pk, 1)

    def test_w03_saving_after_submitting_changes_nothing(
        self, as_: As, alice: User, consultation: Consultation
    ) -> None:
        client = as_(alice)
        data = typed(client)
        client.post(FORM, data)
        late = client.post(AUTO, data | {"proposal": "", "reason": "늦은 글"})
        assert (late.status_code, late.json()["code"]) == (409, "already_sent")
        assert Opinion.objects.get().version.proposal == TEXT["proposal"]  # type: ignore[union-attr]
        assert not Draft.objects.active().exists()

    def test_w03_the_other_order_closes_the_draft(self, as_: As, alice: User, consultation: Consultation) -> None:
        client = as_(alice)
        data = typed(client)
        saved = client.post(AUTO, data).json()
        client.post(FORM, data | {"revision": str(saved["revision"])})
        assert Opinion.objects.get().state == State.SUBMITTED
        assert not Draft.objects.active().exists()
        assert Draft.objects.get().fields == {}

    def test_w04_a_session_that_ended_loses_no_text(self, as_: As, alice: User, consultation: Consultation) -> None:
        client = as_(alice)
        data = typed(client)
        Session.objects.all().delete()
        answer = client.post(FORM, data)
        assert answer.headers["Location"].startswith("/account/sign-in/")
        client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(FORM).content.decode()
        for text in TEXT.values():
            assert text in page
        assert Draft.objects.get().fields["reason"] == TEXT["reason"]
        assert not Opinion.objects.exists()

    def test_w04_the_next_person_at_the_machine_is_not_shown_it(
        self, as_: As, alice: User, frank: User, consultation: Consultation
    ) -> None:
        client = as_(alice)
        data = typed(client)
        Session.objects.all().delete()
        client.post(FORM, data)
        client.force_login(frank, backend="django.contrib.auth.backends.ModelBackend")
        assert TEXT["reason"] not in client.get(FORM).content.decode()
        assert not Draft.objects.exists()

    def test_w04_autosave_says_that_the_session_ended(self, as_: As, alice: User, consultation: Consultation) -> None:
        data = typed(as_(alice))
        assert as_(None).post(AUTO, data).status_code == 401

    def test_w06_a_failed_submission_leaves_a_draft(self, as_: As, alice: User, consultation: Consultation) -> None:
        client = as_(alice)
        page = client.post(FORM, typed(client, reason=""))
        assert page.status_code == 422
        assert Draft.objects.get().fields["proposal"] == TEXT["proposal"]
        revision = page.context["form"]["revision"].value()
        sent = client.post(FORM, typed(client) | {"revision": revision})
        assert sent.status_code == 302

    def test_w08_a_draft_is_never_an_opinion(self, as_: As, alice: User, bob: User, consultation: Consultation) -> None:
        client = as_(alice)
        client.post(AUTO, typed(client))
        assert not Opinion.objects.exists()
        assert not Case.objects.exists()
        draft = Draft.objects.get()
        other = as_(bob)
        assert other.get(f"/account/drafts/{draft.pk}/draft.txt").status_code == 404
        assert other.post(f"/account/drafts/{draft.pk}/delete/").status_code == 404
        assert TEXT["reason"] not in other.get("/account/drafts/").content.decode()
        assert other.post(AUTO, {**TEXT, "key": str(draft.pk), "revision": "1"}).status_code == 403
        assert other.get(f"{FORM}similar/{draft.pk}/").status_code == 404

    def test_w09_after_closing_it_can_be_read_and_downloaded(
        self, as_: As, alice: User, consultation: Consultation
    ) -> None:
        client = as_(alice)
        client.post(AUTO, typed(client))
        Consultation.objects.update(submissions_close_at=consultation.submissions_open_at)
        page = client.get(FORM).content.decode()
        assert TEXT["reason"] in page
        file = client.get(f"/account/drafts/{Draft.objects.get().pk}/draft.txt")
        assert file.headers["Content-Type"] == "text/plain; charset=utf-8"
        for text in TEXT.values():
            assert text in file.content.decode()

    def test_w10_a_deleted_draft_comes_back_for_thirty_days(
        self, as_: As, alice: User, consultation: Consultation
    ) -> None:
        client = as_(alice)
        client.post(AUTO, typed(client))
        draft = Draft.objects.get()
        client.post(f"/account/drafts/{draft.pk}/delete/")
        assert TEXT["reason"] not in client.get(FORM).content.decode()
        assert drafts.purge(timezone.now() + timedelta(days=29)) == 0
        client.post(f"/account/drafts/{draft.pk}/restore/")
        assert TEXT["reason"] in client.get(FORM).content.decode()
        drafts.delete(user=alice, draft=draft)
        assert drafts.purge(timezone.now() + timedelta(days=31)) == 1
        assert not Draft.objects.exists()

    def test_w10_the_clock_purges(self, alice: User, consultation: Consultation) -> None:
        drafts.save(user=alice, consultation=consultation, fields=TEXT)
        Draft.objects.update(deleted_at=timezone.now() - timedelta(days=31))
        assert tasks.purge_drafts() == 1

    def test_a_deleted_draft_does_not_push_a_newer_one_aside(self, alice: User, consultation: Consultation) -> None:
        old = drafts.save(user=alice, consultation=consultation, fields=TEXT)
        drafts.delete(user=alice, draft=old)
        drafts.save(user=alice, consultation=consultation, fields={**TEXT, "reason": "새 글"})
        with pytest.raises(drafts.AnotherDraft):
            drafts.restore(user=alice, draft=old)

    def test_somebody_elses_key_is_refused(self, alice: User, frank: User, consultation: Consultation) -> None:
        draft = drafts.save(user=alice, consultation=consultation, fields=TEXT)
        with pytest.raises(NotAllowed):
            drafts.save(user=frank, consultation=consultation, fields=TEXT, key=draft.pk)

    def test_a_sent_key_with_another_text_keeps_that_text(
        self, as_: As, alice: User, consultation: Consultation
    ) -> None:
        client = as_(alice)
        data = typed(client)
        client.post(FORM, data)
        page = client.post(FORM, data | {"reason": "뒤로 가서 고친 글"})
        assert page.status_code == 422
        assert Draft.objects.active().get().fields["reason"] == "뒤로 가서 고친 글"


class TestInput:
    @pytest.mark.parametrize(
        "paste",
        ["가" * 1_000_000, "word " * 200_000, "\n" * 100_000 + "끝", "<b>" * 300_000, "[" * 1_000_000],
        ids=["one-word", "words", "lines", "tags", "brackets"],
    )
    def test_i05_a_huge_paste_is_refused_quickly_and_kept(
        self, as_: As, alice: User, consultation: Consultation, paste: str
    ) -> None:
        client = as_(alice)
        data = typed(client, reason=paste)
        begun = time.monotonic()
        page = client.post(FORM, data)
        assert time.monotonic() - begun < 2
        assert page.status_code in (302, 422)
        if page.status_code == 422:
            assert "id_reason_error" in page.content.decode()
            assert Draft.objects.get().fields["reason"] == paste.strip()
            begun = time.monotonic()
            assert client.post(f"{FORM}preview/", data | {"revision": "1"}).status_code in (200, 409)
            assert time.monotonic() - begun < 2

    def test_endless_text_is_not_kept(self, alice: User, consultation: Consultation) -> None:
        with pytest.raises(Invalid):
            drafts.save(user=alice, consultation=consultation, fields={**TEXT, "reason": "가" * 2_000_001})

    def test_i03_tricks_of_direction_are_taken_out_of_drafts(self, alice: User, consultation: Consultation) -> None:
        saved = drafts.save(
            user=alice, consultation=consultation, fields={"proposal": "보고\u202efdp.서\u200b\x00\ud800"}
        )
        assert saved.fields["proposal"] == "보고fdp.서"

    @pytest.mark.parametrize("nasty", NASTY)
    def test_i07_markup_is_inert_on_every_surface(
        self, as_: As, alice: User, bob: User, frank: User, consultation: Consultation, nasty: str
    ) -> None:
        fields = {"proposal": f"제안 {nasty}"[:140], "problem": f"글 {nasty}", "reason": f"글 {nasty}"}
        client = as_(alice)
        data = typed(client, **fields)
        pages = [client.post(f"{FORM}preview/", data), client.get(FORM), client.get("/account/drafts/")]
        pages += [client.post(f"{FORM}draft/", data | {"key": str(uuid4()), "reason": f"그 {nasty}"})]
        pages += [client.get(f"{FORM}similar/{Draft.objects.get().pk}/")]
        made = submission.submit(user=alice, consultation=consultation, fields=fields)
        address = made.get_absolute_url()
        pages += [client.get(f"{address}mine/"), client.get("/account/opinions/")]
        pages += [as_(bob).get(f"/moderation/{Case.objects.get().pk}/")]
        moderation.publish(actor=bob, case=Case.objects.get())
        versions.propose_version(user=alice, opinion=made, fields={**fields, "reason": f"새 {nasty}"})
        case = Case.objects.get(closed_at=None)
        pages += [as_(bob).get(f"/moderation/{case.pk}/"), as_(alice).get(f"{address}text/")]
        versions.approve_version(actor=bob, case=case, keeps_votes=True)
        pages += [as_(None).get(address), as_(None).get(f"{address}versions/"), as_(None).get("/consultations/talent/")]
        pages += [as_(alice).get(f"{address}mine/"), as_(bob).get(f"/admin/consultations/opinion/{made.pk}/change/")]
        for page in pages:
            assert page.status_code in (200, 409), page.request["PATH_INFO"]
            assert inert(page.content.decode()), page.request["PATH_INFO"]

    def test_i08_the_preview_is_the_page(self, as_: As, alice: User, bob: User, consultation: Consultation) -> None:
        text = "# 제목\n\n- **굵게**\n- [링크](https://example.org) <b>그대로</b>\n\n![그림](https://example.org/x.png)"
        client = as_(alice)
        previewed = client.post(f"{FORM}preview/", typed(client, problem=text)).content.decode()
        made = submission.submit(user=alice, consultation=consultation, fields={**TEXT, "problem": text})
        moderation.publish(actor=bob, case=Case.objects.get())
        page = as_(None).get(made.get_absolute_url()).content.decode()

        def shown(html: str) -> str:
            start = html.index("<strong>굵게")
            return html[start : html.index("</section>", start)]

        assert shown(previewed) == shown(page)
        assert "<img" not in shown(page)
        assert escape("<b>") in shown(page)


class TestW13WithoutJavaScript:
    def test_the_button_saves(self, as_: As, alice: User, consultation: Consultation) -> None:
        client = as_(alice)
        answer = client.post(f"{FORM}draft/", typed(client))
        assert answer.headers["Location"] == FORM
        assert Draft.objects.get().fields["reason"] == TEXT["reason"]

    def test_supporting_votes_and_keeps_the_draft(
        self, as_: As, frank: User, opinion: Opinion, consultation: Consultation
    ) -> None:
        client = as_(frank)
        data = typed(client, proposal="박사후연구원에게 독립 직군을") | {"support": "1"}
        answer = client.post(f"{opinion.get_absolute_url()}support/", data)
        assert answer.headers["Location"] == opinion.get_absolute_url()
        assert Vote.objects.get().value == 1
        assert Draft.objects.get().fields["proposal"] == "박사후연구원에게 독립 직군을"


@pytest.mark.django_db(transaction=True)
def test_w08_no_other_connection_ever_sees_a_draft_state(alice: User, consultation: Consultation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seen_states (state text)")
        cursor.execute(
            "CREATE FUNCTION note_state() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO seen_states VALUES (NEW.state); RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER note_state AFTER INSERT OR UPDATE ON consultations_opinion"
            " FOR EACH ROW EXECUTE FUNCTION note_state()"
        )
    try:
        drafts.save(user=alice, consultation=consultation, fields=TEXT)
        submission.submit(user=alice, consultation=consultation, fields=TEXT)
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT state FROM seen_states")
            assert cursor.fetchall() == [("submitted",)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER note_state ON consultations_opinion")
            cursor.execute("DROP FUNCTION note_state")
            cursor.execute("DROP TABLE seen_states")
