"""What the pages of the admin share: nothing is changed by a form of the admin's own, and an address asks for nothing
that no filter shows."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import User
from common.templatetags.summit_tags import moment as moment
from consultations import workbench

#: What Django's filters write into an address behind the path of a field.
_LOOKUPS = ("__exact", "__id__exact", "__isnull", "__isempty")


class ReadOnly:
    """Looking is allowed, changing is not: what changes these rows are the capability functions."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class List(ChangeList):
    """A list whose address may also name a language, as every address of the site may."""

    def get_filters_params(self, params: Any = None) -> Any:
        return {name: value for name, value in super().get_filters_params(params).items() if name != "lang"}


class Page(admin.ModelAdmin[Any]):
    """A table that is listed and searched, whose addresses ask only what its filters ask.

    Django lets an address filter by every column of the table; so one could ask for an author, or for hidden counts.
    """

    class Media:
        css = {"all": ["desk-admin.css"]}

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 25
    #: The path to the number of an opinion, which a search for a number looks for.
    number = "opinion__number"

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return List

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in set(_asked(self.get_list_filter(request)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A number alone is the number of an opinion; else each word stands in one of the texts."""
        if not self.get_search_fields(request):
            return queryset, False
        number = workbench.number_in(search_term)
        if number is not None:
            return queryset.filter(**{self.number: number}), False
        return super().get_search_results(request, queryset, search_term)

    def seen(self, request: HttpRequest, object_id: str) -> Any:
        """The row of an address; 404 where there is none, 403 for who may not see it."""
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        return found

    def around(self, request: HttpRequest, title: str, original: Any = None) -> dict[str, Any]:
        """What every page of the admin needs."""
        request.current_app = self.admin_site.name
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "original": original}


def _asked(filters: Iterable[Any]) -> Iterable[str]:
    for one in filters:
        if isinstance(one, type) and issubclass(one, admin.SimpleListFilter):
            yield str(one.parameter_name)
        else:
            path = one if isinstance(one, str) else one[0]
            yield from (f"{path}{lookup}" for lookup in _LOOKUPS)


def actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def moderators_only(request: HttpRequest) -> User:
    """Who acts; 403 for who is no moderator. Every function looks again."""
    if not access.is_moderator(request.user):
        raise PermissionDenied(_("This page is for moderators."))
    return actor(request)
