"""Sending a delivery again, as it was rendered (ST-12)."""

from __future__ import annotations

from dataclasses import replace

from icart_common.contracts.notifications import ResendDelivery
from icart_common.policy import PolicyPack
from icart_notifications.domain.leaving import Delivery
from icart_notifications.domain.refusal import Refusal


def resend(delivery: Delivery, command: ResendDelivery, pack: PolicyPack) -> Delivery | Refusal:
    """A new attempt of the same rendering to the same recipient. Any role of the authority that reads records
    may ask, and whoever keeps it running.

    On a topic it is made at once; an e-mail becomes due now. One that still waits for its first sending is only hastened,
    so that the receiver can tell a retry, which keeps its Message-ID, from what was sent again on purpose.
    """
    readers = (*pack.roles_with("read"), *pack.roles_with("operate"))
    if command.actor.role not in {role.id for role in readers}:
        why = "a delivery is sent again in a role of the authority that it left from"
        return Refusal("role-may-not", why, tuple(role.name for role in readers))
    if delivery.channel == "topic":
        return replace(delivery, attempts=delivery.attempts + 1, sendings=delivery.sendings + 1)
    if delivery.state == "waiting":
        return delivery
    return replace(delivery, state="waiting", sendings=delivery.sendings + 1)
