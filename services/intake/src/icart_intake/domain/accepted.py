"""Whether a professional's referral is taken as it is, or returned with what is missing (IN-11; S2, "Purpose")."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from icart_common.contracts.intake import ReferralReturned
from icart_common.policy.completeness import PlanAndTool
from icart_common.policy.pack import PolicyPack
from icart_common.policy.proposal import ProposalFacts
from icart_intake.domain.asked import Asked
from icart_intake.domain.submission import Submission
from icart_intake.domain.words import facts_of

Missing = Literal["plan", "tool"]
_PLANS: Final = frozenset({"caf", "taf", "map"})


def missing_of(submission: Submission, pack: PolicyPack) -> tuple[Missing, ...]:
    """What a referral has to bring before it is taken: nothing when it is taken. The pack alone decides.

    What another service brings was decided there, and what might be significant harm is always taken.
    """
    rule = pack.good_referral.plan_and_tool
    account = submission.account
    if rule is None or account.referrer.kind != "professional" or submission.channel not in rule.channels:
        return ()
    agency = pack.known_agency(submission.agency)
    if agency is not None and agency.kind in rule.exempt_agency_kinds:
        return ()
    planned = account.tried.plan in _PLANS
    missing: list[Missing] = [] if planned else ["plan"]
    if not account.tools:
        missing.append("tool")
    if not missing or _meets_threshold(submission, rule, pack) or (planned and _asks_advice(submission, rule, pack)):
        return ()
    return tuple(missing)


def _meets_threshold(submission: Submission, rule: PlanAndTool, pack: PolicyPack) -> bool:
    """A statement of the strand was met; or safeguarding is asked for, and something that was said bears it out."""
    proposal = pack.propose(facts_of(submission))
    if proposal.significant_harm or any(match.strand == rule.unless_strand for match in proposal.matched):
        return True
    event = submission.account.event
    borne_out = bool(event.harm) or event.urgency == "immediate" or submission.account.safety.safe is False
    return submission.account.requested == "safeguarding" and borne_out


def _asks_advice(submission: Submission, rule: PlanAndTool, pack: PolicyPack) -> bool:
    """Advice on a plan that does not achieve or is about to escalate (Partnership Plus)."""
    if submission.account.requested == "advice":
        return True
    facts = facts_of(submission)
    tried = submission.account.tried.what
    words = replace(facts, texts={**facts.texts, **({"tried.what": tried} if tried else {})}, signs=frozenset())
    return _says(words, rule.advice_statement, pack)


def _says(facts: ProposalFacts, statement: str, pack: PolicyPack) -> bool:
    return any(match.statement_id == statement and match.words for match in pack.propose(facts).matched)


def returned(submission: Submission, pack: PolicyPack, asked: Asked, missing: tuple[Missing, ...]) -> ReferralReturned:
    """What the sender hears: nothing was opened, what is missing, and what else would help."""
    return ReferralReturned(
        submission=submission.id,
        reference=submission.reference,
        authority=submission.authority,
        pack_version=pack.version,
        channel=submission.channel,
        received_at=submission.received_at,
        reply_to=submission.reply_to,
        missing=missing,
        tools=asked.tools_missing,
        gaps=asked.gaps,
    )
