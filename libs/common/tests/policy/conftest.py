"""The packs that come with iCART, and Halton's as text to be broken on purpose."""

from __future__ import annotations

import pytest

from icart_common.policy import PolicyBook, PolicyPack, load_packs
from icart_common.policy.book import OWN_PACKS


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    return load_packs()


@pytest.fixture(scope="session")
def halton(book: PolicyBook) -> PolicyPack:
    return book.pack("halton")


@pytest.fixture(scope="session")
def halton_text() -> str:
    return (OWN_PACKS / "halton" / "2026.1.yaml").read_text(encoding="utf-8")
