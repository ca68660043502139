"""Errors named by what to do about them."""

from __future__ import annotations

import asyncpg
from aiokafka.errors import KafkaError

from icart_common.db.pool import TRANSIENT_DATABASE

TRANSIENT = (*TRANSIENT_DATABASE, KafkaError)
"""The batch is rolled back and tried again: nothing is wrong with the messages."""

DEFECTS = (
    ArithmeticError, AttributeError, AssertionError, LookupError, NotImplementedError, TypeError, ValueError,
    asyncpg.DataError, asyncpg.IntegrityConstraintViolationError,
)  # fmt: skip
"""A fault of ours that a message brings out: that message is put aside, the others go on."""
