"""What a server says of its own calls and messages, and values held to it without any leeway."""

from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from tests.support.player import Map, get

Schema = Map


def strict(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same schema without the freedom to add keys: what is not described is an error here."""
    if isinstance(schema, list):
        return [strict(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: strict(inner) for key, inner in schema.items()}
    return told | {"additionalProperties": False} if _is_map(schema) else told


def _is_map(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "object" and "properties" in schema


def validator(schema: Schema, whole: Schema) -> Callable[[object], list[str]]:
    """What is wrong with a value by a part of a whole document."""
    holder = strict({**whole, **schema})
    Draft202012Validator.check_schema(holder)
    checked = Draft202012Validator(holder)
    return lambda value: [error.message for error in checked.iter_errors(value)]


async def messages(url: str) -> Schema:
    """The schema of every message, as a server gives it."""
    return await get(f"{url}/api/schema")


async def openapi(url: str) -> Schema:
    """Every call, as a server gives it."""
    return await get(f"{url}/api/openapi.json")


def faults_of(document: Schema, side: str) -> Callable[[object], list[str]]:
    """What is wrong with a message of a side, `ClientMessage` or `ServerMessage`."""
    defs = {"$defs": document["$defs"]}
    return validator({"$ref": f"#/$defs/{side}"}, defs)
