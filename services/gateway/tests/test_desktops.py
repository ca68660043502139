"""The desktops page over what screening said."""

from __future__ import annotations

from icart_common.testing import example


async def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(gateway):
    answer = await gateway.client.get("/desktops")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?to=/desktops"


async def test_a_contact_is_counted_on_its_desktop(gateway):
    await gateway.hear(example("icart.screening.received.v1"))
    await gateway.sign_in("w-101", "social-work-manager")
    answer = await gateway.client.get("/desktops")
    assert answer.status_code == 200
    assert "<strong>1</strong>" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
