"""`GET /api/openapi.json`: every HTTP call, made from the table that its route is made from."""

import inspect
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from msgspec.json import schema_components

from server.web.calls import NOT_SIGNED_IN, UNAVAILABLE, Call, ErrorBody, Trouble
from server.web.contract import Section
from server.web.schema import Schema, in_paragraphs
from server.web.session import COOKIE
from server.wire.messages import PROTOCOL_VERSION

OF_BODIES: Final = frozenset({Trouble(408, "too_slow"), Trouble(413, "too_large")})
_PLACE: Final = re.compile(r"\{(\w+)\}")
_REF: Final = "#/components/schemas/{name}"
_ABOUT: Final = (
    "Whoever signs up is remembered by a cookie; a client that is no browser sends the token "
    "instead. Ignore keys that you do not know: later ones may be added."
)
_SECURITY: Final[Schema] = {
    "token": {"type": "http", "scheme": "bearer", "description": "The `token` of a sign-up."},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
}
PLACES: Final = {
    "deck": "A deck, by its id.",
    "player": "A player, by id.",
    "match": "A match, by id.",
    "game": "The `game` that was dealt.",
    "challenge": "A challenge, by its code.",
    "passkey": "A passkey of the caller, by id.",
}
"""What may stand in a path."""


def openapi(calls: Sequence[Call], page: Mapping[str, Section]) -> Schema:
    """The calls as an OpenAPI 3.1 document, with their words and examples on the page."""
    used = (kind for call in calls for kind in (call.answer, call.body, call.query))
    kinds = [ErrorBody, *(kind for kind in used if kind not in (None, str))]
    found, made = schema_components(kinds, schema_hook=_anything, ref_template=_REF)
    shapes = dict(zip(kinds, found, strict=True))
    parts = in_paragraphs(made)
    # Of a query only the keys are told, as parameters.
    queries: Mapping[object, Schema] = {
        call.query: parts.pop(call.query.__name__) for call in calls if call.query
    }
    paths: dict[str, Schema] = defaultdict(dict)
    for call in calls:
        section = page.get(f"{call.method} {call.path}", Section("", (), ()))
        paths[call.path][call.method.lower()] = _operation(
            call, section, shapes, queries.get(call.query, {})
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Deckduel", "version": str(PROTOCOL_VERSION), "description": _ABOUT},
        "security": [{}, *_ways_to_sign_in()],
        "paths": paths,
        "components": {"schemas": parts, "securitySchemes": _SECURITY},
    }


def _anything(kind: type) -> Schema:
    """What stands in a map that others define, such as a browser's passkey."""
    if kind is not object:
        raise NotImplementedError
    return {"description": "Anything."}


def _operation(
    call: Call, section: Section, shapes: Mapping[object, Schema], query: Schema
) -> Schema:
    told: Schema = {
        "summary": (inspect.getdoc(call.handler) or "").partition("\n")[0],
        "description": section.words,
        "operationId": "_".join([call.method.lower(), *re.findall(r"\w+", call.path)]),
        "parameters": [*_places(call.path), *_queries(query)],
        "responses": {str(call.status): _answer(call, section, shapes), **_errors(call, shapes)},
    }
    if call.body is not None:
        told["requestBody"] = {
            "required": True,
            "content": _json(shapes[call.body], section.bodies),
        }
    if NOT_SIGNED_IN in call.errors:
        told["security"] = _ways_to_sign_in()
    return told


def _ways_to_sign_in() -> list[Schema]:
    return [{way: []} for way in _SECURITY]


def _places(path: str) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "description": PLACES.get(name, ""),
        }
        for name in _PLACE.findall(path)
    ]


def _queries(schema: Schema) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema["required"],
            "schema": shape,
            "description": shape.get("description", ""),
        }
        for name, shape in schema.get("properties", {}).items()
    ]


def _answer(call: Call, section: Section, shapes: Mapping[object, Schema]) -> Schema:
    about = HTTPStatus(call.status).phrase
    if call.answer is None:
        return {"description": about}
    if call.answer is str:
        return {"description": about, "content": {"text/plain": {"schema": {"type": "string"}}}}
    return {"description": about, "content": _json(shapes[call.answer], section.answers)}


def _errors(call: Call, shapes: Mapping[object, Schema]) -> Schema:
    """What a call may answer instead, by its status."""
    words: dict[int, list[str]] = defaultdict(list)
    for status, error in sorted(errors_of(call)):
        words[status].append(error)
    return {
        str(status): {
            "description": ", ".join(f"`{error}`" for error in errors),
            "content": _json(
                {"allOf": [shapes[ErrorBody]], "properties": {"error": {"enum": errors}}}, ()
            ),
        }
        for status, errors in words.items()
    }


def errors_of(call: Call) -> frozenset[Trouble]:
    """Every error that a call may answer, with those that go without saying."""
    found = {*call.errors, UNAVAILABLE}
    return frozenset(found | OF_BODIES if call.body is not None else found)


def _json(schema: Schema, examples: Iterable[object]) -> Schema:
    media: dict[str, Any] = {"schema": schema}
    named = {f"example {number}": {"value": one} for number, one in enumerate(examples, 1)}
    return {"application/json": media | ({"examples": named} if named else {})}
