"""The answer to a sender who has to mend a message."""

from __future__ import annotations

from typing import Any

from icart_common.contracts.base import Problem
from icart_common.contracts.ids import derived_id
from icart_common.messaging.message import Received
from icart_common.messaging.refusing import refuse_inbound
from icart_common.messaging.transaction import Transaction


def refuse(received: Received[Any], problems: tuple[Problem, ...], transaction: Transaction) -> None:
    """Say what is wrong and what to do. Nothing of the message is kept, so that it can be mended and sent again as it was."""
    refuse_inbound(received, problems, transaction, refusal=derived_id(received.at, received.id, "refused"))
