from allauth.account import views as allauth
from django.urls import path
from django.views.generic import RedirectView

from accounts import views

to_sign_in = RedirectView.as_view(pattern_name="account_request_login_code", query_string=True)

urlpatterns = [
    path("account/sign-in/", allauth.request_login_code, name="account_request_login_code"),
    path("account/sign-in/code/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("account/sign-out/", allauth.logout, name="account_logout"),
    # Names that django-allauth looks up; there is one door.
    path("account/login/", to_sign_in, name="account_login"),
    path("account/signup/", to_sign_in, name="account_signup"),
    path("account/", views.account, name="account"),
    path("account/consent/", views.ask_consent, name="consent"),
    path("account/consent/withdraw/", views.withdraw_consent, name="consent-withdraw"),
    path("account/society/", views.ask_your_society, name="ask-your-society"),
    path("societies/", views.societies, name="societies"),
    path("societies/<slug:slug>/", views.society, name="society"),
    path("societies/<slug:slug>/roster/", views.roster, name="society-roster"),
    path(
        "societies/<slug:slug>/requests/<uuid:pk>/accept/", views.decide, {"verdict": "accept"}, name="request-accept"
    ),
    path(
        "societies/<slug:slug>/requests/<uuid:pk>/refuse/", views.decide, {"verdict": "refuse"}, name="request-refuse"
    ),
]
