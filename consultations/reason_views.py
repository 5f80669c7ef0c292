"""The reasons that moderators give: a page for everybody, and the organisers' pages that edit their words."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import organisers_only, signed_in_or_back_to
from common import limits, page_cache
from common.errors import Invalid
from consultations import reasons
from consultations.forms_reading import Explaining
from consultations.models import ReasonText
from consultations.models.cases import Reason

_LONG = forms.Textarea(attrs={"rows": 3})


class ReasonForm(Explaining):
    """A reason's words, each in both languages. Only how they look: what they must hold, `reasons.edit` says."""

    title_ko = forms.CharField(required=False, label=gettext_lazy("Title in Korean"))
    title_en = forms.CharField(required=False, label=gettext_lazy("Title in English"))
    rule_ko = forms.CharField(required=False, label=gettext_lazy("The rule, in Korean"), widget=_LONG)
    rule_en = forms.CharField(required=False, label=gettext_lazy("The rule, in English"), widget=_LONG)
    advice_ko = forms.CharField(required=False, label=gettext_lazy("What can be done, in Korean"), widget=_LONG)
    advice_en = forms.CharField(required=False, label=gettext_lazy("What can be done, in English"), widget=_LONG)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.widget.attrs["lang"] = name[-2:]
            field.help_text = _("At most %(most)d characters.") % {"most": reasons.LENGTHS[name[:-3]]}


@require_safe
@page_cache.for_visitors
def reason_list(request: HttpRequest) -> HttpResponse:
    """What is not published, and why: every reason with its rule and what an author can do."""
    return render(request, "consultations/reasons.html", {"reasons": reasons.all_()})


@organisers_only
@require_safe
def organise(request: HttpRequest) -> HttpResponse:
    """Every reason, whether its words are the site's or an organiser's, and who changed them when."""
    changed = ReasonText.objects.select_related("changed_by").in_bulk()
    rows = [(words, changed.get(words.code)) for words in reasons.all_()]
    return render(request, "organise/reasons.html", {"rows": rows})


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
@limits.limited(limits.WRITE)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The words of one reason, both languages side by side; an error keeps what was typed."""
    _check(code)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial=reasons.both(code))
    if request.method == "POST" and form.is_valid():
        assert request.user.is_authenticated
        try:
            reasons.edit(actor=request.user, code=code, fields=form.cleaned_data)
        except Invalid as error:
            form.explain(error.fields)
        else:
            messages.success(request, _("Saved. Pages and mails say it so from now on."))
            return redirect("organise-reasons")
    context = {
        "form": form,
        "pairs": [(form[f"{name}_ko"], form[f"{name}_en"]) for name in reasons.LENGTHS],
        "words": reasons.of(code),
        "changed": ReasonText.objects.select_related("changed_by").filter(pk=code).first(),
    }
    return render(request, "organise/reason.html", context, status=422 if form.errors else 200)


@signed_in_or_back_to("organise-reason", "code")
@organisers_only
@require_POST
@limits.limited(limits.WRITE)
def reset(request: HttpRequest, code: str) -> HttpResponse:
    """Back to the words that came with the site."""
    _check(code)
    assert request.user.is_authenticated
    if reasons.reset(actor=request.user, code=code):
        messages.success(request, _("The words that came with the site hold again."))
    return redirect("organise-reason", code=code)


def _check(code: str) -> None:
    if code not in Reason.values:
        raise Http404
