"""Who may say that two known people are one, or that they are not (IN-17)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from icart_common.contracts.base import Slug
from icart_common.policy.base import Sourced

Roles = Annotated[tuple[Slug, ...], Field(min_length=1)]


class Matching(Sourced):
    """The roles that decide. A merge always needs two different people, whatever their roles."""

    decide_roles: Roles
    """Decide a possible match, propose a merge, put a mention back."""
    merge_roles: Roles
    """Approve, refuse or undo a merge."""
