"""Filters of the moderators' page that somebody named to come back to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Created


class SavedFilter(Created):
    """A moderator's own name for a filter; `query` is what `workbench.Filter.query` gives."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", db_index=False)
    name = models.CharField(_("Name"), max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_once_a_name")]

    def __str__(self) -> str:
        return self.name
