"""An import stores exactly what the files say, once, or nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common.errors import Invalid
from consultations.importing import load
from consultations.importing.rows import BrokenInput
from consultations.models import Case, Consultation, Decision, Opinion, Participant, Vote, VoteLog
from summit.models import Summit
from tests.importing.conftest import COMMENTS, NAMES, VOTES, Write, real_folder, recount

pytestmark = pytest.mark.django_db


def tallies(consultation: Consultation) -> dict[int, tuple[int, int, int]]:
    found = Opinion.objects.filter(consultation=consultation, state="published")
    return {o.number - 1: (o.agree_count, o.pass_count, o.disagree_count) for o in found}


@pytest.mark.parametrize("name", NAMES)
def test_tallies_of_real_consultations_equal_a_recount(name: str) -> None:
    folder = real_folder(name)
    outcome = load.import_consultation(folder=folder)
    expected = recount(folder)
    found = tallies(outcome.consultation)
    assert found == {key: expected[key] for key in found}
    assert outcome.votes == sum(sum(counts) for counts in expected.values())
    assert outcome.counting == sum(sum(counts) for counts in found.values())
    assert outcome.consultation.attribution.startswith("Data: Polis, CC BY 4.0")
    assert load.import_consultation(folder=folder).changed is False


def test_the_chinese_set_is_chinese() -> None:
    consultation = load.import_consultation(folder=real_folder("uberx")).consultation
    languages = set(Opinion.objects.filter(consultation=consultation).values_list("language", flat=True))
    assert "zh" in languages and "ja" not in languages and "ko" not in languages


def test_small_export(write: Write) -> None:
    outcome = load.import_consultation(folder=write())
    consultation = outcome.consultation
    assert (consultation.slug, consultation.title_en, consultation.about_ko) == (
        "small",
        "What should change?",
        "Two\nlines",
    )
    assert consultation.is_imported and consultation.counts == "live"
    assert consultation.summit == Summit.objects.get(slug="imported")
    assert (outcome.rows, outcome.votes, outcome.revotes, outcome.counting) == (7, 5, 2, 3)
    assert outcome.opinions == {"published": 2, "submitted": 1, "rejected": 1}
    # Of voter 1 the later stamp stands, of voter 2 on comment 1 the later line.
    assert tallies(consultation) == {0: (1, 0, 1), 1: (1, 0, 0)}
    assert consultation.last_number == 5 and consultation.last_publish_sequence == 2
    assert set(Participant.objects.values_list("external_id", flat=True)) == {"0", "1", "2"}


def test_phases_span_the_first_and_the_last_timestamp(write: Write) -> None:
    consultation = load.import_consultation(folder=write()).consultation
    assert consultation.voting_open_at == consultation.submissions_open_at == load.moment(1700000000000)
    assert consultation.voting_is_open(load.moment(1700000008000))
    assert not consultation.voting_is_open(load.moment(1700000008001))


def test_opinions_keep_number_text_time_and_order(write: Write) -> None:
    load.import_consultation(folder=write())
    second = Opinion.objects.get(number=2)
    assert second.version is not None
    assert second.version.proposal == "In two lines, with a comma"
    assert (second.publish_sequence, second.published_at) == (2, load.moment(1700000001000))
    assert second.author is not None and second.author.external_id == "1"


def test_what_was_undecided_waits_and_what_was_decided_has_a_decision(write: Write) -> None:
    load.import_consultation(folder=write())
    assert [case.opinion.number for case in Case.objects.waiting()] == [3]
    decided = dict(Decision.objects.values_list("opinion__number", "to_state"))
    assert decided == {1: "published", 2: "published", 5: "rejected"}
    assert Decision.objects.get(to_state="rejected").reason == "other"


def test_votes_on_unpublished_opinions_are_kept_and_count_nowhere(write: Write) -> None:
    load.import_consultation(folder=write())
    assert Vote.objects.filter(opinion__number__in=[3, 5]).count() == 2
    assert not Vote.objects.counting().filter(opinion__number__in=[3, 5]).exists()
    assert Opinion.objects.get(number=3).agree_count == 0


def test_imported_votes_stay_out_of_the_vote_log_and_later_ones_do_not(write: Write) -> None:
    load.import_consultation(folder=write())
    assert VoteLog.objects.count() == 0
    vote = Vote.objects.first()
    assert vote is not None
    vote.delete()
    assert VoteLog.objects.count() == 1


def test_a_second_run_changes_nothing(write: Write) -> None:
    first = load.import_consultation(folder=write())
    before = list(Vote.objects.order_by("pk").values_list())
    second = load.import_consultation(folder=write())
    assert (first.changed, second.changed) == (True, False)
    assert second.consultation == first.consultation
    assert list(Vote.objects.order_by("pk").values_list()) == before


def test_a_second_run_after_a_moderator_decided_changes_nothing(write: Write) -> None:
    load.import_consultation(folder=write())
    Opinion.objects.filter(number=3).update(state="rejected")
    assert load.import_consultation(folder=write()).changed is False


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Pay people", "Fine people"),
        ("1700000003000,,4,2,0,1,-1", "1700000003000,,4,2,0,1,0"),
        ("1700000003000,,4,2", "1700000003000,,4,1"),
        ("1700000003000,,4", "1700000003001,,4"),
    ],
    ids=["text", "moderated", "author", "time"],
)
def test_other_comments_at_the_same_address_are_refused(write: Write, old: str, new: str) -> None:
    load.import_consultation(folder=write())
    changed = COMMENTS.replace(old, new)
    assert changed != COMMENTS
    with pytest.raises(load.AlreadyThere, match="exists already"):
        load.import_consultation(folder=write(changed))


@pytest.mark.parametrize(
    ("old", "new"),
    [("0,2,1\n", "0,2,0\n"), ("1700000008000", "1700000008001"), ("4,0,-1\n", "4,1,-1\n")],
    ids=["value", "time", "voter"],
)
def test_other_votes_at_the_same_address_are_refused(write: Write, old: str, new: str) -> None:
    load.import_consultation(folder=write())
    changed = VOTES.replace(old, new, 1)
    assert changed != VOTES
    comments = COMMENTS.replace("0,0,2,1,1", "0,0,1,1,1") if new == "0,2,0\n" else COMMENTS  # as the columns count
    with pytest.raises(load.AlreadyThere):
        load.import_consultation(folder=write(comments, changed))


def test_a_consultation_of_our_own_is_never_touched(write: Write, consultation: Consultation) -> None:
    with pytest.raises(load.AlreadyThere):
        load.import_consultation(folder=write(), slug=consultation.slug)
    assert not Opinion.objects.exists()


def test_a_broken_last_row_stores_nothing_at_all(write: Write) -> None:
    with pytest.raises(BrokenInput):
        load.import_consultation(folder=write(votes=VOTES + "1700000009000,,0,1,2\n"))
    assert not Consultation.objects.exists() and not Summit.objects.exists() and not Participant.objects.exists()


@pytest.mark.parametrize("slug", ["With Space", "UPPER", "a/b", "x" * 61, "-", "가상"])
def test_an_address_must_be_one(write: Write, slug: str) -> None:
    with pytest.raises(Invalid):
        load.import_consultation(folder=write(), slug=slug)


def test_attribution_of_the_folder_leads(write: Write) -> None:
    folder = write()
    (folder / "ATTRIBUTION").write_text("By Someone, CC0\n")
    assert load.import_consultation(folder=folder).consultation.attribution == "By Someone, CC0"


def test_without_a_summary_the_title_is_the_address(write: Write) -> None:
    consultation = load.import_consultation(folder=write(summary=None), slug="elsewhere").consultation
    assert (consultation.title_ko, consultation.attribution) == ("elsewhere", "")


def test_the_command_says_what_it_did(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(write())
    call_command("import_consultation", folder, slug="shown")
    said = capsys.readouterr().out
    assert "Imported “shown”" in said and "5 from 7 rows (2 replaced by a later one)" in said
    call_command("import_consultation", folder, slug="shown")
    assert "Nothing changed" in capsys.readouterr().out


def test_the_command_names_file_and_line(write: Write, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"votes\.csv, line 9: vote “2” is not 1, 0 or -1. Nothing was stored."):
        call_command("import_consultation", str(write(votes=VOTES + "1700000009000,,0,1,2\n")))
    with pytest.raises(CommandError, match="there is no such folder"):
        call_command("import_consultation", str(tmp_path / "nowhere"))
