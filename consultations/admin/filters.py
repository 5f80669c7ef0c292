"""Filters of the lists: what waits, who holds it, how long it waits, what wants a second person."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultations import states, workbench
from consultations.admin.parts import actor
from consultations.models import Decision
from consultations.workbench import Filter

Choices = list[tuple[str, str]]


def titled(title: Any, base: type[admin.FieldListFilter]) -> type[admin.FieldListFilter]:
    """A filter of Django's by a column, with a title in the reader's language: columns have names of the code."""

    def named(self: Any, *args: Any, **kwargs: Any) -> None:
        base.__init__(self, *args, **kwargs)
        self.title = title

    return type(f"Titled{base.__name__}", (base,), {"__init__": named})


#: By consultation; the path to it is each table's own.
OfConsultation = titled(_("Consultation"), admin.RelatedFieldListFilter)
OfTheme = titled(_("Theme"), admin.RelatedFieldListFilter)
OfKind = titled(_("Kind"), admin.ChoicesFieldListFilter)


class Waiting(admin.SimpleListFilter):
    """What waits, unless one asks for what is closed, or for both."""

    title = _("state")
    parameter_name = "cases"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("closed", gettext("Case closed")), ("all", gettext("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            is_default = choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name])
            yield {**choice, "display": _("Waiting")} if is_default else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(closed_at__isnull=self.value() != "closed")


class _OfWorkbench(admin.SimpleListFilter):
    """A filter of the workbench, by the same rule; what is closed does not fit it."""

    known: dict[str, Any] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(value, str(label)) for value, label in self.known.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = Filter.parse({str(self.parameter_name): self.value() or ""})
        if wanted.is_empty:
            return queryset
        return queryset.filter(pk__in=workbench.cases(wanted, actor(request)).order_by().values("pk"))


class Held(_OfWorkbench):
    title = _("who holds it")
    parameter_name = "held"
    known = workbench.HELD


class Due(_OfWorkbench):
    title = _("service time")
    parameter_name = "due"
    known = workbench.DUE


class WantsSecond(admin.SimpleListFilter):
    """Holds, removals and redactions that nobody answered yet."""

    title = _("second person")
    parameter_name = "second"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("wanted", gettext("wants a second person"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "wanted":
            return queryset
        return queryset.filter(pk__in=Decision.objects.pending().order_by().values("pk"))


class OfVerb(admin.SimpleListFilter):
    """By what was done, in the words of the table of states."""

    title = _("what was done")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(rule.verb, str(rule.label)) for rule in states.VERBS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(verb=self.value()) if self.value() else queryset


class OfManyVerb(OfVerb):
    """The same for acts on many."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        rows = [(rule.verb, str(rule.label)) for rule in states.VERBS.values() if rule.bulk]
        return [*rows, ("undo", states.label("undo"))]
