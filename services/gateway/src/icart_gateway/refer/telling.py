"""Telling intake what is taken down, a save at a time: none is lost, doubled or out of turn, whoever dies between (IN-22)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.drafts import FieldTyped, SaveDraft
from icart_common.contracts.ids import derived_id, instant_of
from icart_common.contracts.referral import Channel
from icart_gateway.refer.taken_down import changed

CHANNEL: Final[Channel] = "phone"
KEPT_AS: Final = "told"
"""Kept beside the answers, under this name: what intake has been told."""
_PAGE: Final = "pages"
"""One draft is one page of intake's: what was saved before may be replaced without having seen the answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """What intake has been told of a draft, or is about to be: that is written down before it is said."""

    version: int
    """How many saves there were; the draft's version at intake once it has read them."""
    fields: Mapping[str, Any]
    unsent: tuple[FieldTyped, ...]
    """What the last save says, until the broker has it."""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Told:
        """From what is kept of the draft."""
        kept = json.loads(values.get(KEPT_AS) or "{}")
        unsent = tuple(FieldTyped.model_validate(one) for one in kept.get("unsent", ()))
        return cls(kept.get("version", 0), kept.get("fields", {}), unsent)

    def kept(self) -> dict[str, str]:
        """As it is kept."""
        unsent = [one.model_dump(mode="json") for one in self.unsent]
        return {KEPT_AS: json.dumps({"version": self.version, "fields": dict(self.fields), "unsent": unsent})}

    def next(self, fields: Mapping[str, Any]) -> Told:
        """With one more save, of what has changed; as it is while the last save is unsent, or when nothing has changed."""
        changes = () if self.unsent else changed(self.fields, fields)
        return Told(self.version + 1, fields, changes) if changes else self

    def sent(self) -> Told:
        """The broker has the last save."""
        return Told(self.version, self.fields, ())

    def message(self, draft: UUID) -> UUID:
        """The id of the last save's message: said again it is the same one."""
        return derived_id(instant_of(draft), "save-draft", draft, self.version)

    def command(self, draft: UUID, **head: Any) -> SaveDraft:
        """The last save. `head`: actor, authority and agency."""
        return SaveDraft(
            draft=draft, channel=CHANNEL, page=_PAGE, base_version=self.version - 1, changes=self.unsent, **head
        )  # fmt: skip
