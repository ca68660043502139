"""Forms as a browser opens them, and what somebody fills into one."""

from __future__ import annotations

import re
from typing import Any

TRIAGE = {"strand": "safeguarding", "urgency": "urgent", "reason": "two earlier contacts"}


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the page has no {name}: {re.findall(r'You cannot do this now: ([^<]*)', page)}"
    return found.group(1)


async def opened(gateway: Any, address: str) -> dict[str, str]:
    """A form as a browser opens it: what it would send without a person's doing."""
    answer = await gateway.client.get(address)
    assert answer.status_code == 200, answer.text
    return {name: hidden(answer.text, name) for name in ("csrf", "message", "seen_version", "form")}
