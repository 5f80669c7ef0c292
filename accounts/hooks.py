"""What upper floors lend to this one: they register it when they start."""

from collections.abc import Callable

from accounts.models import User

#: Tells a person their sign-in code; `notifications` registers how.
send_sign_in_code: Callable[[User, str], None]
#: Tells about a membership request: (kind, person to tell, id of the request).
tell_membership: Callable[[str, User, str], None]
