"""Errors named by what to do about them."""

from __future__ import annotations

import asyncpg
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from icart_common.db.pool import TRANSIENT_DATABASE

TRANSIENT = (*TRANSIENT_DATABASE, KafkaError)
"""The batch is rolled back and tried again: nothing is wrong with the messages."""

TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
"""The broker will not have it, however often it is sent."""


class TooLargeToSay(ValueError):
    """What would follow from a message does not fit into one: a defect that this message brings out."""

    def __init__(self, kind: str, size: int, most: int) -> None:
        super().__init__(f"{kind} would be {size} bytes, and at most {most} can be sent")
        self.kind = kind
        self.size = size
        self.most = most


DEFECTS = (
    ArithmeticError, AttributeError, AssertionError, LookupError, NotImplementedError, TypeError, ValueError,
    asyncpg.DataError, asyncpg.IntegrityConstraintViolationError,
)  # fmt: skip
"""A fault of ours that a message brings out: that message is put aside, the others go on."""
