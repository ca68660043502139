"""A life as a state diagram in Mermaid's language, which code hosts draw by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from icart_cli.lives.drawn import BEGINS, Drawn


def mermaid(life: Drawn) -> str:
    """The diagram's text."""
    return "\n".join(_lines(life)) + "\n"


def _lines(life: Drawn) -> Iterator[str]:
    yield "stateDiagram-v2"
    for state in life.states:
        if state != BEGINS:
            yield f'    state "{state.replace("-", " ")}" as {_id(state)}'
    for step in life.steps:
        for source, target in step.arrows():
            yield f"    {'[*]' if source == BEGINS else _id(source)} --> {_id(target)}: {step.number}. {_plain(step.says)}"
    for state in life.states:
        if state in life.ends:
            yield f"    {_id(state)} --> [*]"


def _id(state: str) -> str:
    return state.replace("-", "_").replace(" ", "_")


def _plain(words: str) -> str:
    """A colon would end the label."""
    return words.replace(":", ",").replace(";", ",")
