"""Wake-up calls for compiling; the requests themselves are rows."""

import logging

from celery import shared_task

from common.errors import DomainError
from digests import compile as compiling
from digests import plans
from digests.models import Compilation

log = logging.getLogger(__name__)


@shared_task
def compile_edition(compilation_id: str) -> None:
    """Compile one request; a second call for it finds it taken and does nothing."""
    compilation = Compilation.objects.filter(pk=compilation_id).first()
    if compilation is not None:
        _run(compilation)


@shared_task
def resume_compilations() -> None:
    """Take up what is due by plan, what is waiting, and what a dead worker left: the call that announced it may be lost."""
    plans.plan_meetings()
    plans.begin_due()
    for compilation in list(compiling.due()[:5]):
        _run(compilation)


def _run(compilation: Compilation) -> None:
    try:
        compiling.run(compilation)
    except DomainError as error:  # stands in the request, where the organiser reads it
        log.info("compilation %s: %s", compilation.pk, error)
    except Exception:
        log.exception("compilation %s failed", compilation.pk)
