"""Roles: what somebody may do beside being a member."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Created


class Role(models.TextChoices):
    MODERATOR = "moderator", _("Moderator")
    ORGANISER = "organiser", _("Organiser")
    OFFICIAL = "official", _("Official")
    AUDITOR = "auditor", _("Auditor")
    SECRETARY = "secretary", _("Society secretary")


class RoleGrant(Created):
    """One role of one person; a secretary's is for one society, the others are for the whole site."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="role_grants")
    role = models.CharField(_("Role"), max_length=12, choices=Role)
    society = models.ForeignKey("accounts.Society", models.CASCADE, null=True, blank=True, related_name="role_grants")

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "society"], nulls_distinct=False, name="role_once"),
            models.CheckConstraint(
                name="role_society_only_for_secretaries",
                condition=models.Q(role="secretary", society__isnull=False)
                | (~models.Q(role="secretary") & models.Q(society__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
