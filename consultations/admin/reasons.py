"""The words of the reasons that moderators give, in both languages, for organisers; through `reasons`."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from accounts import access
from common.errors import DomainError
from consultations import reasons
from consultations.admin.parts import Page, actor
from consultations.models import ReasonText
from consultations.models.cases import Reason

FIELDS = tuple(f"{name}_{language}" for name in reasons.LENGTHS for language in reasons.LANGUAGES)


@admin.register(ReasonText)
class ReasonTextAdmin(Page):
    """Every code has a page, whether or not somebody wrote words for it; deleting goes back to those of the site."""

    fields = FIELDS
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the codes are fixed

    def has_change_permission(self, request: HttpRequest, obj: ReasonText | None = None) -> bool:
        return access.is_organiser(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: ReasonText | None = None) -> bool:
        return access.is_organiser(request.user) and (obj is None or not obj._state.adding)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """All codes, with the words that hold; no list of rows, because most codes have none."""
        changed = set(ReasonText.objects.values_list("pk", flat=True))
        context = {
            **self.around(request, str(self.opts.verbose_name_plural)),
            "rows": [(words, words.code in changed) for words in reasons.all_()],
            "may_change": self.has_change_permission(request),
        }
        return TemplateResponse(request, "admin/consultations/reasons.html", context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> ReasonText | None:
        found: ReasonText | None = super().get_object(request, object_id, from_field)
        if found is None and object_id in Reason.values:
            return ReasonText(code=object_id, **reasons.both(object_id))
        return found

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except DomainError as error:
            messages.error(request, str(error.message))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: ReasonText, form: Any, change: bool) -> None:
        words = {name: str(form.cleaned_data[name]) for name in FIELDS}
        obj.__dict__.update(reasons.edit(actor=actor(request), code=obj.code, fields=words).__dict__)

    def delete_model(self, request: HttpRequest, obj: ReasonText) -> None:
        reasons.reset(actor=actor(request), code=obj.code)
