"""Addresses that fail, beside the site's own; only for tests."""

from typing import NoReturn

from django.db import connection
from django.http import HttpRequest
from django.urls import path
from rest_framework.request import Request

from common.api import View
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def fail(request: HttpRequest) -> NoReturn:
    """Raise an error that carries SQL and a value."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret_column FROM no_such_table WHERE mail = %s", ["victim@sample.test"])
    raise AssertionError


class Fail(View):
    def get(self, request: Request) -> NoReturn:
        fail(request._request)


urlpatterns = [path("fail/", fail), path("api/v1/fail/", Fail.as_view()), *site]
