from django.urls import path

from consultations import deck_views, moderation_views, organising_views, priorities_views, views

urlpatterns = [
    path("consultations/", views.consultations, name="consultations"),
    path("consultations/<slug:slug>/", views.consultation, name="consultation"),
    path("consultations/<slug:slug>/submit/", views.submit, name="submit"),
    path("consultations/<slug:slug>/opinions/<int:number>/", views.opinion, name="opinion"),
    path("consultations/<slug:slug>/opinions/<int:number>/mine/", views.my_opinion, name="my-opinion"),
    path("consultations/<slug:slug>/opinions/<int:number>/vote/", views.vote, name="vote-on"),
    path("consultations/<slug:slug>/vote/", deck_views.deck_page, name="deck"),
    path("consultations/<slug:slug>/vote/cast/", deck_views.cast, name="deck-cast"),
    path("consultations/<slug:slug>/vote/skip/", deck_views.skip, name="deck-skip"),
    path("consultations/<slug:slug>/vote/undo/", deck_views.undo, name="deck-undo"),
    path("consultations/<slug:slug>/priorities/", priorities_views.priorities, name="priorities"),
    path("consultations/<slug:slug>/priorities/mark/", priorities_views.mark, name="priority-mark"),
    path("consultations/<slug:slug>/priorities/drop/", priorities_views.drop, name="priority-drop"),
    path("consultations/<slug:slug>/priorities/raise/", priorities_views.raise_, name="priority-raise"),
    path("account/votes/", priorities_views.my_votes, name="my-votes"),
    path("account/opinions/", views.my_opinions, name="my-opinions"),
    path("moderation/", moderation_views.queue, name="moderation"),
    path("moderation/<uuid:pk>/", moderation_views.case, name="case"),
    path("moderation/<uuid:pk>/publish/", moderation_views.publish, name="case-publish"),
    path("moderation/<uuid:pk>/reject/", moderation_views.reject, name="case-reject"),
    path("organise/summits/<slug:slug>/consultations/new/", organising_views.new, name="organise-consultation-new"),
    path("organise/consultations/<slug:slug>/", organising_views.edit, name="organise-consultation"),
]
