"""The committed example of each message type, for tests that need one message and care for one or two of its fields."""

from __future__ import annotations

import json
from typing import Any

from icart_common.contracts.asyncapi import EXAMPLES
from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import MESSAGES


def example(kind: str, **changes: Any) -> Message:
    """The example of a message type with changes to its fields, checked as any message is."""
    body = json.loads((EXAMPLES / f"{kind}.json").read_text()) | changes
    return MESSAGES[kind].model_validate(body)
