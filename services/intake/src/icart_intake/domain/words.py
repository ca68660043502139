"""The words and structured facts of a submission, as a threshold document is held against them."""

from __future__ import annotations

from icart_common.policy.proposal import ProposalFacts
from icart_common.policy.threshold import Sign
from icart_intake.domain.submission import Submission


def facts_of(submission: Submission) -> ProposalFacts:
    """What was said, by field, with the concerns and the signs that somebody is in danger now."""
    account = submission.account
    texts = {
        "event.what": account.event.what,
        "event.before": account.event.before,
        "event.harm": account.event.harm,
        "event.since": account.event.since,
        "event.present": account.event.present,
        "child_views": account.child_views,
        "safety.description": account.safety.description,
        "why_now": account.why_now,
    }
    signs: set[Sign] = {"child-not-safe-now"} if account.safety.safe is False else set()
    if submission.night and submission.night.section_47_begun:
        signs.add("s47-begun")
    return ProposalFacts(
        texts={name: text for name, text in texts.items() if text},
        concerns=frozenset(account.concerns),
        signs=frozenset(signs),
    )
