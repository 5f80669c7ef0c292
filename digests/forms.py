"""Forms of the digests' pages. They read what was typed; the capability modules decide."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from digests.models import Block, Document, Response

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NumbersField(forms.CharField):
    """Numbers of opinions, as people list them: “41, 102” or “No. 41, No. 102”."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        typed = re.sub(r"(?i)no\.?|번|제", " ", super().to_python(value) or "")
        words = re.split(r"[\s,;]+", typed.strip())
        if any(word and not (word.isascii() and word.isdigit() and len(word) < 10) for word in words):
            raise forms.ValidationError(_("Write numbers of opinions, for example: 41, 102."))
        return [int(word) for word in words if word]


class BlockForm(forms.ModelForm[Block]):
    """A recommendation or a note, in both languages."""

    opinions = NumbersField(
        required=False,
        label=_("Opinions"),
        help_text=_("Numbers of the published opinions that this rests on, for example: 41, 102."),
    )

    class Meta:
        model = Block
        fields = [
            "kind", "title_ko", "title_en", "body_ko", "body_en", "opinions", "addressee_ko", "addressee_en", "due_on",
        ]  # fmt: skip
        widgets = {"due_on": _DAY}
        help_texts = {
            "body_ko": _("Name figures instead of typing them: {{41.agree}}, {{41.n}}, {{41.share}}, {{voters}}."),
            "addressee_ko": _("Who is asked to answer. A note needs none."),
            "due_on": _("A note needs none."),
        }


class HostForm(forms.Form):
    """A person who signs for a host."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name_ko = forms.CharField(label=_("Host, in Korean"), max_length=200)
    name_en = forms.CharField(label=_("Host, in English"), max_length=200)


class ErratumForm(forms.Form):
    """A correction, in both languages."""

    text_ko = forms.CharField(label=_("Text in Korean"), widget=forms.Textarea(attrs={"lang": "ko"}))
    text_en = forms.CharField(label=_("Text in English"), widget=forms.Textarea(attrs={"lang": "en"}))


class WithdrawForm(forms.Form):
    """Which files are withdrawn, and why."""

    names = forms.MultipleChoiceField(label=_("Files"), widget=forms.CheckboxSelectMultiple)
    reason_ko = forms.CharField(label=_("Reason in Korean"), widget=forms.Textarea(attrs={"lang": "ko"}))
    reason_en = forms.CharField(label=_("Reason in English"), widget=forms.Textarea(attrs={"lang": "en"}))

    def __init__(self, *args: Any, documents: list[Document], **options: Any) -> None:
        super().__init__(*args, **options)
        left = [(d.name, d.name) for d in documents if d.withdrawn_at is None]
        self.fields["names"].choices = left  # type: ignore[attr-defined]


class LinkForm(forms.Form):
    """The address that a link is mailed to."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class ReturnForm(forms.Form):
    """Why an answer is sent back."""

    note = forms.CharField(label=_("Note to the addressee"), widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """An official's answer."""

    verdict = forms.ChoiceField(
        required=False,
        label=_("Answer"),
        widget=forms.RadioSelect,
        choices=[
            (Response.Verdict.ACCEPT, _("We accept the recommendation")),
            (Response.Verdict.ACCEPT_IN_PART, _("We accept it in part")),
            (Response.Verdict.DECLINE, _("We decline it")),
        ],
    )
    text_ko = forms.CharField(
        required=False,
        label=_("Text in Korean"),
        help_text=_("Korean, English or both: one is needed."),
        widget=forms.Textarea(attrs={"lang": "ko"}),
    )
    text_en = forms.CharField(required=False, label=_("Text in English"), widget=forms.Textarea(attrs={"lang": "en"}))
    done_by = forms.DateField(
        required=False, label=_("To be done by"), help_text=_("When there is a date."), widget=_DAY
    )


def explain(form: forms.BaseForm, error: Invalid) -> None:
    """Put a capability's messages on the form's fields."""
    if not error.fields:
        form.add_error(None, str(error.message))
    for name, messages in error.fields.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
