"""The AsyncAPI 3.0 document of the whole system, built from the topic catalogue, and the page that shows it.

`docs/asyncapi.yaml` is the document; `docs/asyncapi.html` holds the same document inline beside a vendored renderer, so
that it opens from the file system without a network. Both are committed and checked against the code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from icart_common.contracts.base import Message, Part
from icart_common.contracts.catalogue import (
    FAMILIES,
    MAXIMUM_MESSAGE_BYTES,
    MESSAGES,
    RETENTION_DAYS,
    SERVICES,
    Family,
    Partner,
    Topic,
    topics,
)
from icart_common.contracts.schemas import model_schema, opened

Document = dict[str, Any]

EXAMPLES = Path(__file__).parents[3] / "tests" / "contracts" / "examples"
"""The committed example messages, in a checkout; an installed package has none, and its document no examples."""
_PAGE = Path(__file__).with_name("asyncapi.html")
_KAFKA = "0.5.0"
"""Version of AsyncAPI's bindings for Kafka."""
_PLACES = {
    "agency": "The agency's id in the policy pack, for example `highfield-school`; only that agency can use the topic.",
    "authority": "The authority's id in the policy pack, for example `halton`.",
}


def document(partners: Iterable[Partner] | None = None) -> Document:
    """The document of the system as a whole, or, with `partners`, of a deployment with the topics of those agencies."""
    channels = _channels(partners)
    operations: Document = {}
    for name, (family, topic) in channels.items():
        operations |= dict(_operations(name, family, topic))
    payloads = components(MESSAGES.values())
    built = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "iCART: the children's front door",
            "version": version("icart-common"),
            "description": _DESCRIPTION,
            "license": {"name": "MIT"},
            "tags": [{"name": service} for service in SERVICES],
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": _SERVER},
        "channels": {name: _channel(family, topic) for name, (family, topic) in channels.items()},
        "operations": operations,
        "components": {
            "messages": {kind: _message(model) for kind, model in sorted(MESSAGES.items())},
            "schemas": {"Headers": _HEADERS, **dict(sorted(payloads.items()))},
        },
    }
    found: Document = json.loads(json.dumps(built))  # parts that are shared would become YAML aliases
    return found


def text_of(built: Document) -> str:
    """The document as it is committed, in YAML."""
    text: str = yaml.dump(built, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=110)
    return "# Made from the topic catalogue by `icart schema write`: do not edit.\n" + text


def page_of(built: Document) -> str:
    """The page that shows the document. `fetch` of a file is forbidden to a page from the file system, so it is inline."""
    inline = json.dumps(built, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return _PAGE.read_text(encoding="utf-8").replace("{{document}}", inline)


def write(docs: Path) -> list[Path]:
    """Write `asyncapi.yaml` and `asyncapi.html` into the folder `docs`; gives back the files that changed."""
    built = document()
    changed = []
    for name, text_in in _FILES.items():
        path, text = docs / name, text_in(built)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def is_current(path: Path) -> bool:
    """Whether a committed file (`asyncapi.yaml`, `asyncapi.html`), or both of a folder, are what the code says now."""
    paths = [path / name for name in _FILES] if path.is_dir() else [path]
    if not all(file.name in _FILES and file.exists() for file in paths):
        return False
    built = document()
    return all(file.read_text(encoding="utf-8") == _FILES[file.name](built) for file in paths)


_FILES: dict[str, Callable[[Document], str]] = {"asyncapi.yaml": text_of, "asyncapi.html": page_of}


def _channels(partners: Iterable[Partner] | None) -> dict[str, tuple[Family, Topic | None]]:
    if partners is not None:
        return {topic.name: (topic.family, topic) for topic in topics(partners)}
    return {family.name.replace("{", "").replace("}", ""): (family, None) for family in FAMILIES}


def _channel(family: Family, topic: Topic | None) -> Document:
    retention = topic.retention_ms if topic else RETENTION_DAYS * 86_400_000
    writers, readers = (topic.writers, topic.readers) if topic else (family.writers, family.readers)
    channel: Document = {
        "address": topic.name if topic else family.name,
        "title": family.purpose,
        "description": (
            f"Owner: {family.owner}. Written by {_people(writers)}; read by {_people(readers)}. Key: {family.key}."
        ),
        "messages": {message.TYPE: _ref("components/messages", message.TYPE) for message in family.messages},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions if topic else family.partitions,
                "topicConfiguration": {
                    "cleanup.policy": ["delete"],
                    "retention.ms": retention,
                    "max.message.bytes": MAXIMUM_MESSAGE_BYTES,
                },
                "bindingVersion": _KAFKA,
            }
        },
        "tags": [{"name": family.owner}],
    }
    places = [place for place in _PLACES if f"{{{place}}}" in family.name]
    if places and topic is None:
        channel["parameters"] = {place: {"description": _PLACES[place]} for place in places}
    return channel


