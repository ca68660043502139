"""Whether consent stands (CO-1, CO-2): asked by the submission, by checks, by what is shared and by a step-down."""

from __future__ import annotations

from icart_common.policy.pack import PolicyPack
from icart_screening.domain.contact import Contact


def consent_stands(contact: Contact, pack: PolicyPack) -> bool:
    """By the pack's rule, of what everybody said who is not said to hold no parental responsibility, in all of its notices."""
    return pack.parental_consent.stands_on(contact.consents_said())
