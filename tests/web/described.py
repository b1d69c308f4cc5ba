"""What a server says of its own calls and messages, and answers held to it without any leeway."""

import json
import re
from collections.abc import Callable
from typing import Any

import aiohttp
from jsonschema import Draft202012Validator

from tests.support.player import Map, get

Faults = Callable[[object], list[str]]
"""What is wrong with a value, in words."""


def strict(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same schema without the freedom to add keys: what is not described is an error here."""
    if isinstance(schema, list):
        return [strict(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: strict(inner) for key, inner in schema.items()}
    is_map = schema.get("type") == "object" and "properties" in schema
    return told | {"additionalProperties": False} if is_map else told


def faults_by(schema: Map) -> Faults:
    """What is wrong with a value by a whole schema."""
    Draft202012Validator.check_schema(schema)
    checked = Draft202012Validator(strict(schema))
    return lambda value: [error.message for error in checked.iter_errors(value)]


async def messages(url: str) -> Map:
    """The schema of every message, as a server gives it."""
    return await get(f"{url}/api/schema")


def faults_of(document: Map, side: str) -> Faults:
    """What is wrong with a message of a side, `ClientMessage` or `ServerMessage`."""
    return faults_by({"$ref": f"#/$defs/{side}", "$defs": document["$defs"]})


class Asker:
    """Makes calls, and holds each answer to what the document of the server says of the call.

    `heard` are the calls with the statuses, and errors, that they were answered.
    """

    def __init__(self, client: aiohttp.ClientSession, document: Map) -> None:
        self.document = document
        self.heard: set[tuple[str, int, str | None]] = set()
        self.values: dict[str, str] = {}
        self._client = client
        self._held: dict[tuple[str, str], Faults] = {}

    @property
    def calls(self) -> dict[str, Map]:
        """What is said of each call, by method and path."""
        return {
            f"{method.upper()} {path}": call
            for path, methods in self.document["paths"].items()
            for method, call in methods.items()
        }

    def whole(self, schema: Map) -> Map:
        """A schema of the document, with what it refers to."""
        return {**schema, "components": self.document["components"]}

    def documented(self) -> set[tuple[str, int, str | None]]:
        """Everything that the calls may be answered, as in `heard`."""
        found: set[tuple[str, int, str | None]] = set()
        for name, call in self.calls.items():
            for status, response in call["responses"].items():
                if status.startswith("2"):
                    found.add((name, int(status), None))
                else:
                    found |= {(name, int(status), error) for error in _errors(response)}
        return found

    async def ask(
        self,
        name: str,
        body: object = None,
        token: str | None = None,
        query: str = "",
        origin: str = "",
        **values: str,
    ) -> Map:
        """Make a call; its answer is checked, and given."""
        method, path = name.split(" ")
        filled = re.sub(r"\{(\w+)\}", lambda place: (self.values | values)[place[1]], path)
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        sent |= {"Origin": origin} if origin else {}
        async with self._client.request(
            method, f"{filled}?{query}", data=data, headers=sent
        ) as answer:
            response = self.calls[name]["responses"].get(str(answer.status))
            assert response is not None, f"{name}: {answer.status} {await answer.text()}"
            told: Map = {}
            if answer.content_type == "application/json":
                told = await answer.json()
                faults = self._faults(name, str(answer.status))(told)
                assert faults == [], f"{name}: {answer.status} {told} {faults}"
            else:
                assert list(response["content"]) == [answer.content_type], name
            self.heard.add((name, answer.status, told.get("error") if not answer.ok else None))
            return told

    def _faults(self, name: str, status: str) -> Faults:
        """What is wrong with an answer; what says it is made once."""
        if (name, status) not in self._held:
            response = self.calls[name]["responses"][status]
            schema = response["content"]["application/json"]["schema"]
            self._held[name, status] = faults_by(self.whole(schema))
        return self._held[name, status]


def _errors(response: Map) -> list[str]:
    schema = response["content"]["application/json"]["schema"]
    errors: list[str] = schema["properties"]["error"]["enum"]
    return errors
