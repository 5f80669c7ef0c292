"""Forms of readers: an argument, a report. Only how they look: what they must hold, the capabilities say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.deciding import NOTE_LENGTH
from consultations.models.arguments import ARGUMENT_LENGTH, Side
from consultations.models.cases import Reason
from consultations.models.opinions import ShownAs


class Explaining(forms.Form):
    """A form that ties a capability's messages to its fields."""

    def explain(self, errors: dict[str, list[str]]) -> None:
        for name, messages in errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


class ArgumentForm(Explaining):
    """A short reason for or against an opinion."""

    owner = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    side = forms.CharField(
        required=False, label=_("This argument speaks"), widget=forms.RadioSelect(choices=Side.choices)
    )
    text = forms.CharField(
        required=False,
        label=_("Argument"),
        help_text=_("One reason, at most 1,000 characters. A moderator reads it before it is shown."),
        widget=forms.Textarea(attrs={"rows": 5, "data-count": "argument-count"}),
    )
    shown_as = forms.ChoiceField(required=False, label=_("Shown as"), choices=ShownAs.choices)
    key = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    longest = ARGUMENT_LENGTH


class ReportForm(Explaining):
    """Why an opinion breaks the rules."""

    owner = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False, label=_("Reason"), widget=forms.Select(choices=[("", _("Please choose")), *Reason.choices])
    )
    note = forms.CharField(
        required=False,
        label=_("What is wrong"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("At most 500 characters."),
    )


class AppealForm(Explaining):
    """Why its author thinks that a decision was wrong."""

    owner = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(
        required=False,
        label=_("Why the decision was wrong"),
        help_text=_("At most 2,000 characters. Whoever decides on the appeal reads this, and the text itself."),
        widget=forms.Textarea(attrs={"rows": 6, "data-count": "appeal-count"}),
    )

    longest = NOTE_LENGTH
