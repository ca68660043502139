"""What stands below a field in the source, as the description of that field in its JSON Schema.

Read when a schema is made, not when the classes are: to read the source of four hundred classes was a third of each start.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import ModelSchema


class Described(GenerateJsonSchema):
    """JSON Schemas whose fields are described by the text below them."""

    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        """The schema of a model with the descriptions of its fields; one that a field brings itself stays."""
        found = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        for name, part in found.get("properties", {}).items():
            text = description(model, name)
            if text and model.model_fields[name].description is None:
                part["description"] = text
        return found


def description(model: type[BaseModel], field: str) -> str | None:
    """The text below a field where the nearest class that declares it does so."""
    for kind in model.__mro__:
        if field in vars(kind).get("__annotations__", {}):
            return _below_fields(kind.__module__).get((kind.__qualname__, field))
    return None


@cache
def _below_fields(module: str) -> dict[tuple[str, str], str]:
    """The texts of a module, by class and field."""
    found = {}
    for kind in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(kind, ast.ClassDef):
            for field, text in zip(kind.body, kind.body[1:], strict=False):
                match field, text:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                        found[kind.name, name] = inspect.cleandoc(words)
    return found
