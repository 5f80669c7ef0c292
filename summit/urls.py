from django.urls import path

from summit import organise_views, views

urlpatterns = [
    path("summits/", views.summits, name="summits"),
    path("summits/<slug:slug>/", views.summit, name="summit"),
    path("summits/<slug:slug>/calendar.ics", views.summit_calendar, name="summit-calendar"),
    path("meetings/<uuid:pk>/", views.meeting, name="meeting"),
    path("meetings/<uuid:pk>/calendar.ics", views.meeting_calendar, name="meeting-calendar"),
    path("meetings/<uuid:pk>/register/", views.register, name="meeting-register"),
    path("meetings/<uuid:pk>/unregister/", views.unregister, name="meeting-unregister"),
    path("organise/summits/new/", organise_views.summit_new, name="organise-summit-new"),
    path("organise/summits/<slug:slug>/", organise_views.summit_edit, name="organise-summit"),
    path("organise/summits/<slug:slug>/meetings/new/", organise_views.meeting_new, name="organise-meeting-new"),
    path("organise/meetings/<uuid:pk>/", organise_views.meeting_edit, name="organise-meeting"),
    path("organise/meetings/<uuid:pk>/agenda/", organise_views.meeting_agenda, name="meeting-agenda"),
    path("organise/meetings/<uuid:pk>/invite/", organise_views.meeting_invite, name="meeting-invite"),
    path("organise/meetings/<uuid:pk>/remind/", organise_views.meeting_remind, name="meeting-remind"),
    path("organise/meetings/<uuid:pk>/cancel/", organise_views.meeting_cancel, name="meeting-cancel"),
]
