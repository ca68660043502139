"""What every page has: a way past the header, a menu, who is signed in, and nothing from anywhere else."""

from __future__ import annotations

from datetime import timedelta

from services.gateway.tests.contacts_told import clock, event, opened, received


async def test_every_page_has_a_skip_link_a_menu_and_who_is_signed_in(desk):
    await desk.sign_in("w-101", "social-work-manager", "social-worker")
    page = await desk.go("/desktops")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to main content"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    assert await page.get_by_role("link", name="Desktops", exact=True).get_attribute("aria-current") == "page"
    assert await page.get_by_text("Robin Example, ").is_visible()
    assert await page.get_by_role("button", name="Sign out").is_visible()


async def test_pages_work_without_script(desk, chromium):
    await desk.sign_in("w-101", "social-work-manager")
    await desk.gateway.hear(opened(1), received(1))
    context = await chromium.new_context(java_script_enabled=False)
    await context.add_cookies(await desk.context.cookies())
    page = await context.new_page()
    await page.goto(desk.address + "/desktops")
    assert await page.get_by_role("heading", name="Desktops").is_visible()
    await context.close()


async def test_style_and_script_are_compressed_kept_for_ever_and_light(desk):
    sent: dict[str, int] = {}
    desk.page.on("response", lambda answer: sent.update({answer.url: int(answer.headers.get("content-length", 0))}))
    await desk.sign_in("w-101", "social-work-manager")
    await desk.go("/desktops")
    files = {url: size for url, size in sent.items() if "/static/" in url}
    assert {url.rpartition(".")[2] for url in files} >= {"css", "js"}
    assert sum(sent.values()) < 100_000
    answer = await desk.gateway.client.get(next(iter(files)).removeprefix(desk.address))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert (await desk.gateway.client.get("/static/app.css")).status_code == 404


async def test_a_desktop_is_read_and_filtered_with_the_keyboard_alone(desk):
    await desk.gateway.hear(*[one for n in (1, 2, 3) for one in (opened(n), received(n))])
    await desk.gateway.hear(event("icart.screening.triaged.v1", 1, 2, strand="safeguarding", urgency="immediate"))
    await desk.gateway.hear(clock(1, desk.gateway.clock.now() - timedelta(hours=2)))
    await desk.sign_in("w-101", "social-work-manager")
    page = await desk.go("/desktops")
    await page.get_by_label("What waits").focus()
    await page.keyboard.press("w")
    for _ in range(6):
        await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent.trim()") == "Show"
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desktops?stage=triage*")
    assert await page.get_by_role("heading", name="2 contacts").is_visible()
