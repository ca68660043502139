"""The referral that a form makes: the same contract as every other way in, on the form channel, from the public door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from icart_common.contracts.base import Postcode, Problem
from icart_common.contracts.referral import Account, Channel, Person, ReferralSubmitted
from icart_common.policy import PolicyPack
from icart_common.policy.births import faults_of_birth
from icart_common.policy.completeness import missing_mandatory
from icart_gateway.pages.forms.field import nested
from icart_gateway.refer.draft import Draft
from icart_gateway.refer.steps import Step, steps, unnamed_may

_POSTCODE: Final[TypeAdapter[str]] = TypeAdapter(Postcode)
_ANOTHER_WAY: Final = "write this another way, it cannot be sent as it is"


def public_door(pack: PolicyPack) -> str:
    """The agency of the pack that stands for whoever has no system of their own."""
    return next(
        agency.id for agency in pack.agencies if agency.kind == "public-door" and "referrals" in agency.may_write
    )


def wrong_on(
    step: Step, values: Mapping[str, str], pack: PolicyPack, today: date, channel: Channel = "form"
) -> dict[str, str]:
    """What is wrong with one page: by the field's name, what to do. Nothing when the person may go on."""
    errors = {one.name: words for one in step.fields if (words := one.wrong(values.get(one.name, "")))}
    for one in step.fields:
        most = 20_000 if one.kind == "long" else 300
        if len(values.get(one.name, "")) > most and one.name not in errors:
            errors[one.name] = f"{one.label}: use at most {most:,} characters"
    if errors:
        return errors
    if step.id == "who":
        errors = dict(_wrong_referrer(values, pack, channel))
    if step.id.startswith(("child-", "adult-")):
        errors = dict(_wrong_person(step, values, today))
    return errors or _not_taken(step, values, pack, channel)


def referral_of(draft: Draft, pack: PolicyPack) -> ReferralSubmitted:
    """The referral. Raises ValidationError for what no page found wrong with itself."""
    return ReferralSubmitted.model_validate(
        {
            **account_of(draft.values, pack), "agency": public_door(pack), "authority": pack.authority.id,
            "submission": draft.submission, "channel": "form", "attachments": draft.documents,
        }
    )  # fmt: skip


def account_of(values: Mapping[str, str], pack: PolicyPack, channel: Channel = "form") -> dict[str, Any]:
    """What was typed, as far as it goes, in the shape of a referral's account: nothing of it is checked."""
    said: dict[str, Any] = nested(
        (one, values.get(one.name, "")) for step in steps(pack, values, channel) for one in step.fields
    )
    people, relationships = _people(said)
    consent = said.pop("consent", None)
    if consent and consent.get("status") and (asked := _asked(people)):
        said["consents"] = [{**consent, "person": asked}]
    if "safe" in (safety := said.get("safety", {})):
        safety["safe"] = safety["safe"] == "yes"
    said.setdefault("referrer", {"kind": values.get("referrer.kind", "public")})
    return {**said, "people": people, "relationships": relationships}


def _people(said: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The people in what was said, taken out of it. An adult of whom nothing is known is nobody."""
    people = []
    for name in [one for one in said if one.startswith(("child-", "adult-"))]:
        person = {key: value for key, value in said.pop(name).items() if key != "another"}
        if not person:
            continue
        lines, postcode = person.pop("address", None), person.pop("postcode", None)
        if lines or postcode:
            person["addresses"] = [{"lines": lines or "not known", **({"postcode": postcode} if postcode else {})}]
        if phone := person.pop("phone", None):
            person["phones"] = [phone]
        people.append(
            {"ref": name, "role": person.pop("role", "child" if name.startswith("child-") else "other"), **person}
        )
    children = [one["ref"] for one in people if one["role"] == "child"]
    related = {"parent": "parent", "carer": "carer"}
    links = [
        {"person": one["ref"], "kind": related[one["role"]], "of": child}
        for one in people if one["role"] in related
        for child in children
    ]  # fmt: skip
    return people, links


def _not_taken(step: Step, values: Mapping[str, str], pack: PolicyPack, channel: Channel) -> dict[str, str]:
    """What the contract does not take of one page, whatever the page's own rules say."""
    account = account_of(values, pack, channel)
    try:
        Account.model_validate(account)
    except ValidationError as error:
        places = [
            _field_at(one["loc"], account) for one in error.errors(include_input=False) if one["type"] != "missing"
        ]
        return {one.name: f"{one.label}: {_ANOTHER_WAY}" for one in step.fields if one.name in places}
    return {}


def _field_at(place: tuple[int | str, ...], account: Mapping[str, Any]) -> str:
    """The name of the field that stands at a place of an account: the reverse of `account_of`."""
    names = [str(one) for one in place if isinstance(one, str)]
    if names[:1] == ["people"] and len(place) > 1:
        last = {"addresses": "address", "phones": "phone"}.get(names[1], names[1]) if len(names) > 1 else "given_name"
        person: str = account["people"][place[1]]["ref"]
        return f"{person}.{'postcode' if names[-1] == 'postcode' else last}"
    return ".".join(["consent", *names[1:]] if names[:1] == ["consents"] else names)


def _asked(people: list[dict[str, Any]]) -> str | None:
    return next((one["ref"] for one in people if one["role"] in ("parent", "carer")), None)


def _wrong_referrer(values: Mapping[str, str], pack: PolicyPack, channel: Channel) -> Iterator[tuple[str, str]]:
    """What the pack asks of every referrer on this way in, and is blank (IN-12)."""
    referrer = {
        name: values.get(f"referrer.{name}", "").strip() or None for name in ("name", "address", "phone", "email")
    }
    if not unnamed_may(pack, values.get("referrer.kind", ""), channel):
        for path in missing_mandatory(pack.good_referral, {"referrer": referrer}, channel):
            place = path.partition("|")[0]
            yield place, "Enter a telephone number or an e-mail address" if "|" in path else "Enter this"
    if (email := referrer["email"]) and not _is_email(email):
        yield "referrer.email", "Enter an e-mail address like name@example.org, or leave it blank"


def _is_email(text: str) -> bool:
    name, _, host = text.partition("@")
    return bool(name and host) and "@" not in host and not any(sign.isspace() for sign in text) and len(text) <= 254


def _wrong_person(step: Step, values: Mapping[str, str], today: date) -> Iterator[tuple[str, str]]:
    said = nested((one, values.get(one.name, "")) for one in step.fields).get(step.id, {})
    assert isinstance(said, dict)
    try:
        _POSTCODE.validate_python(said.get("postcode", ""))
    except ValidationError:
        yield f"{step.id}.postcode", "Enter a postcode, or leave it blank"
    try:
        person = Person.model_validate(
            {"ref": step.id, "role": "child", "born": said.get("born"), "expected": said.get("expected")}
        )
    except ValidationError:
        yield f"{step.id}.expected", "Give the date of birth or the expected date, not both"
        return
    for fault in faults_of_birth(person, f"$.{step.id}", today):
        yield fault.path.removeprefix("$."), _sentence(fault)


def _sentence(fault: Problem) -> str:
    return f"This is {fault.found}: {fault.fix.partition(';')[0]}"


def key_of(submission: UUID) -> str:
    """What makes sending the form once of however many presses."""
    return f"form:{submission}"
