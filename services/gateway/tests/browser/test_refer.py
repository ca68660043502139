"""The referral form in a browser: without script's help, with a keyboard's width, and nothing that axe finds wrong."""

from __future__ import annotations

import pytest

from services.gateway.tests.test_refer import PAGES


@pytest.mark.req("IN-12", authority="halton")
async def test_the_form_is_for_everybody(desk):
    page = await desk.go("/refer/halton")
    await desk.passes("refer-start")
    await page.get_by_role("button", name="Start now").click()
    for name in PAGES:
        assert page.url.endswith(f"/{name}")
        await page.get_by_role("button", name="Save and go on").click()
        if await page.get_by_text("There is a problem").count():  # its answer is needed
            assert await desk.axe() == []
            if name == "who":
                await page.get_by_label("I am a parent, carer or relative").check()
            else:
                await page.get_by_label("What are you worried about?").fill("She is often alone in the evenings.")
            await page.get_by_role("button", name="Save and go on").click()
    assert page.url.endswith("/documents")
    for place in ("documents", "check", *PAGES):
        await desk.go(f"/refer/halton/{place}")
        assert await desk.axe() == [], place
        assert await desk.too_wide() == [], place
    # An answer of 422 is a page with its errors, which the browser counts among its own.
    assert [one for one in desk.errors if "422" not in one] == []
