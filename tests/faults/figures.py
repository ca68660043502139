"""What a fault test found out, as a row of the table and of build/faults.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One target's figure. `value` counts what must not happen, so that `target` is 0."""

    value: float
    unit: str
    target: float
    says: str
    """What was done and found, in a sentence for a person."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the figure is made of."""

    @property
    def met(self) -> bool:
        return self.value <= self.target


def write(path: Path, found: dict[str, Figure], *, seed: int) -> None:
    """Target id → value, unit, target, met."""
    path.parent.mkdir(exist_ok=True)
    rows = {name: {**asdict(figure), "met": figure.met, "seed": seed} for name, figure in found.items()}
    path.write_text(json.dumps(rows, indent=1, default=str) + "\n")
