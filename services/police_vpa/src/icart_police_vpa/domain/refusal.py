"""Why a command may not be carried out, and what would be allowed instead."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.policy.pack import PolicyPack
from icart_common.policy.roles import Permission


class Refusal(Exception):
    """A command that the rules do not allow. It is an answer to whoever asked, in words that a page can show."""

    def __init__(self, code: str, why: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.why = why
        self.allowed = tuple(allowed)


def role_may_not(pack: PolicyPack, role: str, permission: Permission) -> Refusal:
    """The role does not hold the permission; says which roles do."""
    others = [f"{other.name} ({other.id}) may" for other in pack.roles_with(permission)]
    return Refusal("role-may-not", f"{pack.role(role).name} may not {permission}", others)
