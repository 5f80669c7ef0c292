"""Which tables of the admin a role opens; what can be done there, the admin classes and capabilities decide."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model

from accounts import access
from accounts.models import Role, User

_LOOK = ("view",)
_WORK = ("view", "change", "add", "delete")
#: role → app.model → actions
_TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    Role.MODERATOR: {
        "consultations.case": _LOOK,
        "consultations.opinion": _LOOK,
        "consultations.argument": _LOOK,
        "consultations.decision": _LOOK,
        "consultations.bulk": _LOOK,
    },
    Role.ORGANISER: {
        "accounts.society": _WORK,
        "accounts.membership": _WORK,
        "accounts.membershiprequest": ("view", "change"),
        "accounts.user": _LOOK,
        "summit.summit": _WORK,
        "summit.meeting": _WORK,
        "summit.agendaitem": _WORK,
        "summit.registration": _LOOK,
        "consultations.consultation": _WORK,
        "consultations.theme": _WORK,
        "consultations.opinion": _LOOK,
        "consultations.argument": _LOOK,
        "consultations.decision": _LOOK,
        "consultations.case": _LOOK,
        "consultations.bulk": _LOOK,
        "consultations.participant": _LOOK,
        "consultations.reasontext": _LOOK,
        "digests.edition": _LOOK,
        "digests.document": _LOOK,
        "digests.compilation": _LOOK,
        "digests.meetingplan": _WORK,
        "digests.block": _WORK,
        "digests.host": ("view", "add", "delete"),
        "digests.signoff": _LOOK,
        "digests.erratum": _LOOK,
        "digests.recommendation": _LOOK,
        "digests.response": _LOOK,
        "notifications.occasion": _LOOK,
        "notifications.delivery": _LOOK,
        "notifications.message": _LOOK,
    },
    Role.AUDITOR: {
        "consultations.opinion": _LOOK,
        "consultations.argument": _LOOK,
        "consultations.decision": _LOOK,
        "consultations.case": _LOOK,
        "consultations.bulk": _LOOK,
        "digests.edition": _LOOK,
        "digests.recommendation": _LOOK,
        "digests.response": _LOOK,
    },
}


def _permissions(role: str) -> set[str]:
    return {
        f"{table.split('.')[0]}.{action}_{table.split('.')[1]}"
        for table, actions in _TABLES.get(role, {}).items()
        for action in actions
    }


PERMISSIONS = {role: _permissions(role) for role in Role.values}


class RoleBackend(BaseBackend):
    """Permissions in the admin, from the roles that a staff account has."""

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_staff or obj is not None:
            return set()
        return set().union(*(PERMISSIONS.get(role, set()) for role in access.roles_of(user_obj)))

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
