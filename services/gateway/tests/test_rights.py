"""The table of rights, cell by cell: over all packs, roles and actions."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from icart_common.contracts.base import Command
from icart_common.contracts.drafts import SaveDraft, SubmitDraft
from icart_common.contracts.notifications import AnswerNotice, ResendDelivery
from icart_common.contracts.people import ApproveMerge, DecideMatch, ProposeMerge, RefuseMerge, UndoLink, UndoMerge
from icart_common.contracts.police_vpa import PrimaryAssess, SecondaryAssess
from icart_common.contracts.screening import Allocate, Authorise, SendBack, Submit, Triage
from icart_common.contracts.standing_still import PauseClocks
from icart_common.policy import load_packs
from icart_common.policy.roles import Permission
from icart_gateway.rights import READINGS, Reading, Shut, all_they_may_ask, asked_for, may_ask, may_read

PACKS = load_packs().newest()
ROLES = [pytest.param(pack, role, id=f"{pack.authority.id}-{role.id}") for pack in PACKS for role in pack.roles]
WORKERS_MAY_NOT: tuple[Reading, ...] = ("operations", "audit", "restrict", "performance")
"""Readings of which no role that only works on contacts has any."""


@pytest.mark.req("QA-4")
@pytest.mark.parametrize(("pack", "role"), ROLES)
def test_reading_follows_the_permission_and_a_refusal_says_whose_it_is(pack, role):
    for reading, (permission, says) in READINGS.items():
        right = may_read(pack, role.id, reading)
        assert right.allowed is (permission in role.permissions), reading
        if not right.allowed:
            assert right.why_not
            assert says in right.why_not
            assert all(one.name in right.why_not for one in pack.roles if permission in one.permissions)


@pytest.mark.parametrize(("pack", "role"), ROLES)
def test_what_is_shut_is_shut_in_every_role(pack, role):
    for shut, reading in product(get_args(Shut), READINGS):
        right = may_read(pack, role.id, reading, shut=shut)
        open_otherwise = may_read(pack, role.id, reading).allowed
        assert right.allowed is (open_otherwise and reading not in ("contact", "documents"))
    for command, _ in asked_for(pack):
        why = may_ask(pack, role.id, command, strand=pack.strands[0].id, shut="own-family").why_not
        assert why
        assert "a manager sees" in why


@pytest.mark.parametrize(("pack", "role"), ROLES)
def test_every_command_is_allowed_or_refused_in_words_on_every_strand(pack, role):
    """The permission is the step's own and the role's on that strand: nothing is allowed that the pack does not give."""
    needed: dict[type[Command], Permission] = {
        Triage: "triage", Submit: "submit", Allocate: "allocate", SendBack: "send-back", PauseClocks: "pause-clocks",
    }  # fmt: skip
    for strand in pack.strands:
        found = all_they_may_ask(pack, role.id, strand=strand.id)
        assert set(found) == {command for command, _ in asked_for(pack)}
        assert all(right.allowed or right.why_not for right in found.values())
        for command, permission in needed.items():
            on = [one.id for one in pack.strands] if command is Triage else [strand.id]
            assert found[command].allowed is any(role.may(permission, one) for one in on), command


@pytest.mark.req("SC-10")
@pytest.mark.parametrize(("pack", "role"), ROLES)
def test_nobody_authorises_their_own_work(pack, role):
    for strand in pack.strands:
        mine = may_ask(pack, role.id, Authorise, strand=strand.id, own_work=True)
        assert not mine.allowed
        if may_ask(pack, role.id, Authorise, strand=strand.id).allowed:
            assert mine.why_not == "nobody authorises their own work"


@pytest.mark.req("IN-17")
@pytest.mark.req("PV-2", "ST-1")
@pytest.mark.parametrize(("pack", "role"), ROLES)
def test_commands_beside_the_lives_are_for_the_roles_that_the_pack_names(pack, role):
    decide, merge = role.id in pack.matching.decide_roles, role.id in pack.matching.merge_roles
    cells: dict[type[Command], bool] = {
        DecideMatch: decide, ProposeMerge: decide, UndoLink: decide, ApproveMerge: merge, RefuseMerge: merge,
        UndoMerge: merge, SaveDraft: role.may("open"), SubmitDraft: role.may("open"),
        PrimaryAssess: role.may("vpa-primary"), SecondaryAssess: role.may("vpa-secondary"),
        ResendDelivery: role.may("read") or role.may("operate"),
        AnswerNotice: role.id in {notice.answer_role for notice in pack.notices},
    }  # fmt: skip
    strand = pack.strands[0].id
    on_a_strand = all_they_may_ask(pack, role.id, strand=strand)
    for command, allowed in cells.items():
        for right in (may_ask(pack, role.id, command), on_a_strand[command]):
            assert right.allowed is allowed, command
            assert right.allowed or "your role may not" in str(right.why_not)
        own = may_ask(pack, role.id, command, own_work=True)
        assert own.allowed is (allowed and command is not ApproveMerge)
    assert not may_ask(pack, role.id, DecideMatch, shut="restricted").allowed


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.authority.id)
def test_whoever_keeps_it_running_sees_no_child_and_somebody_guards_the_records(pack):
    operators = pack.roles_with("operate")
    assert operators
    for role in operators:
        assert not may_read(pack, role.id, "contact").allowed
        assert not any(right.allowed for command, right in all_they_may_ask(pack, role.id).items() if command is Submit)
    assert pack.roles_with("guard-records")
    for role in pack.roles:
        if not {"authorise", "operate"} & set(role.permissions):
            assert not any(may_read(pack, role.id, reading).allowed for reading in WORKERS_MAY_NOT)
