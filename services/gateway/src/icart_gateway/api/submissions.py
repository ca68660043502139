"""What agencies send: the same contracts as on their topics, each published before it is answered (IN-1, SC-20, ST-1, PV-1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response

from icart_common.contracts.base import Inbound, Message
from icart_common.contracts.checks import CheckAnswered
from icart_common.contracts.disagreements import DisagreementSubmitted
from icart_common.contracts.documents import AttachmentsAdded
from icart_common.contracts.notices import ProbationCheckRequested
from icart_common.contracts.referral import GapsAnswered, ReferralSubmitted
from icart_common.contracts.vpa import VpaSubmitted
from icart_gateway.api.bodies import message_body
from icart_gateway.api.calling import Caller, Gateway, calling
from icart_gateway.api.problems import FieldProblem, Refused
from icart_gateway.api.receipts import publish_once
from icart_gateway.api.shapes import Taken
from icart_gateway.api.uploads import refuse_lies

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Way:
    """A call that takes one contract."""

    path: str
    model: type[Message]
    scope: str
    summary: str


WAYS: Final = (
    Way("/referrals", ReferralSubmitted, "referrals", "Send a referral"),
    Way("/answers", GapsAnswered, "referrals", "Answer what a referral left open"),
    Way("/attachments", AttachmentsAdded, "referrals", "Add documents to a referral that was sent"),
    Way("/vpas", VpaSubmitted, "vpa", "Send a vulnerable person's assessment"),
    Way("/notices", ProbationCheckRequested, "notices", "Send a statutory notice"),
    Way("/replies", CheckAnswered, "replies", "Answer a check that you were asked for"),
    Way("/disagreements", DisagreementSubmitted, "replies", "Disagree with a decision, or with its answer"),
)
router = APIRouter()


def _taking(way: Way) -> Callable[..., Coroutine[Any, Any, Taken]]:
    caller_of = calling(way.scope)

    async def take(request: Request, response: Response, api: Gateway, caller: Caller = Depends(caller_of)) -> Taken:  # noqa: B008
        key = request.headers.get("idempotency-key")
        if key is not None and not _KEY.fullmatch(key):
            raise Refused(
                400,
                "bad-key",
                "The Idempotency-Key cannot be one",
                "Send 1 to 200 visible ASCII characters, best a UUID.",
            )
        body, raw = await message_body(request, way.model)
        assert isinstance(body, Inbound)
        if body.agency != caller.agency:
            raise _of_another()
        await refuse_lies(api, body)
        receipt = await publish_once(api.door, body, raw, key)
        response.status_code = 202
        response.headers["Location"] = f"/api/v1/submissions/{receipt.id}"
        response.headers["Idempotency-Replayed"] = "true" if receipt.again else "false"
        return Taken(receipt=receipt.id, submission=receipt.subject, received_at=receipt.received_at)

    return take


for _way in WAYS:
    router.add_api_route(_way.path, _taking(_way), methods=["POST"], name=_way.summary)


def _of_another() -> Refused:
    error = FieldProblem(
        pointer="#/agency", found="an agency that is not your client's", expected="your own agency's id",
        fix="send `agency` as the id that your client was made for",
    )  # fmt: skip
    return Refused(
        403, "not-yours", "You may speak for your own agency alone", error.fix.capitalize() + ".", errors=(error,)
    )
