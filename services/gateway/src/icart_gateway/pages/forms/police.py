"""The steps of the police's reports of vulnerable people: the primary and the secondary assessment (PV-2, PV-7)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.police_vpa import PrimaryAssess, SecondaryAssess
from icart_gateway.pages.forms.field import YES_NO, Choice, Field
from icart_gateway.pages.forms.step import Scene, Step
from icart_gateway.pages.forms.wording import named, reason

ROUTES: Final = (
    Choice("icart", "To the front door"),
    Choice("allocated-worker", "To the worker of their open case"),
    Choice("education", "To the education pathway"),
    Choice("health", "To the health pathway"),
)
_CLOSE: Final = Choice("close", "Close it")
_REFER: Final = Choice("refer", "Refer it", "Every child gets a way out, a decision and a reason")
_PASS_ON: Final = Choice("secondary", "Pass it on for the secondary assessment")


def _primary(scene: Scene) -> tuple[Field, ...]:
    among = (_PASS_ON,) if scene.decided.told["secondary_needed"] else (_CLOSE, _REFER, _PASS_ON)
    return (
        Field("checks", "Which systems did you check?", "lines", "One on each line", "Say what you checked"),
        _decision(among),
        reason("Why?", "Say why"),
        *_ways_out(scene),
    )


def _secondary(scene: Scene) -> tuple[Field, ...]:
    return (
        _decision((_CLOSE, _REFER)),
        reason("Why?", "Say why"),
        Field(
            "marac",
            "Does it go to the conference about high-risk domestic abuse (MARAC)?",
            "yes-no",
            "What is graded high goes there in any case",
            choices=YES_NO,
        ),
        *_ways_out(scene),
    )


def _decision(among: tuple[Choice, ...]) -> Field:
    return Field("decision", "What do you decide?", "choice", "", "Choose what you decide", among)


def _ways_out(scene: Scene) -> tuple[Field, ...]:
    """For each child, what the rules proposed stands there already; the reason is the person's own (PV-7)."""
    told = scene.decided.told
    decisions = named(scene.pack.vpa.decisions) if scene.pack.vpa else ()
    proposed = zip(told["proposed_for"], told["proposed_routes"], told["proposed_as"], told["because"], strict=True)
    return tuple(
        field
        for number, (child, route, recorded, because) in enumerate(proposed, 1)
        for field in (
            Field(f"routes.{number}.child", "Child", "fixed", starts_as=child),
            Field(
                f"routes.{number}.route",
                f"If you refer it: where does child {child} go?",
                "choice",
                f"Proposed because {because}",
                choices=ROUTES,
                starts_as=route,
            ),
            Field(
                f"routes.{number}.recorded_as",
                f"How is it recorded on child {child}?",
                "choice",
                choices=decisions,
                starts_as=recorded,
            ),
            Field(
                f"routes.{number}.reason", f"Why, for child {child}?", hint="Leave it blank if it is the reason above"
            ),
        )
    )


def _routed(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    """The children's ways out, which go with the decision to refer alone; each with a reason, the report's where it has none."""
    routes = said.pop("routes", None)
    if said.get("decision") != "refer" or not isinstance(routes, dict):
        return said
    ways = [{"reason": said.get("reason"), **routes[number]} for number in sorted(routes, key=int)]
    return {**said, "routes": ways}


STEPS: Final = (
    Step(
        PrimaryAssess,
        "Make the primary assessment",
        "Record the assessment",
        "The assessment is recorded.",
        _primary,
        _routed,
        matter="vpa",
        when=("proposed",),
    ),
    Step(
        SecondaryAssess,
        "Make the secondary assessment",
        "Record the assessment",
        "The assessment is recorded.",
        _secondary,
        _routed,
        matter="vpa",
        when=("secondary",),
    ),
)
