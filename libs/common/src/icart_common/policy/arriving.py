"""What is wrong with a partner's message by itself, whichever service takes it: its size and its times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from icart_common.contracts.base import Problem

CLOCKS_APART: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead of the broker's."""
LARGEST_BYTES: Final = 512 * 1024
"""What follows from a message has to fit into messages too, with what is known of each person added."""

LARGEST_REPEATED_BYTES: Final = 8 * 1024 * 1024
"""Of one message for all its children together: so much is written in one transaction, and several come in a batch."""


def faults_of_size(size: int, children: int, fix: str) -> Iterator[Problem]:
    """A message of more bytes than can be passed on, which is done for each child. `fix` is what its sender leaves out."""
    if size > LARGEST_BYTES:
        yield Problem(
            path="$",
            found="a message that is too large",
            expected=f"at most {LARGEST_BYTES} bytes",
            fix=fix,
        )
    elif size * children > LARGEST_REPEATED_BYTES:
        yield Problem(
            path="$",
            found=f"a message that is too large to be repeated for {children} children",
            expected=f"at most {LARGEST_REPEATED_BYTES // children} bytes for so many",
            fix=f"{fix}, or send several with fewer children in each",
        )


def faults_of_time(when: datetime | None, path: str, at: datetime, fix: str) -> Iterator[Problem]:
    """Something that is said to have happened, and lies ahead. `at` is when the broker took the message."""
    if when and when > at + CLOCKS_APART:
        yield Problem(path=path, found="an instant in the future", expected="when it happened, up to now", fix=fix)
