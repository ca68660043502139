"""Canaries: a value in every personal field, sent in every way that goes wrong, and found in no log, error or header."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from icart_common.contracts.ids import new_id
from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import Publisher
from icart_common.observability.logs import configure_logs
from icart_common.settings import KafkaSettings
from services.gateway.tests.partners import SCHOOL, Partner, referral
from services.gateway.tests.test_api_submissions import topics

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures(topics.__name__)]
__all__ = ["topics"]
CANARY = "Zyxwvut-Canary"
_OURS = {
    "agency",
    "authority",
    "submission",
    "channel",
    "ref",
    "role",
    "kind",
    "person",
    "of",
    "status",
    "plan",
    "known_how",
    "urgency",
}


def with_canaries(value: Any, name: str = "") -> Any:
    """The same body with a canary in every text that a sender writes."""
    if isinstance(value, dict):
        return {key: with_canaries(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_canaries(inner, name) for inner in value]
    return CANARY if isinstance(value, str) and name not in _OURS else value


async def test_no_canary_is_in_a_log_an_error_or_a_header(gateway, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    configure_logs("gateway", "DEBUG")
    partner = await Partner.of(gateway)
    body = with_canaries(referral())
    text = json.dumps(body)
    answers = [
        await partner.send(body),
        await partner.send(body | {"event": {"what": [CANARY]}}),
        await partner.send(body | {CANARY: CANARY, "people": [{CANARY: CANARY}]}),
        await partner.send(body | {"authority": CANARY.lower()}),
        await partner.send(body | {"agency": CANARY.lower()}),
        await partner.send(referral() | {"concerns": [CANARY]}, key=CANARY),
        await partner.send(referral() | {"why_now": CANARY}, key=f"{new_id()} {CANARY}"),
        await partner.call("POST", "/referrals", content=text[:-9], headers={"Content-Type": "application/json"}),
        await partner.call("POST", "/referrals", content=text, headers={"Content-Type": f"text/{CANARY}"}),
        await partner.call("GET", f"/submissions/{CANARY}"),
        await partner.call("GET", f"/messages?after={CANARY}&limit={CANARY}"),
        await partner.call("GET", f"/{CANARY}"),
        await partner.call("PATCH", f"/{CANARY}"),
        await partner.call("DELETE", f"/webhooks/{CANARY}"),
        await partner.call("PUT", f"/attachments/{CANARY}", content=CANARY),
        await partner.call("POST", "/webhooks", json={"url": f"https://{CANARY}.invalid/"}),
        await partner.ask_token(client_id=CANARY, client_secret=CANARY),
        await partner.ask_token(scope=CANARY),
    ]  # fmt: skip
    good = referral() | {"why_now": CANARY}
    door, real = gateway.door, gateway.door.publisher
    settings = KafkaSettings(kafka_bootstrap="127.0.0.1:1")
    object.__setattr__(
        door, "publisher", Publisher(settings, deployment_topics(door.book), gateway.clock, source="test")
    )
    answers.append(await partner.send(good))
    object.__setattr__(door, "publisher", real)
    assert answers[-1].status_code == 503
    assert all(answer.status_code >= 400 for answer in answers)
    said = [answer.text + str(answer.headers) for answer in answers]
    written = capfd.readouterr()
    for place in (*said, written.out, written.err, caplog.text):
        assert CANARY.lower() not in place.lower()
    assert partner.agency == SCHOOL
