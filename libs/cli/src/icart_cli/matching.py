"""How well people are matched, and learning the weights that they are matched by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from icart_cli import exits
from icart_cli.feed.load import read
from icart_cli.feed.tables import Table
from icart_cli.output import Output
from icart_common.contracts.cases import PersonHeld
from icart_intake.domain.matching import Facts, Weights, facts_of
from icart_intake.evaluation import beside
from icart_intake.evaluation.learning import learned_from
from icart_intake.evaluation.measure import Figures, by_exact_fields, ours
from icart_intake.evaluation.picture import picture as draw
from icart_intake.evaluation.retold import records
from icart_intake.evaluation.sets import FAMILIES, FEBRL, Described, MissingSetError, families, febrl
from icart_intake.weights import load_weights, read_weights, write_weights

_COLUMNS = (
    "set",
    "way",
    "band",
    "right",
    "wrong",
    "missed",
    "precision",
    "recall",
    "F1",
    "false matches",
    "family",
    "twins",
)
_INSTALL = "`make evaluate` installs them (tools/evaluation.lock) and runs this."
_SEED = 20261122


def evaluate(
    output: Output,
    sets: Sequence[str],
    *,
    households: int,
    weights: Path | None,
    alone: bool,
    picture: Path | None = None,
) -> None:
    """Measure and print. Raises `Stop` for an unknown set, and for packages that are not installed."""
    chosen = sets or [*FEBRL, FAMILIES]
    if unknown := sorted(set(chosen) - {*FEBRL, FAMILIES}):
        raise exits.Stop(
            exits.WRONG_USE, f"There is no set {', '.join(unknown)}.", f"There are {', '.join((*FEBRL, FAMILIES))}."
        )
    if not alone and not beside.is_installed():
        raise exits.Stop(exits.WRONG_USE, "splink is not installed here.", f"{_INSTALL} `--alone` leaves it out.")
    found: list[Figures] = []
    with _progress(output, len(chosen) * (2 if alone else 3)) as bar:
        for name in chosen:
            found += _evaluated(name, households, weights, alone, bar)
    if picture:
        picture.write_text(draw(families(_SEED, households), _weights(weights)), encoding="utf-8")
    output.table("matching", _COLUMNS, (_row(one) for one in found), empty="Nothing was measured.")


def _evaluated(name: str, households: int, weights: Path | None, alone: bool, bar: _Bar) -> Iterator[Figures]:
    try:
        data: Described = families(_SEED, households) if name == FAMILIES else febrl(name)
    except MissingSetError:
        raise exits.Stop(exits.WRONG_USE, f"{name} is not installed here.", _INSTALL) from None
    yield from ours(data, _weights(weights) if name == FAMILIES else None, bar.says)
    bar.advance()
    if not alone:
        yield from beside.splink_beside(data, bar.says)
        bar.advance()
    yield from by_exact_fields(data, bar.says)
    bar.advance()


def _weights(path: Path | None) -> Weights:
    if path is None:
        return load_weights()
    try:
        return read_weights(path)
    except OSError:
        raise exits.Stop(exits.WRONG_USE, f"There is no file {path}.") from None
    except ValidationError as wrong:
        why = "; ".join(str(one["msg"]) for one in wrong.errors(include_input=False, include_url=False)[:3])
        raise exits.Stop(exits.WRONG_USE, f"{path.name} is no file of weights: {why}.") from None


def learn(output: Output, out: Path, file: Path | None, *, households: int, among: int, on: str) -> None:
    """Learn, write the file, print it. Raises `Stop` for files that cannot be read."""
    if not out.name.endswith(".json"):
        raise exits.Stop(exits.WRONG_USE, f"{out.name} should end in .json: its name is the version.")
    people: Sequence[Facts]
    if file is None:
        people, source = [one.facts for one in records(_SEED + 1, households)], f"{households} generated households"
    else:
        people, source = list(_people_of(file)), f"{file.name}"
    with _progress(output, 4) as bar:
        weights = learned_from(
            people,
            version=out.stem,
            source=source,
            on=_day(on),
            among=among,
            invented=file is None,
            step=lambda what: bar.says_and_advances(what),
        )
    write_weights(weights, out)
    rows = [
        (field, name, *(float(f"{share:.3g}") for share in (level.same, level.kin, level.stranger)), level.weight)
        for field, levels in weights.fields.items()
        for name, level in levels.items()
    ]
    output.table("weight", ("field", "level", "same", "kin", "stranger", "bits"), rows, empty="")
    output.fact("learned", f"{out} has the weights {weights.version}, learned from {len(people)} descriptions.",
                version=weights.version, records=len(people), pairs=weights.learned.pairs)  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()  # noqa: DTZ011 - a label that people read
    except ValueError:
        raise exits.Stop(exits.WRONG_USE, f"{text} is no date.", "Write it as 2026-11-22.") from None


def _people_of(file: Path) -> Iterator[Facts]:
    if not file.is_file():
        raise exits.Stop(exits.WRONG_USE, f"There is no file {file}.")
    frame = {"agency": "learning", "authority": "learning", "as_of": "2000-01-01T00:00:00Z"}
    for row in Table(file).rows():
        body, _, findings = read(row, frame)
        if wrong := [one for one in (*row.findings, *findings) if one.kind == "rejected"]:
            raise exits.Stop(
                exits.WRONG_USE, f"{file.name}, line {row.line}: {wrong[0].where} cannot be read.", wrong[0].do
            )
        if isinstance(body, PersonHeld):
            yield facts_of(body)


def _row(one: Figures) -> tuple[Any, ...]:
    parts = [round(part, 4) for part in (one.precision, one.recall, one.f1)]
    return (
        one.set_name, one.way, one.band, one.right, one.wrong, one.missed, *parts, f"{one.false_rate:.6f}",
        one.same_household, one.twins,
    )  # fmt: skip


class _Bar:
    """A progress bar that also says what is being done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total)

    def says(self, what: str) -> None:
        self._progress.update(self._task, description=what)

    def advance(self) -> None:
        self._progress.advance(self._task)

    def says_and_advances(self, what: str) -> None:
        self.says(what)
        self.advance()


@contextmanager
def _progress(output: Output, total: int) -> Iterator[_Bar]:
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=output.errors, disable=not output.interactive, transient=True,
    ) as progress:  # fmt: skip
        yield _Bar(progress, total)
