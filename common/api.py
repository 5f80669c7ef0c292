"""What every address of the API shares: who asks, how often, in which shape, and what may be kept."""

from typing import Any, ClassVar

from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import exceptions, serializers
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common import limits
from common.json_input import StrictJSONParser
from common.limits import Limit
from common.paging import MAX_PAGE_SIZE, PAGE_SIZE


class LimitThrottle(BaseThrottle):
    """The limits of `common.limits` for a view: `limits` names one by method, reading has its own."""

    waiting = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        by_method: dict[str, Limit] = getattr(view, "limits", {})
        limit = by_method.get(request.method or "", limits.READ)
        account = str(request.user.pk) if request.user.is_authenticated else ""
        self.waiting = limits.spend(limit, account=account, address=limits.address_of(request))
        return not self.waiting

    def wait(self) -> float | None:
        return self.waiting or None


class View(APIView):
    """An address of the API. Tokens come first, so that who sends none is told 401 and how to sign in."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    renderer_classes = [JSONRenderer]
    parser_classes = [StrictJSONParser]
    throttle_classes = [LimitThrottle]
    metadata_class = None  # OPTIONS would describe fields; the schema does
    limits: ClassVar[dict[str, Limit]] = {}

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Answers depend on who asks and change at any time: nobody in between keeps one."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Cache-Control"] = "private, no-store"
        patch_vary_headers(answer, ["Authorization"])
        return answer


class Unknown(View):
    """Whatever else lies under the API's address: a problem document, not a page."""

    schema = None
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def _answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise exceptions.NotFound

    get = head = post = put = patch = delete = _answer


def listing(rows: list[Any], following: str | None) -> Response:
    """One page as it is sent."""
    return Response({"next": following, "results": rows})


def listing_of(name: str, row: type[serializers.BaseSerializer[Any]]) -> Any:
    """The schema of a page of rows."""
    return inline_serializer(name, {"next": serializers.URLField(allow_null=True), "results": row(many=True)})


#: Query parameters of every list, for the schema.
PAGE_PARAMETERS = [
    OpenApiParameter("cursor", str, description="Where to go on; take it from `next`."),
    OpenApiParameter("page_size", int, description=f"{PAGE_SIZE} when absent, {MAX_PAGE_SIZE} at most."),
]


def both(thing: object, name: str) -> dict[str, str]:
    """A bilingual field in both languages."""
    return {"ko": getattr(thing, f"{name}_ko"), "en": getattr(thing, f"{name}_en")}


class Both(serializers.Serializer[Any]):
    """A text in both languages; one of them may be empty."""

    ko = serializers.CharField(allow_blank=True)
    en = serializers.CharField(allow_blank=True)
