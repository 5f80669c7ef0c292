from django.urls import path

from digests import block_views, edition_views, response_views, views

urlpatterns = [
    path("consultations/<slug:slug>/digests/", views.edition_list, name="digests"),
    path("consultations/<slug:slug>/digests/<int:number>/", views.edition_page, name="edition"),
    path("consultations/<slug:slug>/digests/<int:number>/sign/", edition_views.sign, name="sign"),
    path("consultations/<slug:slug>/digests/<int:number>/<str:name>", views.document, name="document"),
    path("organise/consultations/<slug:slug>/digests/compile/", views.compile_digest, name="compile"),
    path("organise/compilations/<uuid:pk>/", views.compilation, name="compilation"),
    path("organise/compilations/<uuid:pk>/cancel/", views.cancel, name="cancel-compilation"),
    path("organise/editions/<uuid:pk>/publish/", views.publish, name="publish"),
    # what organisers write
    path("organise/consultations/<slug:slug>/blocks/", block_views.block_list, name="blocks"),
    path("organise/consultations/<slug:slug>/blocks/new/", block_views.block_new, name="block-new"),
    path("organise/blocks/<uuid:pk>/", block_views.block_edit, name="block"),
    path("organise/blocks/<uuid:pk>/move/", block_views.block_move, name="block-move"),
    path("organise/blocks/<uuid:pk>/delete/", block_views.block_delete, name="block-delete"),
    # who signs
    path("organise/consultations/<slug:slug>/hosts/", edition_views.consultation_hosts, name="consultation-hosts"),
    path("organise/summits/<slug:slug>/hosts/", edition_views.summit_hosts, name="summit-hosts"),
    path("organise/hosts/<int:pk>/remove/", edition_views.host_remove, name="host-remove"),
    path("organise/editions/<uuid:pk>/review/", edition_views.ask_review, name="ask-review"),
    # what was wrong
    path("organise/editions/<uuid:pk>/errata/", edition_views.edition_errata, name="errata"),
    path("organise/editions/<uuid:pk>/withdraw/", edition_views.withdraw, name="withdraw-files"),
    path("organise/errata/<uuid:pk>/", edition_views.erratum_edit, name="erratum"),
    path("organise/errata/<uuid:pk>/delete/", edition_views.erratum_delete, name="erratum-delete"),
    # what is answered
    path("respond/<str:token>/", response_views.respond, name="respond"),
    path("responses/", response_views.response_list, name="responses"),
    path("responses/<uuid:pk>/", response_views.response_form, name="response-form"),
    path("organise/consultations/<slug:slug>/responses/", response_views.organise, name="organise-responses"),
    path("organise/recommendations/<uuid:pk>/link/", response_views.send_link, name="send-link"),
    path("organise/links/<uuid:pk>/revoke/", response_views.revoke_link, name="revoke-link"),
    path("organise/responses/<uuid:pk>/review/", response_views.review, name="review-response"),
]
