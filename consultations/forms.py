"""Forms of the consultation's pages."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Invalid
from consultations import reasons
from consultations.models import Consultation
from consultations.models.opinions import PROPOSAL_LENGTH, Horizon, ShownAs
from consultations.roll import society_of

#: Fields that most people leave empty; the page folds them away.
FOLDED = ("addressee", "horizon", "evidence", "interests", "language")
LANGUAGES = [("", _("As the text says")), ("ko", "한국어"), ("en", "English")]


class OpinionForm(forms.Form):
    """The fields of an opinion. Only how they look: what they must hold, `submission.check` says."""

    proposal = forms.CharField(
        required=False,
        label=_("Proposal in one sentence"),
        help_text=_("People vote on this sentence. Say what should be done, by whom."),
        # A sentence may be longer than a line of the screen; what is typed must be seen.
        widget=forms.Textarea(attrs={"rows": 2, "data-count": "proposal-count"}),
    )
    problem = forms.CharField(
        required=False,
        label=_("The problem"),
        help_text=_("What goes wrong today, and for whom."),
        widget=forms.Textarea,
    )
    reason = forms.CharField(required=False, label=_("Why this would help"), widget=forms.Textarea)
    theme = forms.ChoiceField(required=False, label=_("Theme"), widget=forms.RadioSelect)
    addressee = forms.CharField(
        required=False,
        label=_("Who should act"),
        help_text=_("For example a ministry, universities, research institutes."),
    )
    horizon = forms.ChoiceField(
        required=False, label=_("Time horizon"), choices=[("", _("Not said")), *Horizon.choices]
    )
    evidence = forms.CharField(
        required=False,
        label=_("Evidence"),
        help_text=_("A DOI or a link, one a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    interests = forms.CharField(
        required=False,
        label=_("Interests"),
        help_text=_("Anything a reader should know, for example that your institute would benefit."),
    )
    language = forms.ChoiceField(required=False, label=_("Language of the text"), choices=LANGUAGES)
    shown_as = forms.ChoiceField(label=_("Shown as"), required=False, widget=forms.RadioSelect)
    quote = forms.BooleanField(required=False, initial=True, label=_("May be quoted word for word"))
    #: The draft's id and what this window knows of it; the owner, so that nobody else is shown the text.
    key = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    revision = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)
    owner = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    proposal_length = PROPOSAL_LENGTH

    def __init__(self, *args: Any, consultation: Consultation, author: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [(str(t.pk), t) for t in consultation.themes.all()]  # type: ignore[attr-defined]
        counted = society_of(user=author, consultation=consultation) if author is not None else None
        society = _("A member of %(society)s") % {"society": counted.name} if counted else ""
        names = self.names(str(society), author.name if author is not None else "")
        self.fields["shown_as"].choices = [(value, label) for value, label in names.items() if label]  # type: ignore[attr-defined]

    def names(self, society: str, name: str) -> dict[str, Any]:
        """How the author can be shown; what is empty is not offered."""
        return {
            ShownAs.SOCIETY: society or ShownAs.SOCIETY.label,
            ShownAs.NAME: _("My name, %(name)s") % {"name": name} if name else "",
            ShownAs.MEMBER: ShownAs.MEMBER.label,
        }

    @property
    def has_more(self) -> bool:
        """Whether one of the folded fields holds something, or is wrong."""
        return any(self[name].value() or self[name].errors for name in FOLDED)

    def says(self, name: str, value: object) -> str:
        """A field's value in the words of the form, for who compares two texts of a draft."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(_("Yes") if value else _("No"))
        if isinstance(field, forms.ChoiceField):
            return next(
                (str(text) for key, text in cast("Iterable[tuple[Any, Any]]", field.choices) if str(key) == str(value)),
                "",
            )
        return str(value)

    def explain(self, errors: dict[str, list[str]]) -> None:
        """Tie the capability's messages to the fields."""
        for name, messages in errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


def _reasons() -> list[tuple[str, str]]:
    """The reasons in the words of the organisers."""
    return [("", str(_("Please choose"))), *((words.code, words.title) for words in reasons.all_())]


class DecideForm(forms.Form):
    """The words of a decision, which its author is told. What a verb needs, `deciding.check_words` says."""

    reason = forms.ChoiceField(required=False, label=_("Reason, sent to the author"))
    note = forms.CharField(required=False, label=_("Note to the author"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read once a form: a callable would be asked each time that the choices are looked at.
        self.fields["reason"].choices = _reasons()  # type: ignore[attr-defined]

    @classmethod
    def refused(cls, given: QueryDict, error: Invalid) -> "DecideForm":
        """With what was typed, and what is wrong with it at its field."""
        form = cls(given)
        form.errors.clear()
        for name, texts in (error.fields or {"": [str(error.message)]}).items():
            form.add_error(name if name in form.fields else None, list(texts))
        return form
