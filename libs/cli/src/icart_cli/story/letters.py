"""The e-mails that the try-out's mail server has kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail as its reader sees it."""

    to: str
    subject: str
    text: str

    def holds(self, words: Iterable[str]) -> bool:
        """Whether all of these words are in the text, whatever its line breaks."""
        return all(word in " ".join(self.text.split()) for word in words)

    def lacks(self, words: Iterable[str]) -> bool:
        return not any(word in self.text or word in self.subject for word in words)


def read_letters(folder: Path, *, after: int) -> list[Letter]:
    """The letters kept since there were `after` of them, in their order."""
    letters = []
    for path in sorted(folder.glob("*.eml"))[after:]:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        letters.append(Letter(str(message["To"]), str(message["Subject"]), text))
    return letters
