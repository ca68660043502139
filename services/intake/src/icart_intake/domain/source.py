"""The census code of a contact's source, and the finer type under it (IN-21)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from icart_common.contracts.base import SourceCode
from icart_common.contracts.referral import ReferrerKind
from icart_common.policy.pack import PolicyPack
from icart_intake.domain.submission import Submission

_OF_REFERRER: Final[Mapping[ReferrerKind, SourceCode]] = {"family": "1A", "child": "1C", "anonymous": "9"}
"""The census codes of people who are no professionals, whichever door they come by; of anybody else the agency's code."""


def source_code(submission: Submission, pack: PolicyPack) -> SourceCode:
    """The census code: as given, by the kind of referrer, by the agency, or unknown (IN-21)."""
    agency = pack.known_agency(submission.agency)
    given = submission.account.source_code or _OF_REFERRER.get(submission.account.referrer.kind)
    return given or (agency.source_code if agency else None) or "10"


def source_type(submission: Submission, pack: PolicyPack, code: SourceCode) -> str | None:
    """The finer type under the code, by agency, way in and concern, where the pack has any for it (IN-21)."""
    agency = pack.known_agency(submission.agency)
    kind = agency.kind if agency else None
    concerns = submission.account.concerns
    return next((one.id for one in pack.source_types if one.fits(code, kind, submission.channel, concerns)), None)
