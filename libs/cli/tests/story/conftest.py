"""A small story as text, for the tests of reading."""

from __future__ import annotations

import pytest

STORY = """\
title: One evening
authority: halton
starts: Fri 18 Dec 2026 09:00
cast:
  manager: {person: m-1, role: social-work-manager}
records:
  short: {nature: Something.}
steps:
  - at: Fri 18 Dec 2026 10:05
    title: A school writes
    proves: [IN-3]
    do:
      - submit: referral.submitted
        name: first
        body:
          agency: larkspur-lane-primary
          channel: form
          referrer: {kind: professional}
          event: {what: Something happened.}
    expect:
      - {said: intake.contact-opened, about: first, count: 1}
  - at: Fri 18 Dec 2026 10:30
    title: A manager decides
    do:
      - {command: screening.triage, about: first/p1, by: manager, fields: {strand: safeguarding, urgency: urgent, reason: So.}}
"""


@pytest.fixture
def story() -> str:
    return STORY
