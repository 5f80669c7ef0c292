"""Forms of moderators: many at once, a merge, a redaction. Only how they look: what they must hold, the capabilities say."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations import bulk, reasons, states
from consultations.forms import OpinionForm
from consultations.forms_reading import Explaining
from consultations.models import OpinionVersion
from consultations.submission import VERSION_FIELDS


class ReasonForm(Explaining):
    """One reason, in the words that hold today, and a note to the author."""

    reason = forms.ChoiceField(required=False, label=_("Reason, sent to the author"))
    note = forms.CharField(required=False, label=_("Note to the author"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(words.code, words.title) for words in reasons.all_()]
        self.fields["reason"].choices = [("", _("Please choose")), *known]  # type: ignore[attr-defined]

    def words(self) -> dict[str, str]:
        """Reason and note as they were typed, for the capability."""
        return {name: str(self.data.get(name, "")).replace("\r\n", "\n").strip() for name in ("reason", "note")}


def _acts() -> list[tuple[str, str | Promise]]:
    return [(verb.verb, verb.act) for verb in states.VERBS.values() if verb.bulk]


class BulkForm(ReasonForm):
    """What is said about many."""

    verb = forms.ChoiceField(label=_("What to do"), choices=_acts)

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = states.VERBS[verb]
        self.fields["reason"].required = rule.needs_reason
        self.fields["note"].required = rule.needs_note
        if not bulk.takes_reason(verb):
            self.fields["reason"].widget = forms.HiddenInput()


class MergeForm(ReasonForm):
    """Why opinions are merged."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


class JointForm(OpinionForm):
    """A joint text: an opinion's fields without what its authors choose for themselves. Use it with a prefix."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("shown_as", "quote", "key", "revision", "owner"):
            del self.fields[name]

    def typed(self) -> dict[str, Any]:
        """The fields as they were sent, for `merging.merge`."""
        return {name: self.data.get(self.add_prefix(name), "") for name in self.fields}


def begin_with(version: OpinionVersion, theme: int | None, language: str) -> dict[str, Any]:
    """What a joint text begins with: the text of one of its originals."""
    texts: dict[str, Any] = {name: getattr(version, name) for name in VERSION_FIELDS}
    return texts | {"evidence": "\n".join(version.evidence), "theme": theme, "language": language}


class RedactionForm(ReasonForm):
    """Why a part of a text is redacted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
