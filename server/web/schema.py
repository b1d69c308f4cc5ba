"""`GET /api/schema`: the JSON Schema of every message of the socket, made from its types."""

from collections.abc import Mapping
from inspect import cleandoc
from typing import Any, Final, TypeAlias, get_args

from msgspec.json import schema_components

from server.web.contract import Section
from server.wire.client import ClientMessage
from server.wire.messages import PROTOCOL_VERSION, ServerMessage

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ABOUT: Final = (
    "What a socket of this server takes is a ClientMessage, what it sends is a ServerMessage; "
    "`type` says which. Ignore types and keys that you do not know: later ones may be added."
)

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema, or a part of one."""


def messages_schema(page: Mapping[str, Section]) -> Schema:
    """Every message by the name of its type, with its docstring, and its example on the page."""
    kinds = get_args(ClientMessage) + get_args(ServerMessage)
    _, made = schema_components(kinds, ref_template="#/$defs/{name}")
    parts = in_paragraphs(made)
    for kind in kinds:
        section = page.get(str(kind.__struct_config__.tag))
        if section is not None:
            parts[kind.__name__]["examples"] = list(section.answers)
    return {
        "$schema": DIALECT,
        "title": f"The messages of Deckduel, version {PROTOCOL_VERSION}",
        "description": _ABOUT,
        "anyOf": [{"$ref": "#/$defs/ClientMessage"}, {"$ref": "#/$defs/ServerMessage"}],
        "$defs": {
            "ClientMessage": _any_of("What a client may send.", get_args(ClientMessage)),
            "ServerMessage": _any_of("What the server sends.", get_args(ServerMessage)),
            **parts,
        },
    }


def in_paragraphs(parts: Mapping[str, Schema]) -> dict[str, Schema]:
    """The same schemas, their docstrings without the indent that they have in the code."""
    return {
        name: {**part, "description": cleandoc(part.get("description", ""))}
        for name, part in parts.items()
    }


def _any_of(about: str, kinds: tuple[type, ...]) -> Schema:
    return {
        "description": about,
        "anyOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds],
    }
