"""Somebody who has a keyboard and no mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from playwright.async_api import Page

_MOST: Final = 120
"""Presses of the tabulator after which nobody looks on."""
_FOCUSED: Final = """() => {
  const one = document.activeElement;
  if (one === document.body) return {name: '', shows: true, there: true};
  const label = one.labels?.length ? one.labels[0] : null;
  const shows = style => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  const place = one.getBoundingClientRect();
  return {
    name: (label ?? one).textContent.trim().replace(/\\s+/g, ' ') || one.getAttribute('aria-label') || one.value || '',
    shows: shows(getComputedStyle(one)) || Boolean(label) && shows(getComputedStyle(label, '::before')),
    there: place.bottom > 0 && place.top < window.innerHeight && place.right > 0 && place.left < window.innerWidth,
  };
}"""


@dataclass
class Keys:
    """A page by its keyboard alone. Wherever the focus goes, it has to be seen."""

    page: Page

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def type(self, words: str) -> None:
        await self.page.keyboard.type(words)

    async def tab(self) -> str:
        """On to the next: its name, as it is read out; empty between the end of the page and its beginning."""
        await self.press("Tab")
        found = await self.page.evaluate(_FOCUSED)
        assert found["shows"], f"the focus on {found['name']!r} is not seen"
        assert found["there"], f"{found['name']!r} has the focus and is out of sight"
        return str(found["name"])

    async def to(self, name: str) -> None:
        """On and on, until what has the focus begins with these words."""
        passed = []
        for _ in range(_MOST):
            passed.append(await self.tab())
            if passed[-1].startswith(name):
                return
        raise AssertionError(f"the keyboard does not come to {name!r}, but to {passed}")

    async def open(self, name: str) -> None:
        """Go to a link or a button, press it, and wait for the page that it leads to."""
        await self.to(name)
        async with self.page.expect_navigation():
            await self.press("Enter")
