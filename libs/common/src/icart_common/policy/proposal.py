"""The proposal of a strand, an urgency and a level of need, with the statements and words behind it (SC-1, SC-25).

It proposes; a person decides. Nothing here changes anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from icart_common.contracts.referral import Concern, Urgency
from icart_common.policy.screening import Strand
from icart_common.policy.threshold import Sign, Thresholds, ThresholdStatement

_URGENCY = {"routine": 0, "urgent": 1, "immediate": 2}
_KIND = {"advice": 0, "early-intervention": 1, "safeguarding": 2}


@dataclass(frozen=True)
class ProposalFacts:
    """What is known of a contact. `texts` maps the name of a field to its words (`event.what`)."""

    texts: Mapping[str, str] = field(default_factory=dict)
    concerns: frozenset[Concern] = frozenset()
    signs: frozenset[Sign] = frozenset()


@dataclass(frozen=True)
class Matched:
    """A statement that the contact matched, and by what."""

    statement_id: str
    text: str
    level: int
    strand: str
    urgency: Urgency
    words: tuple[tuple[str, str], ...]
    """Pairs of field name and the word found there, as written."""
    concerns: tuple[str, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What the pack's rules would choose, and why. A person decides."""

    strand: str
    urgency: Urgency
    level: int
    reason: str
    matched: tuple[Matched, ...]
    would_change: tuple[str, ...]
    """Ids of the statements that did not match and would have changed the proposal."""
    significant_harm: bool
    """IN-4: of a child nobody can identify, the police are called now."""
    tell_police: bool
    """SC-12: a crime against a child is suspected."""


def propose(strands: tuple[Strand, ...], thresholds: Thresholds, facts: ProposalFacts) -> Proposal:
    """The most serious of the statements that match: by urgency, then level, then the kind of strand. Never raises."""
    kinds = {strand.id: _KIND[strand.kind] for strand in strands}

    def weight(statement: ThresholdStatement) -> tuple[int, int, int]:
        return _URGENCY[statement.urgency], statement.level, kinds.get(statement.strand, 0)

    hits = [(statement, match) for statement in thresholds.statements if (match := _match(statement, facts))]
    if not hits:
        otherwise = thresholds.otherwise
        return Proposal(
            strand=otherwise.strand,
            urgency=otherwise.urgency,
            level=otherwise.level,
            reason=otherwise.reason,
            matched=(),
            would_change=tuple(
                statement.id
                for statement in thresholds.statements
                if (statement.strand, statement.level, statement.urgency)
                != (otherwise.strand, otherwise.level, otherwise.urgency)
            ),
            significant_harm=False,
            tell_police=False,
        )
    top = max((statement for statement, _ in hits), key=weight)
    matched_ids = {statement.id for statement, _ in hits}
    return Proposal(
        strand=top.strand,
        urgency=top.urgency,
        level=top.level,
        reason=top.text,
        matched=tuple(match for _, match in hits),
        would_change=tuple(
            statement.id
            for statement in thresholds.statements
            if statement.id not in matched_ids and weight(statement) > weight(top)
        ),
        significant_harm=any(statement.significant_harm for statement, _ in hits),
        tell_police=any(statement.tell_police for statement, _ in hits),
    )


def _match(statement: ThresholdStatement, facts: ProposalFacts) -> Matched | None:
    words = tuple(_words(statement.any_words, facts.texts))
    concerns = tuple(concern for concern in statement.concerns if concern in facts.concerns)
    signs = tuple(sign for sign in statement.signs if sign in facts.signs)
    if not (words or concerns or signs):
        return None
    return Matched(
        statement_id=statement.id,
        text=statement.text,
        level=statement.level,
        strand=statement.strand,
        urgency=statement.urgency,
        words=words,
        concerns=concerns,
        signs=signs,
    )


def _words(phrases: tuple[str, ...], texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not phrases:
        return
    pattern = _pattern(phrases)
    for name, text in texts.items():
        seen: set[str] = set()
        for found in pattern.finditer(text):
            word = " ".join(found.group().split())
            if word.casefold() not in seen:
                seen.add(word.casefold())
                yield name, word


@lru_cache(maxsize=4096)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all the phrases of a statement: whole words, any case, any white space between words."""
    pieces = []
    for phrase in phrases:
        stem, ending = (phrase[:-1], r"\w*") if phrase.endswith("*") else (phrase, "")
        pieces.append(r"\s+".join(re.escape(word) for word in stem.split()) + ending)
    return re.compile(rf"(?<!\w)(?:{'|'.join(pieces)})(?!\w)", re.IGNORECASE)
