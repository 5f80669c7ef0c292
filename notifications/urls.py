from django.urls import path

from notifications import views

urlpatterns = [
    path("sample/mail/", views.sample_mail, name="sample-mail"),
    path("sample/mail/<str:name>/", views.sample_letter, name="sample-letter"),
]
