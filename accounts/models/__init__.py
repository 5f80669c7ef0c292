"""Who takes part: users, societies, memberships, roles, consent."""

from accounts.models.roles import Role, RoleGrant
from accounts.models.societies import Membership, MembershipRequest, Society
from accounts.models.users import Consent, User

__all__ = ["Consent", "Membership", "MembershipRequest", "Role", "RoleGrant", "Society", "User"]
