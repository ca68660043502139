"""The pages of the form, one subject each, and the questions on them (IN-2; S1, S4). What is asked of whom, the pack says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from icart_common.contracts.referral import Channel, Concern
from icart_common.policy import PolicyPack
from icart_gateway.pages.forms.field import YES_NO, Choice, Field

MOST: Final = 12
"""Children, and adults, that one form names; more can be written down in words."""
_KINDS: Final = (
    Choice("professional", "I work with children or families"),
    Choice("family", "I am a parent, carer or relative"),
    Choice("child", "I am the child or young person"),
    Choice("public", "I am a neighbour, friend or somebody else"),
)
_ANONYMOUS: Final = Choice("anonymous", "I do not want to say who I am")


@dataclass(frozen=True, slots=True)
class Step:
    """One page."""

    id: str
    """Its place in the address: `who`, `child-1`."""
    title: str
    fields: tuple[Field, ...]
    hint: str = ""


def steps(pack: PolicyPack, values: Mapping[str, str], channel: Channel = "form") -> tuple[Step, ...]:
    """The pages of a form as it stands: as many children and adults as there are, and what such a referrer is asked.

    `channel`: the way in; on the telephone somebody of ours fills the same pages in.
    """
    professional = values.get("referrer.kind") == "professional"
    return (
        _who(pack, values, channel),
        *(_child(number) for number in range(1, _count("child", values) + 1)),
        *(_adult(number) for number in range(1, _count("adult", values) + 1)),
        _HAPPENED,
        _SAFETY,
        _VIEWS,
        Step("tried", "What has been tried", _TRIED_PROFESSIONAL if professional else _TRIED),
        Step("consent", "What the family knows", (*_KNOWS, *(_CONSENT if professional else ()))),
    )


def step_of(pack: PolicyPack, values: Mapping[str, str], step_id: str, channel: Channel = "form") -> Step | None:
    """One page by its place; None when the form has none there."""
    return next((one for one in steps(pack, values, channel) if one.id == step_id), None)


def _count(what: str, values: Mapping[str, str]) -> int:
    count = 1
    while count < MOST and values.get(f"{what}-{count}.another") == "yes":
        count += 1
    return count


def unnamed_may(pack: PolicyPack, kind: str, channel: Channel) -> bool:
    """Whether such a referrer may stay unnamed on this way in (IN-12)."""
    rule = pack.good_referral.anonymous
    return kind in rule.referrer_kinds and channel in rule.channels


def _who(pack: PolicyPack, values: Mapping[str, str], channel: Channel) -> Step:
    kinds = (*_KINDS, _ANONYMOUS) if unnamed_may(pack, "anonymous", channel) else _KINDS
    rule = pack.good_referral.mandatory_referrer
    named = channel in rule.channels and not unnamed_may(pack, values.get("referrer.kind", ""), channel)
    asked = set(rule.paths) if named else set()

    def need(path: str, words: str) -> str:
        return words if any(one.startswith(path) for one in asked) else ""

    return Step(
        "who",
        "About you",
        (
            Field("referrer.kind", "Who are you?", "choice", "", "Choose who you are", kinds),
            Field("referrer.name", "Your name", needed=need("referrer.name", "Enter your name")),
            Field("referrer.role", "Your job and where you work", hint="If you work with children or families"),
            Field("referrer.address", "Your address", needed=need("referrer.address", "Enter your address")),
            Field("referrer.phone", "Your telephone number", hint="So that we can call you back"),
            Field("referrer.email", "Your e-mail address"),
            Field("referrer.relation_to_family", "How do you know the family?"),
            Field("referrer.willing_to_be_named", "May the family know that it was you?", "yes-no", "", "", YES_NO),
            Field("referrer.willing_to_be_contacted", "May we get in touch with you?", "yes-no", "", "", YES_NO),
        ),
    )


def _child(number: int) -> Step:
    at = f"child-{number}"
    more = (
        "Is there another child?" if number < MOST else "Are there more children? Name them where you say what happened"
    )
    return Step(
        at,
        "About the child" if number == 1 else f"About child {number}",
        (
            Field(f"{at}.given_name", "First name"),
            Field(f"{at}.family_name", "Last name"),
            Field(f"{at}.born", "Date of birth", "day", "For example, 27 3 2017. Leave it out if you do not know it"),
            Field(
                f"{at}.expected",
                "If the child is not born yet, when is the birth expected?",
                "day",
                "For example, 27 3 2027",
            ),
            Field(f"{at}.address", "Address", hint="Where the child lives, or where you saw them"),
            Field(f"{at}.postcode", "Postcode"),
            Field(f"{at}.school", "School or nursery"),
            Field(f"{at}.another", more, "yes-no", "", "", YES_NO),
        ),
        "Tell us what you know. You do not have to know everything.",
    )


def _adult(number: int) -> Step:
    at = f"adult-{number}"
    return Step(
        at,
        "About a parent or carer" if number == 1 else f"About adult {number}",
        (
            Field(f"{at}.given_name", "First name"),
            Field(f"{at}.family_name", "Last name"),
            Field(f"{at}.born", "Date of birth", "day", "For example, 27 3 1990. Leave it out if you do not know it"),
            Field(f"{at}.role", "Who are they?", "choice", "", "", _ROLES),
            Field(f"{at}.phone", "Telephone number"),
            Field(f"{at}.another", "Is there another parent, carer or adult?", "yes-no", "", "", YES_NO),
        ),
        "Leave it blank if you know nothing about them.",
    )


_ROLES: Final = (Choice("parent", "A parent"), Choice("carer", "A carer"), Choice("other", "Somebody else"))
_URGENCY: Final = (
    Choice("immediate", "Today: a child may be in danger"), Choice("urgent", "Soon"), Choice("routine", "It is not urgent"),
)  # fmt: skip
_SEEN: Final = (
    Choice("seen", "I saw it"), Choice("heard", "I heard it, or was told by the child or family"),
    Choice("third-hand", "Somebody else told me"),
)  # fmt: skip
_CONCERNS: Final = tuple(Choice(one, one.replace("-", " ").capitalize()) for one in get_args(Concern))
_HAPPENED: Final = Step(
    "happened",
    "What happened",
    (
        Field("event.what", "What are you worried about?", "long", "What you saw or heard, in your own words",
              "Say what you are worried about"),
        Field("event.when_in_words", "When did it happen?", hint="For example, last Tuesday, or since October"),
        Field("event.before", "Has something like it happened before?", "long"),
        Field("event.harm", "How has it harmed the child, or could it?", "long"),
        Field("event.known_how", "How do you know?", "choice", "", "", _SEEN),
        Field("event.urgency", "How soon does somebody have to look at it?", "choice", "", "", _URGENCY),
        Field("concerns", "What is it about?", "choices", "Choose all that fit, or none", "", _CONCERNS),
    ),
)  # fmt: skip
_SAFETY: Final = Step(
    "safety",
    "Is the child safe now?",
    (
        Field("safety.safe", "Is the child safe now?", "choice", "Choose neither if you do not know", "",
              (Choice("yes", "Yes"), Choice("no", "No"))),
        Field("safety.where", "Where is the child now?"),
        Field("safety.with_whom", "Who is with the child?"),
    ),
    "If a child is in danger now, do not wait for this form: call 999.",
)  # fmt: skip
_VIEWS: Final = Step(
    "views",
    "What the child says",
    (Field("child_views", "What does the child say, or show?", "long", "In their own words, if you know them"),),
)
_TRIED: Final = (
    Field("tried.what", "What has been done already, by you or by others?", "long"),
    Field("why_now", "Why are you telling us now?", "long"),
    Field("expected", "What do you hope will happen?", "long"),
)
_TRIED_PROFESSIONAL: Final = (
    *_TRIED,
    Field("tried.plan", "Is there a plan for the family?", "choice", "", "", (
        Choice("caf", "An early help assessment (CAF)"), Choice("taf", "A team around the family (TAF)"),
        Choice("map", "A multi-agency plan"), Choice("none", "No"),
    )),
    Field("tried.lead_professional", "Who leads it?"),
)  # fmt: skip
_KNOWS: Final = (
    Field("referrer.family_knows", "Does the family know that you are telling us?", "yes-no", "", "", YES_NO),
)
_CONSENT: Final = (
    Field("consent.status", "Did a parent or carer agree to it?", "choice", "", "", (
        Choice("given", "Yes"), Choice("refused", "No, they refused"), Choice("not-sought", "They were not asked"),
    )),
    Field("consent.why_not", "If they were not asked, why not?"),
    Field("consent.sought_by", "Who asked them?"),
    Field("consent.how", "How were they asked?", hint="For example, in person"),
)  # fmt: skip
