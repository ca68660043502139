"""Why a command may not be carried out, and what would be allowed instead."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.policy.lives.life import OWN_WORK
from icart_common.policy.pack import PolicyPack
from icart_common.policy.roles import Permission


class Refusal(Exception):
    """A command that the rules do not allow. It is an answer to whoever asked, in words that a page can show."""

    def __init__(self, code: str, why: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.why = why
        self.allowed = tuple(allowed)


def version_moved(name: str, seen: int, held: int) -> Refusal:
    """What was decided on is not what stands there any more. `name` is what people call it: `record`."""
    why = f"the {name} has moved on: version {seen} was seen, it has version {held} now"
    return Refusal("version-moved", why, (f"look at the {name} again, then decide",))


def unknown_version(name: str, seen: int, held: int) -> Refusal:
    """A version was seen that does not exist, or not yet."""
    why = f"version {seen} of the {name} does not exist; it has version {held}"
    return Refusal("unknown-version", why, (f"send the version that was seen, {held} at the most",))


def role_may_not(pack: PolicyPack, role: str, permission: Permission, strand: str | None) -> Refusal:
    """The role does not hold the permission, on that strand when one is named; says which roles do."""
    where = f" on {pack.strand(strand).name}" if strand else ""
    others = [f"{other.name} ({other.id}) may" for other in pack.roles_with(permission, strand)]
    return Refusal("role-may-not", f"{pack.role(role).name} may not {permission}{where}", others)


def own_work() -> Refusal:
    """Whoever did the work does not authorise it (SC-10)."""
    return Refusal("own-work", OWN_WORK, ("another manager authorises it",))
