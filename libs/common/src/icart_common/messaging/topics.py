"""Which topic a message belongs on, and what a service may believe of a record by the topic it came from."""

from __future__ import annotations

from icart_common.contracts.base import CommandRefused, InboundRefused, Message
from icart_common.contracts.catalogue import FAMILIES, ServiceId

_SHARED = {CommandRefused.TYPE, InboundRefused.TYPE}
_FAMILY_OF = {
    message.TYPE: family.name for family in FAMILIES for message in family.messages if message.TYPE not in _SHARED
}


def topic_of(message: Message, service: ServiceId) -> str:
    """The topic that `service` says `message` on. Raises `ValueError` for a message that needs a partner's topic."""
    if message.TYPE in _SHARED:
        return f"events.{service}"
    name = _FAMILY_OF[message.TYPE]
    if "{" in name:
        raise ValueError(f"{message.TYPE} goes to a partner: say which topic")
    return name
