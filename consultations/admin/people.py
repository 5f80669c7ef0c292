"""Who takes part in a consultation, for organisers: to void somebody against fraud, and to restore them.

It says nothing of what they voted or wrote.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from common.errors import DomainError, Invalid
from consultations import voiding
from consultations.admin.filters import OfConsultation, titled
from consultations.admin.parts import Page, ReadOnly, actor, moment
from consultations.models import Participant


class ReasonForm(forms.Form):
    """Why; what it must be, `voiding` says."""

    reason = forms.CharField(
        required=False, label=gettext_lazy("Reason, sent to the person"), widget=forms.Textarea(attrs={"rows": 2})
    )


@admin.register(Participant)
class ParticipantAdmin(ReadOnly, Page):
    """Voided and restored through `voiding`; each time stays on record."""

    list_display = ("who", "consultation_of", "society", "voided")
    list_filter = (
        ("consultation", OfConsultation),
        ("voided_at", titled(gettext_lazy("Voided"), admin.EmptyFieldListFilter)),
    )
    search_fields = ("user__name", "user__email", "external_id")
    ordering = ("consultation", "id")
    number = "external_id"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participant]:
        return Participant.objects.select_related("consultation", "user", "roll_entry__society")

    @admin.display(description=gettext_lazy("Who"))
    def who(self, participant: Participant) -> str:
        return str(participant.user or participant.external_id)

    @admin.display(description=gettext_lazy("Consultation"))
    def consultation_of(self, participant: Participant) -> str:
        return participant.consultation.title

    @admin.display(description=gettext_lazy("Voided"))
    def voided(self, participant: Participant) -> str:
        return moment(participant.voided_at)

    @admin.display(description=gettext_lazy("Society"))
    def society(self, participant: Participant) -> str:
        entry = getattr(participant, "roll_entry", None)
        return "" if entry is None else entry.society.name

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.change)
        return [path("<path:object_id>/void/", view, name="consultations_participant_void"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self._page(request, self.seen(request, object_id), ReasonForm())

    def _page(self, request: HttpRequest, person: Participant, form: ReasonForm, status: int = 200) -> HttpResponse:
        context = {
            **self.around(request, self.who(person), person),
            "facts": [
                (_("Consultation"), person.consultation),
                (_("Society"), self.society(person)),
                (_("Voided"), moment(person.voided_at)),
            ],
            "voidings": person.voidings.select_related("actor"),
            "form": form,
            "may_change": access.is_organiser(request.user) and person.user_id != actor(request).pk,
            "url": reverse("admin:consultations_participant_void", args=[person.pk]),
        }
        return TemplateResponse(request, "admin/consultations/participant.html", context, status=status)

    def change(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End somebody's part, or restore it, as the button says; refusals come back with what was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not access.is_organiser(request.user):
            raise PermissionDenied(_("This page is for organisers."))
        person = self.seen(request, object_id)
        act = voiding.restore if request.POST.get("act") == "restore" else voiding.void
        form = ReasonForm(request.POST)
        try:
            act(actor=actor(request), participant=person, reason=str(request.POST.get("reason", "")))
        except Invalid as error:
            form.add_error("reason", str(error.message))
            return self._page(request, person, form, status=422)
        except DomainError as error:
            messages.error(request, str(error.message))
            return self._page(request, self.seen(request, object_id), form, status=error.status)
        messages.success(request, _("Done. The votes are counted anew."))
        return redirect("admin:consultations_participant_change", person.pk)
