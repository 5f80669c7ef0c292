"""Organiser's pages of a consultation: plain forms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.guards import organisers_only
from common import text
from common.errors import Invalid
from consultations import organising
from consultations.models import Consultation
from consultations.organising_forms import PhasesForm
from summit.models import Summit

_MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A date and time in the site's zone, with the browser's own picker."""

    def __init__(self, **kwargs: object) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
        super().__init__(widget=widget, input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)  # type: ignore[arg-type]


class ConsultationForm(PhasesForm):
    """A consultation, its phases and its themes."""

    themes = forms.CharField(
        required=False,
        label=gettext_lazy("Themes"),
        help_text=gettext_lazy("One a line: Korean | English."),
        widget=forms.Textarea,
    )

    class Meta:
        model = Consultation
        fields = [
            "slug", "title_ko", "title_en", "about_ko", "about_en", "submissions_open_at", "submissions_close_at",
            "voting_open_at", "voting_close_at", "counts", "works_on_days_off", "hides_authors", "attribution",
        ]  # fmt: skip
        field_classes = dict.fromkeys(
            ("submissions_open_at", "submissions_close_at", "voting_open_at", "voting_close_at"), MomentField
        )

    def clean_themes(self) -> list[tuple[str, str]]:
        pairs = []
        for line in text.clean(self.cleaned_data["themes"]).splitlines():
            korean, _bar, english = (text.clean_line(part) for part in line.partition("|"))
            if korean and english:
                pairs.append((korean, english))
            elif line.strip():
                raise forms.ValidationError(_("“%(line)s” needs both: Korean | English."), params={"line": line[:60]})
        return pairs

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["slug"]  # documents and mails name this address


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    summit = get_object_or_404(Summit, slug=slug)
    return _form(request, Consultation(summit=summit))


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    return _form(request, get_object_or_404(Consultation.objects.select_related("summit"), slug=slug))


def _form(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    is_new = consultation.pk is None
    lines = "" if is_new else "\n".join(f"{t.title_ko} | {t.title_en}" for t in consultation.themes.all())
    form = ConsultationForm(request.POST or None, instance=consultation, initial={"themes": lines})
    if request.method == "POST" and form.is_valid():
        assert request.user.is_authenticated
        try:
            organising.save(actor=request.user, consultation=form.instance, themes=form.cleaned_data["themes"])
        except Invalid as error:
            for name, texts in error.fields.items():
                form.add_error(name, texts)
        else:
            messages.success(request, _("Saved."))
            return redirect("organise-consultation", slug=form.instance.slug)
    context = {"form": form, "summit": consultation.summit, "consultation": None if is_new else consultation}
    return render(request, "organise/consultation.html", context, status=422 if form.errors else 200)
