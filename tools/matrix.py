"""Which test proves which rule (make matrix).

Collects every test without running any, and prints the register with the tests that carry each row's id.
A test without an authority proves its row for all of them: the rule does not vary.
"""

import argparse
import contextlib
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest

from tools.register import AUTHORITIES, ROOT, Row, register

Claims = dict[str, set[tuple[str, str | None]]]


@dataclass(frozen=True)
class Line:
    """One row of the matrix: the rule, its tests, and the letters of the authorities it is proven for."""

    row: Row
    tests: tuple[str, ...]
    proven: str

    @property
    def missing(self) -> str:
        """The letters of the authorities that state the rule and for which no test proves it."""
        return "".join(letter for letter in self.row.authorities if letter not in self.proven)


class _Collected:
    """A pytest plugin that keeps what was collected."""

    def __init__(self) -> None:
        self.claims: Claims = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for row, authority in proofs(item):
                self.claims[row].add((item.nodeid, authority))


def proofs(item: pytest.Item) -> Iterator[tuple[str, str | None]]:
    """The (row id, authority or None) pairs that the marks on a test claim."""
    for mark in item.iter_markers("req"):
        for row in mark.args:
            yield row, mark.kwargs.get("authority")


def matrix(rows: Iterable[Row], claims: Claims) -> list[Line]:
    """A line per row, in the order of the register."""
    lines = []
    for row in rows:
        found = claims.get(row.id, set())
        authorities = {authority for _, authority in found}
        proven = "".join(letter for letter, pack in AUTHORITIES.items() if pack in authorities or None in authorities)
        tests = tuple(sorted({nodeid.split("[")[0] for nodeid, _ in found}))
        lines.append(Line(row, tests, proven))
    return lines


def as_text(lines: list[Line]) -> str:
    """The matrix for a person: a section at a time, gaps last."""
    out: list[str] = []
    section = ""
    for line in lines:
        if line.row.section != section:
            section = line.row.section
            out += ["", section]
        state = f"proven for {line.proven}" if line.proven else "NOT PROVEN"
        stated = line.row.authorities
        out.append(f"  {line.row.id:<6} {stated:<4} {state:<15} {line.row.words()}")
        out += [f"  {'':<11} {test}" for test in line.tests]
    bare = [line.row.id for line in lines if not line.tests]
    partly = [f"{line.row.id} ({line.missing})" for line in lines if line.tests and line.missing]
    out += ["", f"{len(lines) - len(bare)} of {len(lines)} rows have a test."]
    if partly:
        out.append("Not yet for every authority that states the rule: " + ", ".join(partly))
    if bare:
        out.append("Nothing proves: " + ", ".join(bare))
    return "\n".join(out).lstrip("\n")


def as_json(lines: list[Line]) -> str:
    """One JSON object a line, for a program."""
    return "\n".join(
        json.dumps(
            {
                "id": line.row.id,
                "section": line.row.section,
                "rule": line.row.words(),
                "authorities": [AUTHORITIES[letter] for letter in line.row.authorities],
                "proven": [AUTHORITIES[letter] for letter in line.proven],
                "missing": [AUTHORITIES[letter] for letter in line.missing],
                "tests": list(line.tests),
            }
        )
        for line in lines
    )


def collect() -> tuple[Claims, int, str]:
    """What the tests claim, pytest's exit code, and what it said."""
    kept = _Collected()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", f"--rootdir={ROOT}"], plugins=[kept])
    return kept.claims, int(code), said.getvalue()


def main() -> int:
    """Print the matrix. Leaves with 0, or with 1 when the tests cannot be collected."""
    parser = argparse.ArgumentParser(prog="make matrix", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    chosen = parser.parse_args()
    claims, code, said = collect()
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(said, file=sys.stderr)
        print("The tests cannot be collected; mend what is named above first.", file=sys.stderr)
        return 1
    lines = matrix(register().values(), claims)
    print(as_json(lines) if chosen.json else as_text(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
