"""What is stored as a key is shown in words, and each page tells what concerns its reader."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from consultations import arguments, drafts, reports
from consultations.models import Case, Consultation, Opinion, Theme
from tests.consultations.conftest import TEXT
from tests.consultations.test_drafts import FORM, typed

As = Callable[[User | None], Client]


def test_two_texts_of_a_draft_are_compared_in_the_words_of_the_form(
    as_: As, alice: User, consultation: Consultation, theme: Theme
) -> None:
    client = as_(alice)
    other = consultation.themes.all()[1]
    client.post(f"{FORM}draft/auto/", typed(client, theme=str(theme.pk), horizon="now"))
    older = typed(client, theme=str(theme.pk), horizon="now")
    client.post(f"{FORM}draft/auto/", typed(client, theme="", horizon="soon", shown_as="member", quote=""))
    answer = client.post(f"{FORM}draft/?lang=en", older | {"theme": str(other.pk)})
    assert answer.status_code == 409
    rows = {str(label): (mine, theirs) for label, mine, theirs in answer.context["differing"]}
    assert rows == {
        "Theme": ("Pay and evaluation", ""),
        "Time horizon": ("Within a year", "One to three years"),
        "Shown as": ("A member of Imaginary Materials Society", "A member"),
        "May be quoted word for word": ("Yes", "No"),
    }
    assert "(empty)" in answer.content.decode()


def test_a_draft_is_downloaded_in_words(as_: As, alice: User, consultation: Consultation, theme: Theme) -> None:
    fields = TEXT | {"theme": str(theme.pk), "horizon": "later"}
    draft = drafts.save(user=alice, consultation=consultation, fields=fields)
    text = as_(alice).get(f"/account/drafts/{draft.pk}/draft.txt?lang=en").content.decode()
    assert "Theme\nResearch careers\n" in text and "Time horizon\nLonger\n" in text
    assert str(TEXT["reason"]) in text


def test_enter_in_a_line_of_the_form_saves_and_supports_nothing(
    as_: As, alice: User, consultation: Consultation
) -> None:
    """Browsers press the first button of a form; one that votes for another opinion must not be it."""
    page = as_(alice).get(FORM).content.decode()
    form = page[page.index("data-autosave") :]
    assert form.index(f'formaction="{FORM}draft/"') < form.index('id="similar"')


def test_the_history_of_an_own_opinion_is_not_that_of_arguments_and_reports(
    as_: As, alice: User, frank: User, bob: User, opinion: Opinion
) -> None:
    arguments.submit(user=frank, opinion=opinion, fields={"side": "for", "text": "Weil es hilft."}, key="")
    arguments.publish(actor=bob, case=Case.objects.get(kind="argument"))
    reports.report(user=frank, opinion=opinion, reason="duplicate", note="")
    reports.dismiss(actor=bob, case=Case.objects.get(kind="report"), note="")
    page = as_(alice).get(f"{opinion.get_absolute_url()}mine/")
    assert [told.decision.verb for told in page.context["verdict"].history] == ["publish"]


@pytest.mark.parametrize(
    ("shown_as", "named", "byline"),
    [
        ("society", True, "A member of Imaginary Materials Society"),
        ("society", False, "A member of a society"),
        ("name", True, "Alice, Imaginary Materials Society"),
        ("name", False, "Alice, of a society"),
        ("member", True, "A member"),
    ],
)
def test_a_card_names_its_author_as_documents_do(
    as_: As, opinion: Opinion, monkeypatch: pytest.MonkeyPatch, shown_as: str, named: bool, byline: str
) -> None:
    monkeypatch.setattr("consultations.authors.SMALLEST_SOCIETY", 1 if named else 5)
    Opinion.objects.update(shown_as=shown_as)
    for path in ("/consultations/talent/", opinion.get_absolute_url()):
        assert f"<span>{byline}</span>" in as_(None).get(f"{path}?lang=en").content.decode()
