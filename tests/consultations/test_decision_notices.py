"""What people are told about decisions: at once, in their language, with the reason, what can be done, and by when."""

import pytest
from django.utils import translation

from consultations import deciding, decision_notices, holding, merging, moderation, reasons, removal, states, telling
from consultations.deciding import Subject
from consultations.models import Argument, Decision, Merge, Opinion
from consultations.models.opinions import State
from consultations.states import VERBS
from notifications import kinds
from notifications.models import Delivery, Occasion
from tests.consultations.stage import Stage
from tests.consultations.test_holding import told

TOLD = [verb for verb, rule in VERBS.items() if rule.tells]


def decision(stage: Stage, subject: Subject, verb: str) -> Decision:
    """A decision with everything that a mail may name, from the first state of its verb."""
    opinion, argument = deciding.parts(subject)
    rule = VERBS[verb]
    source = next(iter(rule.moves))
    target = states.after(verb, source, State.SUBMITTED)
    answers = stage.any_decision(subject, "reject") if verb == "undo" else None
    merge = Merge.objects.create(target=opinion, is_joint=False) if verb == "merge" else None
    return Decision.objects.create(
        opinion=opinion, argument=argument, actor=stage.first, verb=verb, from_state=source, to_state=target,
        reason="insult", note="적은 말", answers=answers, merge=merge, versions=[opinion.version_id or 0],
    )  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("verb", TOLD)
@pytest.mark.parametrize("kind", ["opinion", "argument"])
def test_every_decision_has_words_in_both_languages(stage: Stage, verb: str, language: str, kind: str) -> None:
    if kind == "argument" and not VERBS[verb].arguments:
        pytest.skip("no verb of arguments")
    subject: Subject = stage.argue() if kind == "argument" else stage.submit()
    made = decision(stage, subject, verb) if not verb.startswith("confirm_") else _confirmed(stage, subject, verb)
    telling.author(made)
    with translation.override(language):
        (mail,) = [m for m in told(_kind(subject), stage.author) if m.subject == decision_notices.subject(made)]
    text = "\n".join([mail.subject, *mail.paragraphs])
    assert "%(" not in text and "적은 말" in text and mail.link.startswith("http") and mail.link_text
    words = reasons.of("insult")
    assert (
        words is not None and str(subject.opinion.number if isinstance(subject, Argument) else subject.number) in text
    )


def _kind(subject: Subject) -> str:
    return telling.ARGUMENT_DECIDED if isinstance(subject, Argument) else telling.OPINION_DECIDED


def _confirmed(stage: Stage, subject: Subject, verb: str) -> Decision:
    first = stage.any_decision(subject, VERBS[verb].answers)
    opinion, argument = deciding.parts(subject)
    return Decision.objects.create(
        opinion=opinion, argument=argument, actor=stage.second, verb=verb, from_state="published",
        to_state=states.after(verb, State.PUBLISHED), reason="insult", note="적은 말", answers=first,
    )  # fmt: skip


def test_the_author_is_told_in_the_same_transaction_and_urgently(stage: Stage) -> None:
    moderation.reject(actor=stage.first, case=stage.case(stage.submit()), reason="off_topic")
    delivery = Delivery.objects.get(user=stage.author, occasion__kind=telling.OPINION_DECIDED)
    assert delivery.is_urgent and delivery.release_at <= delivery.created_at
    assert kinds.get(telling.OPINION_DECIDED).compulsory


def test_reason_rule_what_can_be_done_and_by_when_stand_in_one_mail(stage: Stage) -> None:
    moderation.reject(
        actor=stage.first, case=stage.case(stage.submit()), reason="several_points", note="둘로 나누어 주십시오"
    )
    lines = told(telling.OPINION_DECIDED, stage.author)[-1].paragraphs
    starts = ("Your proposal:", "Reason:", "The rule:", "What you can do:", "Note of the moderator:", "If you think")
    assert [line for line in lines if line.startswith(starts)] == lines
    assert "Submit each proposal as an opinion of its own." in lines[3]


def test_all_who_wrote_a_joint_text_are_told(stage: Stage) -> None:
    made = merging.merge(
        actor=stage.third,
        opinions=[stage.publish(), stage.another()],
        fields={"proposal": "합친 제안", "problem": "문제", "reason": "까닭"},
    )
    holding.hold(actor=stage.third, subject=made.target, reason="insult")
    for person in (stage.author, stage.member):
        assert told(telling.OPINION_DECIDED, person)[-1].subject.endswith("held")


def test_what_nobody_wrote_is_told_to_nobody(stage: Stage) -> None:
    opinion = stage.publish()
    Opinion.objects.filter(pk=opinion.pk).update(author=None)
    before = Delivery.objects.filter(occasion__kind=telling.OPINION_DECIDED).count()
    holding.hold(actor=stage.first, subject=Opinion.objects.get(pk=opinion.pk), reason="insult")
    assert Delivery.objects.filter(occasion__kind=telling.OPINION_DECIDED).count() == before


def test_a_second_person_is_not_wanted_any_more_once_there_is_one(stage: Stage) -> None:
    first = removal.propose(actor=stage.first, subject=stage.publish(), reason="insult")
    occasion = Occasion.objects.get(kind=telling.SECOND_WANTED)
    mail = kinds.get(telling.SECOND_WANTED).render(occasion, stage.second)
    assert mail is not None and "until" in mail.paragraphs[0] and "Insulting" in mail.paragraphs[1]
    removal.decline(actor=stage.third, first=first)
    assert kinds.get(telling.SECOND_WANTED).render(occasion, stage.second) is None


def test_a_code_that_was_given_up_says_what_it_knows(stage: Stage) -> None:
    assert reasons.of("of_an_older_release") is None
