"""Templates of everything that leaves, checked so that each uses the declared fields of its view alone (ST-12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from icart_common.contracts.base import Slug
from icart_common.policy.base import Sourced, Words
from icart_common.policy.view import View
from icart_common.policy.views import VIEWS

_ENVIRONMENT: Final = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False
)  # plain text only: the pages escape for themselves
_ENVIRONMENT.globals.clear()
_LOOP_FIELDS: Final = frozenset({"index", "first", "last", "length"})


class MessageTemplate(Sourced):
    """A message in the authority's words. `view` names a view of `icart_common.policy.views`."""

    id: Slug
    channel: Literal["message", "page"]
    """`message`: to the agency's topic, its secure mailbox or the referrer's own address; `page`: shown on a page."""
    view: Words
    subject: Words
    """Never holds a name: subjects are seen by mail systems on the way."""
    body: Words


@dataclass(frozen=True)
class Rendering:
    """A message as it leaves; kept with its delivery (ST-12)."""

    template_id: str
    subject: str
    body: str


class WrongView(TypeError):
    """A template was given the view of another audience."""


def render(template: MessageTemplate, view: View) -> Rendering:
    """The message for one recipient. Raises WrongView unless `view` is exactly the one the template names."""
    if type(view).__name__ != template.view:
        raise WrongView(f"template {template.id!r} is for {template.view}, not for {type(view).__name__}")
    fields = {name: getattr(view, name) for name in type(view).model_fields}
    subject = " ".join(_compiled(template.subject).render(fields).split())
    return Rendering(template.id, subject, _compiled(template.body).render(fields).strip() + "\n")


def faults(template: MessageTemplate) -> Iterator[tuple[str, str]]:
    """What is wrong with a template, as pairs of field (`view`, `subject`, `body`) and reason."""
    view = VIEWS.get(template.view)
    if view is None:
        yield "view", f"unknown view {template.view!r}; there are {', '.join(sorted(VIEWS))}"
        return
    for part in ("subject", "body"):
        for reason in _source_faults(getattr(template, part), view):
            yield part, reason
    for name in ("child_name", "child_born", "child_address"):
        if name in template.subject:
            yield "subject", f"a subject may not hold {name}: mail systems on the way see it"


def _source_faults(source: str, view: type[View]) -> Iterator[str]:
    try:
        tree = _ENVIRONMENT.parse(source)
        used = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as error:
        yield f"the template cannot be read, at its line {error.lineno}: {error.message}"
        return
    for name in sorted(used - set(view.model_fields)):
        yield f"{view.__name__} has no field {name!r}; it has {', '.join(sorted(view.model_fields))}"
    for node in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Call)):
        if not _is_loop_field(node):
            yield "a template prints fields and lists alone: it may not reach inside a value or call one"


def _is_loop_field(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Getattr)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "loop"
        and node.attr in _LOOP_FIELDS
    )


@lru_cache(maxsize=1024)
def _compiled(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)
