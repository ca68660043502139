"""The desktops page over what screening said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import MESSAGES

EXAMPLES = Path(__file__).resolve().parents[3] / "libs" / "common" / "tests" / "contracts" / "examples"


def example(kind: str, **changes: Any) -> Message:
    """The committed example of a message type, with changes."""
    body = json.loads((EXAMPLES / f"{kind}.json").read_text()) | changes
    return MESSAGES[kind].model_validate(body)


async def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(gateway):
    answer = await gateway.client.get("/desktops")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?to=/desktops"


async def test_a_contact_is_counted_on_its_desktop(gateway):
    await gateway.hear(example("icart.screening.received.v1"))
    await gateway.sign_in("w-101", "social-work-manager")
    answer = await gateway.client.get("/desktops")
    assert answer.status_code == 200
    assert ": 1</li>" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
