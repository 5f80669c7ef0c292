"""The mail of a sample site."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications import mailbox
from notifications.sample import sample_only


@sample_only
@require_safe
@never_cache
def sample_mail(request: HttpRequest) -> HttpResponse:
    """All mail, newest first."""
    return render(request, "notifications/sample_mail.html", {"letters": list(mailbox.newest())})


@sample_only
@require_safe
@never_cache
def sample_letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its text, headers and attachments."""
    letter = mailbox.read(name)
    if letter is None:
        raise Http404
    return render(request, "notifications/sample_letter.html", {"letter": letter})
