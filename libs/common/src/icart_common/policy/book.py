"""All packs of a process, loaded once: by authority, by version, by date (AU-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from icart_common.policy.agencies import Agency
from icart_common.policy.errors import PolicyRefused, Problem, UnknownPolicy
from icart_common.policy.loader import read_pack
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.calendar import WorkingCalendar

OWN_PACKS: Final = Path(__file__).parent / "packs"
"""The packs that come with iCART: `packs/<authority>/<version>.yaml`."""


class PolicyBook:
    """The packs of every authority, several versions of each side by side."""

    def __init__(self, packs: Iterable[PolicyPack]) -> None:
        versions: dict[str, list[PolicyPack]] = {}
        for pack in packs:
            versions.setdefault(pack.authority.id, []).append(pack)
        for held in versions.values():
            held.sort(key=lambda pack: pack.applies_from)
        self._versions = versions
        self._agencies = {agency.id: agency for pack in self.newest() for agency in pack.agencies}

    @property
    def authorities(self) -> tuple[str, ...]:
        """Ids of the authorities, in alphabetical order."""
        return tuple(sorted(self._versions))

    def newest(self) -> tuple[PolicyPack, ...]:
        """The version of each authority that applies from the latest date."""
        return tuple(self._versions[authority][-1] for authority in self.authorities)

    def packs(self) -> tuple[PolicyPack, ...]:
        """Every pack, by authority and then by date."""
        return tuple(pack for authority in self.authorities for pack in self._versions[authority])

    def pack(self, authority: str, version: str | None = None) -> PolicyPack:
        """The pack of a version, or the newest. Raises UnknownPolicy.

        A contact keeps the version it was opened under: pass the version that it holds.
        """
        held = self._of(authority)
        if version is None:
            return held[-1]
        for pack in held:
            if pack.version == version:
                return pack
        raise UnknownPolicy(
            f"no pack {version} of {authority!r} is loaded; there are {', '.join(pack.version for pack in held)}"
        )

    def on(self, authority: str, day: date) -> PolicyPack:
        """The pack that applies on a day. Raises UnknownPolicy before the first one does."""
        held = self._of(authority)
        applying = [pack for pack in held if pack.applies_from <= day]
        if not applying:
            first = held[0].applies_from.isoformat()
            raise UnknownPolicy(f"no pack of {authority!r} applies on {day.isoformat()}; the first from {first}")
        return applying[-1]

    def calendar(self, authority: str, version: str) -> WorkingCalendar:
        """The working calendar of a version, closed also on the days that the authority's other versions close on.

        A clock keeps its version's hours and allowance (AU-6); that the office is shut on a day is so for every clock, whichever
        version learnt of it. Raises UnknownPolicy.
        """
        closures = (closure.on for pack in self._of(authority) for closure in pack.closures)
        return self.pack(authority, version).calendar().with_closures(closures)

    def agencies(self) -> Mapping[str, Agency]:
        """Every agency of every authority's newest pack, by id; those that several share come once."""
        return MappingProxyType(self._agencies)

    def authorities_of(self, agency: str) -> tuple[str, ...]:
        """The authorities whose newest pack holds the agency."""
        return tuple(pack.authority.id for pack in self.newest() if any(held.id == agency for held in pack.agencies))

    def _of(self, authority: str) -> list[PolicyPack]:
        held = self._versions.get(authority)
        if held is None:
            raise UnknownPolicy(f"no pack of {authority!r} is loaded; there are {', '.join(self.authorities)}")
        return held


def load_packs(folder: Path | None = None) -> PolicyBook:
    """Every `*.yaml` below a folder, by default the packs that come with iCART. Read once per process.

    Raises PolicyRefused with the problems of all files together.
    """
    return _load((folder or OWN_PACKS).resolve())


@lru_cache(maxsize=8)
def _load(folder: Path) -> PolicyBook:
    files = sorted(folder.rglob("*.yaml"))
    problems: list[Problem] = []
    held: list[tuple[Path, PolicyPack]] = []
    if not files:
        fix = "Name a folder that holds packs as <authority>/<version>.yaml."
        problems.append(Problem(str(folder), 0, "", "there is no policy pack here", fix))
    for file in files:
        pack, found = read_pack(file)
        problems += found
        if pack is not None:
            held.append((file, pack))
    problems += disagreements(held)
    if problems:
        raise PolicyRefused(problems)
    return PolicyBook(pack for _, pack in held)


def disagreements(held: Iterable[tuple[Path, PolicyPack]]) -> list[Problem]:
    """What packs that are fine by themselves may not do together."""
    held = list(held)
    return _same_version_or_date(held) + _agencies_that_differ(held)


def _same_version_or_date(held: Iterable[tuple[Path, PolicyPack]]) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[tuple[str, str], Path] = {}
    for file, pack in held:
        who = pack.authority.id
        for what in (f"version {pack.version}", f"a pack that applies from {pack.applies_from}"):
            other = seen.setdefault((who, what), file)
            if other is not file:
                reason = f"{what} of {who!r} is already in {other}"
                problems.append(Problem(str(file), 0, "", reason, "Change one of the two."))
    return problems


def _agencies_that_differ(held: Iterable[tuple[Path, PolicyPack]]) -> list[Problem]:
    """An agency's id is its topics' name, so the same id in two authorities has to be the same agency, and say so."""
    problems: list[Problem] = []
    first: dict[str, tuple[Path, str, Agency]] = {}
    for file, pack in held:
        for agency in pack.agencies:
            other_file, authority, other = first.setdefault(agency.id, (file, pack.authority.id, agency))
            if authority == pack.authority.id or (agency.kind == other.kind and agency.shared and other.shared):
                continue
            reason = f"agency {agency.id!r} is also in {other_file}, of another kind or not marked shared"
            fix = "Give both the same kind and `shared: true`, or give one of them another id."
            problems.append(Problem(str(file), 0, f"agencies.{agency.id}", reason, fix))
    return problems