def _people(principals: tuple[str, ...]) -> str:
    return ", ".join("the agency" if name == "{agency}" else name for name in principals) or "nobody yet"


def _operations(name: str, family: Family, topic: Topic | None) -> Iterator[tuple[str, Document]]:
    writers, readers = (topic.writers, topic.readers) if topic else (family.writers, family.readers)
    for action, principals in (("send", writers), ("receive", readers)):
        for principal in principals:
            who = principal.strip("{}")
            yield (
                f"{who}.{action}.{name}",
                {
                    "action": action,
                    "channel": _ref("channels", name),
                    "title": f"{who} {'writes' if action == 'send' else 'reads'} {family.purpose}",
                    "tags": [{"name": who}],
                    "bindings": {"kafka": _reader(who) if action == "receive" else {"bindingVersion": _KAFKA}},
                },
            )


def _reader(who: str) -> Document:
    if who not in SERVICES:
        return {"bindingVersion": _KAFKA}
    return {"groupId": {"type": "string", "enum": [who]}, "bindingVersion": _KAFKA}


def _message(model: type[Message]) -> Document:
    kind = model.TYPE
    keys = sorted({family.key for family in FAMILIES if model in family.messages})
    message: Document = {
        "name": kind,
        "title": model.__name__,
        "contentType": "application/json",
        "headers": {
            "allOf": [_ref("components/schemas", "Headers"), {"properties": {"ce_type": {"const": kind}}}],
        },
        "payload": _ref("components/schemas", model.__name__),
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": "; or ".join(keys)}, "bindingVersion": _KAFKA},
        },
    }
    if "__doc__" in vars(model) and model.__doc__:
        message["summary"] = model.__doc__.strip().splitlines()[0]
    example = EXAMPLES / f"{kind}.json"
    if example.exists():
        message["examples"] = [{"name": "example", "payload": json.loads(example.read_text(encoding="utf-8"))}]
    return message


def components(models: Iterable[type[Part]]) -> dict[str, Document]:
    """The open schema of every model and of every part of it, by the name of its class, as `components/schemas` holds them."""
    found: dict[str, Document] = {}
    for model in models:
        schema = opened(model_schema(model, "#/components/schemas/{model}"))
        for name, part in (*schema.pop("$defs", {}).items(), (model.__name__, schema)):
            if found.setdefault(name, part) != part:
                raise ValueError(f"two different contracts are called {name}: give one of them a name of its own")
    return found


def _ref(place: str, name: str) -> Document:
    return {"$ref": f"#/{place}/{name}"}


_DESCRIPTION = f"""\
Every message that travels between partner agencies and the services of the front door, made from the topic catalogue.

- **Envelope**: CloudEvents 1.0 in Kafka's binary mode: the headers `ce_*` around a value of JSON in UTF-8.
- **Once**: `ce_id` is the key by which a message that is sent twice is handled once.
- **The sender is who the topic says it is**: a body that names another agency is refused.
- **Versions** stand at the end of a type's name. Write the declared fields alone; when you read, pass by fields that you do
  not know, because a newer producer may add them.
- **Personal data** is in the value alone: never in a key, a header or a topic's name.
- **Retention** is {RETENTION_DAYS} days on every topic; a record has at most {MAXIMUM_MESSAGE_BYTES} bytes.
"""

_SERVER: Document = {
    "host": "{bootstrap}",
    "protocol": "kafka",
    "description": "Apache Kafka. Every agency has a principal of its own, which sees its own topics alone.",
    "variables": {
        "bootstrap": {"default": "localhost:9092", "description": "A broker of the deployment, as host and port."},
    },
}

_ID: Document = {"type": "string", "format": "uuid"}
_HEADERS: Document = {
    "type": "object",
    "description": "CloudEvents 1.0, binary mode. Each header is UTF-8 text.",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {**_ID, "description": "The message's own id, best a UUIDv7: what is sent again keeps it."},
        "ce_source": {"type": "string", "description": "Who wrote it: a service, or the agency's system."},
        "ce_type": {"type": "string", "description": "The message's type, with its version at the end."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it was said, with its zone."},
        "ce_subject": {"type": "string", "description": "The id of the thing that it is about; also the record's key."},
        "ce_authority": {"type": "string", "description": "The authority's id in the policy pack."},
        "ce_correlationid": {**_ID, "description": "Shared by all that follows from one first message."},
        "ce_causationid": {**_ID, "description": "The message that this one follows from."},
        "ce_replayof": {**_ID, "description": "The dead letter that this is sent again for."},
        "traceparent": {"type": "string", "description": "W3C trace context."},
        "content-type": {"const": "application/json"},
    },
}
