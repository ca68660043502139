"""The finer type of a contact from the police or another legal agency, under the census's codes 6 and 7 (IN-21)."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.base import SourceCode
from icart_common.contracts.referral import Channel, Concern
from icart_common.policy.agencies import AgencyKind
from icart_common.policy.base import Named


class SourceType(Named):
    """A type under a code. Every condition that is given has to hold; each lists the values that will do."""

    code: SourceCode
    agency_kinds: tuple[AgencyKind, ...] = ()
    channels: tuple[Channel, ...] = ()
    concerns: tuple[Concern, ...] = ()

    def fits(
        self, code: SourceCode, agency_kind: AgencyKind | None, channel: Channel, concerns: Iterable[Concern]
    ) -> bool:
        """Whether a contact with this code, from such an agency and by this way in, is of the type."""
        return (
            code == self.code
            and (not self.agency_kinds or agency_kind in self.agency_kinds)
            and (not self.channels or channel in self.channels)
            and (not self.concerns or not set(self.concerns).isdisjoint(concerns))
        )
