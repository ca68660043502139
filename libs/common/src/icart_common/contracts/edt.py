"""What the out-of-hours emergency duty team records (ED-1 to ED-6; S1, "Emergency Duty Team")."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from icart_common.contracts.base import Inbound, LongText, StaffId
from icart_common.contracts.referral import Account


class EdtContactRecorded(Inbound, Account):
    """A contact that the night team took. An unfinished record is owed by 10:00 on the next working day (ED-4)."""

    TYPE: ClassVar[str] = "icart.edt.contact-recorded.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    worker: StaffId
    action_taken: LongText | None = None
    answered_now: bool = False
    """True when EDT made the social worker's response to an immediate safeguarding contact itself (ED-6)."""
    section_47_begun: bool = False
    record_complete: bool = True


class EdtRecordCompleted(Inbound):
    """The rest of a record that EDT had left outstanding."""

    TYPE: ClassVar[str] = "icart.edt.record-completed.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    """The submission whose record is now complete."""
    worker: StaffId
    notes: LongText | None = None
