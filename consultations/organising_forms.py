"""What the organisers' page and the admin share about the form of a consultation."""

from typing import Any

from django import forms

from common.errors import Invalid
from consultations import organising
from consultations.models import Consultation


class PhasesForm(forms.ModelForm[Consultation]):
    """A form of a consultation whose phases are checked by the capability, before the database is asked."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        # A form that shows some of the phases is checked with the others as they stand.
        phases = {name: cleaned.get(name) or getattr(self.instance, name) for name in organising.PHASES}
        if all(phases.values()):
            try:
                organising.check_phases(phases)
            except Invalid as error:
                for name, texts in error.fields.items():
                    self.add_error(name if name in self.fields else None, texts)
        return cleaned
