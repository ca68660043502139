"""Exit codes, the same for every command, and the error that carries one."""

from __future__ import annotations

OK = 0
NOT_AS_EXPECTED = 1
"""It ran, and what it found is not what should be: a story's expectation, a policy problem, something behind."""
WRONG_USE = 2
"""The command's words or its file are wrong."""
REFUSED = 3
"""The broker, the database or the catalogue refuses what was asked."""
NOT_REACHED = 4
"""The broker, the database or a service does not answer."""
TOO_LATE = 5
"""What was waited for did not come in time."""

MEANINGS = {
    OK: "done",
    NOT_AS_EXPECTED: "it ran, and what it found is not as it should be",
    WRONG_USE: "the command's words or its file are wrong",
    REFUSED: "refused by the broker, the database or the catalogue",
    NOT_REACHED: "the broker, the database or a service does not answer",
    TOO_LATE: "what was waited for did not come in time",
}


class Stop(Exception):
    """Ends a command with a sentence for the person and a code for the script."""

    def __init__(self, code: int, sentence: str, fix: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.fix = fix
