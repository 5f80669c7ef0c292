"""An edition as a page: everything of the report but the table of all, light, in both languages."""

import re

import pytest
from django.test import Client

from consultations.models import Consultation
from digests import content as contents
from digests import pages, report
from digests.models import Edition
from digests.report.blocks import Finding
from tests.digests import sample_content

pytestmark = pytest.mark.django_db


def stored(consultation: Consultation, made: dict[str, object]) -> Edition:
    """A draft with a content that was made by hand; drafts need no files."""
    data = contents.canonical(made)
    return Edition.objects.create(
        consultation=consultation, number=1, state="published", published_at="2026-09-02T10:00:00Z",
        cutoff_at=sample_content.MOMENT, publish_sequence=1, content=data, content_sha256="0" * 64, input_sha256="0" * 64,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_has_every_chapter(consultation: Consultation, client: Client, language: str) -> None:
    made = sample_content.rich()
    text = client.get(stored(consultation, made).get_absolute_url(), {"lang": language}).content.decode()
    for section in report.build(made, language).sections:
        assert (f'id="{section.key}"' in text) == section.on_page
        assert (f'href="#{section.key}"' in text) == section.on_page


def test_the_page_is_light(consultation: Consultation, client: Client) -> None:
    """A first edition of some thirty opinions and two groups, uncompressed."""
    page = client.get(stored(consultation, sample_content.rich(groups=2, edition=1)).get_absolute_url(), {"lang": "ko"})
    assert len(page.content) < 102_400


def test_a_map_of_two_thousand_people_is_light(consultation: Consultation, client: Client) -> None:
    made = sample_content.imported(opinions=197, people=1921)
    assert len(client.get(stored(consultation, made).get_absolute_url()).content) < 120_000


def test_charts_have_a_table_one_click_away(consultation: Consultation, client: Client) -> None:
    """U02: and names of their own, each once."""
    text = client.get(stored(consultation, sample_content.rich()).get_absolute_url()).content.decode()
    drawn = text.split('class="chart"')[1:]
    assert len(drawn) > 8
    assert all("<details>" in after.split("</svg>")[1][:200] for after in drawn)
    known = re.findall(r'id="([^"]+)"', text)
    assert len(known) == len(set(known))


def test_texts_of_members_are_texts(consultation: Consultation, client: Client) -> None:
    """I07, I20: on the page."""
    made = sample_content.few("<script>alert(1)</script>", "{{ 7|add:7 }} {% now 'Y' %}")
    made["opinions"][0]["arguments"] = [{"side": "for", "text": "<b onclick=x>", "language": "en", "helpful": 1}]
    text = client.get(stored(consultation, made).get_absolute_url()).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "{{ 7|add:7 }} {% now &#x27;Y&#x27; %}" in text


def test_no_style_and_no_script_stands_in_the_page(consultation: Consultation, client: Client) -> None:
    text = client.get(stored(consultation, sample_content.rich()).get_absolute_url()).content.decode()
    assert " style=" not in text
    assert not re.findall(r"<script(?![^>]*src=)", text)


def test_an_edition_of_the_first_version_is_still_read(consultation: Consultation, client: Client) -> None:
    from tests.digests.test_documents import built

    old = built(("하나", "둘"))
    for key in ("groups", "across", "minority", "balance", "priorities", "recommendations", "last_digest", "errata"):
        old.pop(key, None)
    page = client.get(stored(consultation, old).get_absolute_url(), {"lang": "ko"})
    assert page.status_code == 200
    assert "하나" in page.content.decode()


def test_long_sections_are_cut_and_the_rest_is_named() -> None:
    made = sample_content.rich()
    agreed = next(section for section in pages.build(made, "en").sections if section.key == "agreed")
    assert len([block for block in agreed.blocks if isinstance(block, Finding)]) == pages.MOST_ON_PAGE
    rest = [span.text for span in agreed.blocks[-1].text if span.cite]  # type: ignore[union-attr]
    assert [int(number) for number in rest] == made["agreed"][pages.MOST_ON_PAGE :]
