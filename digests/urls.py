from django.urls import path

from digests import views

urlpatterns = [
    path("consultations/<slug:slug>/digests/", views.edition_list, name="digests"),
    path("consultations/<slug:slug>/digests/<int:number>/", views.edition_page, name="edition"),
    path("consultations/<slug:slug>/digests/<int:number>/<str:name>", views.document, name="document"),
    path("organise/consultations/<slug:slug>/digests/compile/", views.compile_digest, name="compile"),
    path("organise/compilations/<uuid:pk>/", views.compilation, name="compilation"),
    path("organise/compilations/<uuid:pk>/cancel/", views.cancel, name="cancel-compilation"),
    path("organise/editions/<uuid:pk>/publish/", views.publish, name="publish"),
]
