"""The pytest side of the register: a `req` mark that names no row of it stops the run at collection."""

import pytest

from tools.register import fault_of_mark


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse the run when a mark is wrong, naming every such mark at once."""
    faults = {
        f"{item.nodeid}: {fault}"
        for item in items
        for mark in item.iter_markers("req")
        if (fault := fault_of_mark(mark.args, mark.kwargs.get("authority"))) is not None
        or (fault := _unknown_word(mark)) is not None
    }
    if faults:
        raise pytest.UsageError("req marks that cannot be right:\n  " + "\n  ".join(sorted(faults)))


def _unknown_word(mark: pytest.Mark) -> str | None:
    unknown = sorted(set(mark.kwargs) - {"authority"})
    return f"a req mark takes rows and authority, not {', '.join(unknown)}" if unknown else None
