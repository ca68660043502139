"""Policy packs: what differs from one authority to another, as data that is checked before anything starts."""

from icart_common.policy.agencies import Agency, AreaTeam
from icart_common.policy.book import PolicyBook, load_packs
from icart_common.policy.check import check_file
from icart_common.policy.clocks import ClockFacts, ClockRule, Moment
from icart_common.policy.completeness import Gap
from icart_common.policy.errors import PolicyRefused, Problem, UnknownPolicy
from icart_common.policy.loader import load_pack
from icart_common.policy.pack import PolicyPack
from icart_common.policy.proposal import Matched, Proposal, ProposalFacts
from icart_common.policy.roles import Desktop, Role
from icart_common.policy.screening import Outcome, Strand
from icart_common.policy.templates import MessageTemplate, Rendering, render
from icart_common.policy.vpa import VpaRules

__all__ = [
    "Agency",
    "AreaTeam",
    "ClockFacts",
    "ClockRule",
    "Desktop",
    "Gap",
    "Matched",
    "MessageTemplate",
    "Moment",
    "Outcome",
    "PolicyBook",
    "PolicyPack",
    "PolicyRefused",
    "Problem",
    "Proposal",
    "ProposalFacts",
    "Rendering",
    "Role",
    "Strand",
    "UnknownPolicy",
    "VpaRules",
    "check_file",
    "load_pack",
    "load_packs",
    "render",
]
