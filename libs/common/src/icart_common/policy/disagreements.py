"""Who settles what the managers of two agencies cannot (SC-20)."""

from __future__ import annotations

from icart_common.policy.agencies import Email
from icart_common.policy.base import Sourced, Words


class Board(Sourced):
    """The safeguarding board, as far as it is told of disagreements."""

    name: Words
    email: Email
