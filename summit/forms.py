"""Forms of the organisers' pages. They read what was typed; the capability modules decide."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from summit import clock
from summit.models import AgendaItem, Meeting, Summit
from summit.models.meetings import validate_time_zone

MAX_INVITATIONS = 500


class LocalMoment(forms.fields.BaseTemporalField):
    """Date and time as a clock shows them, without a zone: the form says whose clock it is."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("Write date and time like this: 2026-08-26T14:00.")}

    def __init__(self, **options: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        super().__init__(input_formats=formats, **options)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value
        found: datetime | None = super().to_python(value)
        return found

    def strptime(self, value: str, format: str) -> datetime:
        return datetime.strptime(value, format)  # noqa: DTZ007  the zone is a field of its own


class SummitForm(forms.ModelForm[Summit]):
    class Meta:
        model = Summit
        fields = [
            "slug", "title_ko", "title_en", "question_ko", "question_en",
            "about_ko", "about_en", "hosts_ko", "hosts_en",
        ]  # fmt: skip
        help_texts = {"slug": _("Part of the page's address: small letters, digits and hyphens. It stays for good.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["slug"]


class MeetingForm(forms.ModelForm[Meeting]):
    """A meeting; its times are on the clock of its own zone."""

    starts_local = LocalMoment(label=_("Starts"), help_text=_("On the clock of the time zone below."))
    ends_local = LocalMoment(label=_("Ends"))

    class Meta:
        model = Meeting
        fields = [
            "title_ko", "title_en", "time_zone", "place_ko", "place_en", "address_ko", "address_en",
            "capacity", "about_ko", "about_en", "minutes_ko", "minutes_en",
        ]  # fmt: skip

    field_order = ["title_ko", "title_en", "starts_local", "ends_local"]

    def __init__(self, *args: Any, **options: Any) -> None:
        meeting: Meeting | None = options.get("instance")
        if meeting is not None:
            options["initial"] = {
                "starts_local": clock.to_local(meeting.starts_at, meeting.zone),
                "ends_local": clock.to_local(meeting.ends_at, meeting.zone),
            } | (options.get("initial") or {})
        super().__init__(*args, **options)

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"])
        validate_time_zone(name)
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "time_zone" in cleaned:
            for local, stored in (("starts_local", "starts_at"), ("ends_local", "ends_at")):
                self._place_in_zone(cleaned, local, stored)
        if {"starts_at", "ends_at"} <= cleaned.keys() and cleaned["ends_at"] <= cleaned["starts_at"]:
            self.add_error("ends_local", _("A meeting ends after it starts."))
        return cleaned

    def _place_in_zone(self, cleaned: dict[str, Any], local: str, stored: str) -> None:
        if cleaned.get(local) is None:
            return
        try:
            cleaned[stored] = clock.from_local(cleaned[local], ZoneInfo(cleaned["time_zone"]))
        except Invalid as error:
            self.add_error(local, str(error.message))


class AgendaItemForm(forms.ModelForm[AgendaItem]):
    id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = AgendaItem
        fields = ["title_ko", "title_en", "speaker_ko", "speaker_en", "minutes_long"]


AgendaForms = formset_factory(AgendaItemForm, extra=2, can_delete=True, max_num=100, validate_max=True)


class InviteForm(forms.Form):
    """E-mail addresses, one a line."""

    addresses = forms.CharField(
        label=_("E-mail addresses"), help_text=_("One a line."), widget=forms.Textarea, max_length=50_000
    )

    def clean_addresses(self) -> list[str]:
        lines = [line.strip(" \t,;").lower() for line in str(self.cleaned_data["addresses"]).splitlines()]
        addresses = list(dict.fromkeys(line for line in lines if line))
        wrong = [address for address in addresses if not _is_address(address)]
        if wrong:
            raise ValidationError([_("Not an e-mail address: %(line)s") % {"line": line[:100]} for line in wrong[:20]])
        if len(addresses) > MAX_INVITATIONS:
            raise ValidationError(_("At most %(most)d addresses at once.") % {"most": MAX_INVITATIONS})
        return addresses


def _is_address(line: str) -> bool:
    try:
        validate_email(line)
    except ValidationError:
        return False
    return True


def explain(form: forms.BaseForm, error: Invalid) -> None:
    """Put a capability's messages on the form's fields."""
    if not error.fields:
        form.add_error(None, str(error.message))
    renamed = {"starts_at": "starts_local", "ends_at": "ends_local"}
    for name, messages in error.fields.items():
        field = renamed.get(name, name)
        for message in messages:
            form.add_error(field if field in form.fields else None, message)
