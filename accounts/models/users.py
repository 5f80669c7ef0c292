"""Accounts: a person is an address; there are no passwords."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from accounts import addresses
from common.models import Created, Public


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the address is stored in one form (`accounts.addresses`), so that one person has one account."""

    def create_user(self, email: str, **fields: Any) -> "User":
        user = self.model(email=addresses.normal(email), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, is_staff=True, is_superuser=True, **fields)


class Sector(models.TextChoices):
    UNIVERSITY = "university", _("University")
    INSTITUTE = "institute", _("Public research institute")
    INDUSTRY = "industry", _("Industry")
    GOVERNMENT = "government", _("Government")
    OTHER = "other", _("Other")


class Stage(models.TextChoices):
    STUDENT = "student", _("Student")
    POSTDOC = "postdoc", _("Postdoctoral researcher")
    EARLY = "early", _("Up to ten years after the doctorate")
    SENIOR = "senior", _("More than ten years after the doctorate")
    OTHER = "other", _("Other")


class User(Public, AbstractBaseUser, PermissionsMixin):
    """A person with an account. Membership and roles are rows of their own."""

    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    name = models.CharField(_("Name"), max_length=100, blank=True)
    language = models.CharField(_("Language"), max_length=2, choices=[("ko", "한국어"), ("en", "English")], blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, default="Asia/Seoul")
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector, blank=True)
    stage = models.CharField(_("Career stage"), max_length=20, choices=Stage, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    is_staff = models.BooleanField(_("May use the admin"), default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(name="user_email_lower", condition=models.Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Consent(Created):
    """That a person agreed to one version of the privacy notice; withdrawn, never deleted."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "version"], condition=models.Q(withdrawn_at=None), name="consent_once_a_version"
            )
        ]
