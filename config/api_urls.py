"""The API, version 1; included at `api/v1/`."""

from django.urls import path, re_path
from django.views.decorators.cache import cache_control
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from common.api import Unknown
from consultations import api as consultations
from consultations import moderation_figures_api
from digests import api as digests
from summit import api as summit

urlpatterns = [
    path("consultations/", consultations.Consultations.as_view(), name="api-consultations"),
    path("consultations/<slug:slug>/", consultations.OneConsultation.as_view(), name="api-consultation"),
    path("consultations/<slug:slug>/opinions/", consultations.Opinions.as_view(), name="api-opinions"),
    path("consultations/<slug:slug>/moderation/", moderation_figures_api.Moderation.as_view(), name="api-moderation"),
    path("consultations/<slug:slug>/digests/", digests.Digests.as_view(), name="api-digests"),
    path("opinions/<uuid:pk>/", consultations.OneOpinion.as_view(), name="api-opinion"),
    path("opinions/<uuid:pk>/vote/", consultations.OneVote.as_view(), name="api-vote"),
    path("meetings/", summit.Meetings.as_view(), name="api-meetings"),
    path("meetings/<uuid:pk>/", summit.OneMeeting.as_view(), name="api-meeting"),
    path("summits/", summit.Summits.as_view(), name="api-summits"),
    path("schema/", cache_control(public=True, max_age=300)(SpectacularAPIView.as_view()), name="api-schema"),
    # The page and its script are two addresses, so that the Content-Security-Policy needs no exception.
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/swagger.html"),
        name="api-docs",
    ),
    re_path(r"^.*$", Unknown.as_view()),
]
