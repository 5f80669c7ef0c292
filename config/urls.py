from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import health, home, sample_views, views

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("accounts.urls")),
    path("", include("summit.urls")),
    path("", include("consultations.urls")),
    path("", include("digests.urls")),
    path("", include("notifications.urls")),
    path("organise/", home.organise, name="organise"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("sample/sign-in/", sample_views.sign_in, name="sample-sign-in"),
    path("api/v1/", include("config.api_urls")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("favicon.ico", views.favicon),
    path("admin/login/", RedirectView.as_view(pattern_name="account_request_login_code", query_string=True)),
    path("admin/", admin.site.urls),
]

handler400 = views.bad_request
handler403 = views.not_allowed
handler404 = views.not_found
handler500 = views.server_error

admin.site.site_title = admin.site.site_header = settings.SITE_NAMES["en"]
