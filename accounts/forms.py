"""Forms about accounts."""

from collections.abc import Iterable
from typing import Any, cast
from zoneinfo import available_timezones

from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import addresses, registration, time_zones
from accounts.models import MembershipRequest, Society, User
from common import limits
from common.errors import Invalid


class SignInForm(RequestLoginCodeForm):  # type: ignore[misc]
    """One address, one button. An unknown address gets an account, so that the answer is the same for all."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.update({"class": "input", "autocomplete": "email", "placeholder": ""})

    def clean_email(self) -> str:
        try:
            address = addresses.normal(str(self.cleaned_data["email"]))
            limits.check(limits.SIGN_IN, context.request, account=address)
            registration.ensure_account(address)
        except (Invalid, limits.TooMany) as error:
            raise forms.ValidationError(str(error.message)) from error
        self.cleaned_data["email"] = address
        return str(super().clean_email())


class ProfileForm(forms.ModelForm[User]):
    """What a person tells about themselves; sector and stage are optional."""

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "sector", "stage"]
        widgets = {"time_zone": forms.Select}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_nothing("language", _("As the browser asks for"))
        for name in ("sector", "stage"):
            self._name_nothing(name, _("Not said"))
        zones = self.fields["time_zone"].widget
        assert isinstance(zones, forms.Select)
        zones.choices = time_zones.choices(self.instance.time_zone)

    def _name_nothing(self, name: str, label: str | Promise) -> None:
        """Say in words what it means to choose nothing."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", label),
            *(pair for pair in cast("Iterable[tuple[Any, Any]]", field.choices) if pair[0] != ""),
        ]

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"])
        if name not in available_timezones():
            raise forms.ValidationError(_("Please choose one of the options."))
        return name


class MembershipRequestForm(forms.Form):
    """Ask a society to vouch for oneself."""

    society = forms.ModelChoiceField(
        Society.objects.filter(is_active=True),
        required=False,
        label=_("Your society"),
        empty_label=_("My society is not listed"),
    )
    note = forms.CharField(
        required=False,
        max_length=MembershipRequest._meta.get_field("note").max_length,
        widget=forms.Textarea,
        label=_("Note to the secretary"),
        help_text=_("For example your membership number."),
    )


class RosterForm(forms.Form):
    """A society's members as a file."""

    file = forms.FileField(
        label=_("Members as CSV"),
        help_text=_(
            "Columns: email, name, number, starts_on, ends_on. Only email is compulsory. All lines are taken, or none."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
