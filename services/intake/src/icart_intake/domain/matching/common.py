"""Names that are common in England, whatever data weights are learned from: to share one says less.

They also decide which names alone make a block, so a change of them needs the blocks made again (see `sound`).
"""

from __future__ import annotations

from typing import Final


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


COMMON_GIVEN: Final = frozenset(
    words("""
    mohammed muhammad mohammad oliver george noah arthur harry jack charlie leo oscar jacob thomas william james john david
    michael daniel joshua samuel joseph alexander adam ali ahmed luke matthew ryan robert paul mark andrew stephen peter
    christopher richard ethan lewis max lucas archie henry theodore freddie alfie
    olivia amelia isla ava emily sophie sophia grace lily ella mia sarah elizabeth mary maria anna aisha fatima evie freya
    charlotte jessica chloe emma hannah lucy poppy ruby daisy susan margaret julie karen claire nicola rebecca laura
    """)
)
COMMON_FAMILY: Final = frozenset(
    words("""
    smith jones williams taylor brown davies evans wilson thomas johnson roberts khan patel singh ali ahmed hussain begum
    hughes walker white green hall wood harris martin jackson clarke lewis edwards robinson wright thompson turner hill
    cooper ward morris moore clark lee king baker harrison morgan allen james scott phillips watson davis parker price
    bennett young griffiths mitchell kelly cook carter richardson bailey collins bell shaw murphy miller cox marshall
    simpson anderson adams richards akhtar kaur mohamed hassan islam rahman hussein chaudhry malik shah
    """)
)
"""By the lists of names given to babies and of names that people bear, as the statistics office has published them."""
