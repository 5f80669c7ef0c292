"""One-click sign-in on a sample site."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.models import User
from notifications.sample import sample_only

PERSONAS = (
    *(f"member-{n}" for n in range(1, 10)),
    "secretary",
    "moderator-1",
    "moderator-2",
    "organiser",
    "official",
    "admin",
)
DOMAIN = "sample.invalid"


@sample_only
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Become one of the invented people."""
    persona = request.POST.get("persona", "")
    user = User.objects.filter(email=f"{persona}@{DOMAIN}").first() if persona in PERSONAS else None
    if user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")
