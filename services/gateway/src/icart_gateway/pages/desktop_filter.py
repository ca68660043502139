"""What somebody wants to see of the desktops, as it stands in the page's address: codes of the pack, never a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from icart_common.policy import PolicyPack

SORTS: Final = {"due": "Next clock", "received": "Received", "urgency": "Urgency"}
STAGES: Final = {
    "triage": "Waiting for triage",
    "allocation": "Waiting for a worker",
    "authorisation": "Waiting for authorisation",
}
URGENCIES: Final = {"immediate": "Immediate", "urgent": "Urgent", "routine": "Routine"}


@dataclass(frozen=True, slots=True)
class DesktopFilter:
    """Everything empty: all that is open, what is due first at the top."""

    desktop: str = ""
    strand: str = ""
    urgency: str = ""
    worker: str = ""
    mine: bool = False
    late: bool = False
    stage: str = ""
    sort: str = "due"
    back: bool = False
    """Sorted the other way round."""
    after: str = ""
    """The key and the id of the last row of the page before."""

    @classmethod
    def read(cls, query: Mapping[str, str], pack: PolicyPack) -> DesktopFilter:
        """From a page's address. What the pack or the page does not know is left out: an old address still shows something."""
        return cls(
            desktop=_one_of(query.get("desktop"), {one.id for one in pack.desktops}),
            strand=_one_of(query.get("strand"), {one.id for one in pack.strands}),
            urgency=_one_of(query.get("urgency"), URGENCIES),
            worker=worker if (worker := query.get("worker", "").strip())[:64].isascii() and len(worker) <= 64 else "",
            mine=query.get("mine") == "1",
            late=query.get("late") == "1",
            stage=_one_of(query.get("stage"), STAGES),
            sort=_one_of(query.get("sort"), SORTS) or "due",
            back=query.get("back") == "1",
            after=query.get("after", "") if _begins(query.get("after", "")) else "",
        )

    @property
    def begins(self) -> tuple[int | None, UUID | None]:
        """After which key and id the page begins; None twice: at the beginning."""
        return _begins(self.after) or (None, None)

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return any((self.desktop, self.strand, self.urgency, self.worker, self.mine, self.late, self.stage))

    def query(self) -> str:
        """As it stands in an address, without what is as usual."""
        usual = DesktopFilter()
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode(
            {
                name: "1" if value is True else value
                for name, value in said.items()
                if value != getattr(usual, name) and value is not False
            }
        )

    def address(self, **changes: str | bool) -> str:
        """The page with some of it changed, from its beginning unless `after` says otherwise."""
        changed = replace(self, **{"after": "", **changes}).query()  # type: ignore[arg-type]
        return f"/desktops?{changed}" if changed else "/desktops"

    def sorted_by(self, sort: str) -> str:
        """The page sorted by that; by the same the other way round."""
        return self.address(sort=sort, back=sort == self.sort and not self.back)


def _one_of(value: str | None, known: Mapping[str, str] | set[str]) -> str:
    return value if value in known and value else ""


def _begins(after: str) -> tuple[int, UUID] | None:
    key, _, row = after.partition("_")
    try:
        number = int(key)
        return (number, UUID(row)) if abs(number) < 2**63 else None
    except ValueError:
        return None
