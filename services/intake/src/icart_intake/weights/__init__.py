"""The weights that come with this release: one JSON file for each version, all of them kept, since links name theirs."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from icart_intake.domain.matching.weights import Weights

NEWEST = "2026.1"


@cache
def load_weights(version: str = NEWEST) -> Weights:
    """The weights of a version. Raises `FileNotFoundError` for one that this release does not have."""
    return Weights.model_validate_json((files(__package__) / f"{version}.json").read_bytes())


def read_weights(path: Path) -> Weights:
    """Weights from a file that `icart match learn` wrote. Raises `OSError`, and pydantic's `ValidationError` for other files."""
    return Weights.model_validate_json(path.read_bytes())


def write_weights(weights: Weights, path: Path) -> None:
    """Write a file of weights, names sorted, so that two of them can be compared line by line."""
    common = {kind: sorted(names) for kind, names in weights.common.model_dump().items()}
    whole = weights.model_copy(update={"common": common})
    path.write_text(whole.model_dump_json(indent=1, warnings=False) + "\n", encoding="utf-8")
