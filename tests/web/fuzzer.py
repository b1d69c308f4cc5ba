"""Seeded mutations of valid frames: of the map, and of its bytes."""

import json
import random
from collections.abc import Sequence
from typing import Any

import msgpack

from server.wire.codec import MAX_FRAME, SubProtocol
from tests.support.player import DECK, Map

JUNK: tuple[Any, ...] = (
    None,
    True,
    False,
    -1,
    0,
    3,
    4,
    1.0,
    -0.5,
    1e308,
    2**31,
    2**53,
    2**63 - 1,
    -(2**63),
    "",
    "x",
    "\0",
    "é" * 40,
    "</script>",
    "seek",
    "answer",
    "welcome",
    DECK,
    [],
    [[[]]],
    {},
    {"type": "answer"},
    [0] * 40,
)
KEYS = (
    "to",
    "challenge",
    "type",
    "ref",
    "deck",
    "rated",
    "match",
    "round",
    "choice",
    "t",
    "seat",
    "__proto__",
    "",
)


def valid(rng: random.Random, matches: Sequence[str]) -> Map:
    """A legal message, about one of these matches where it is: every other time the latest."""
    match = matches[-1] if rng.random() < 0.5 else rng.choice(matches)
    number, choice = rng.randrange(1, 4), rng.randrange(4)
    # Seldom a resignation: most matches live until their rounds are answered twice.
    messages: dict[str, tuple[int, Map]] = {
        "seek": (10, {"deck": DECK, "rated": rng.random() < 0.5}),
        "cancel_seek": (5, {}),
        "enter": (8, {"match": match}),
        "ready": (10, {"match": match}),
        "answer": (35, {"match": match, "round": number, "choice": choice}),
        "resign": (2, {"match": match}),
        "leave": (4, {"match": match}),
        "watch_ladder": (5, {"deck": DECK}),
        "unwatch_ladder": (4, {"deck": DECK}),
        "ping": (8, {"t": rng.randrange(-(2**63), 2**63)}),
        "challenge": (2, {"deck": DECK, "rated": rng.random() < 0.5, "rounds": 5}),
        "accept_challenge": (1, {"challenge": "K7QWXP"}),
        "decline_challenge": (1, {"challenge": "K7QWXP"}),
        "withdraw_challenge": (1, {"challenge": "K7QWXP"}),
        "rematch": (2, {"match": match}),
        "watch_challenge": (1, {"challenge": "K7QWXP"}),
        "watch_lobby": (1, {"deck": DECK}),
        "unwatch_lobby": (1, {"deck": DECK}),
        "watch_player": (1, {"player": "x"}),
        "unwatch_player": (1, {"player": "x"}),
    }
    weights = [weight for weight, _ in messages.values()]
    (type_,) = rng.choices(list(messages), weights)
    return {"type": type_, **messages[type_][1]}


def mutated(rng: random.Random, message: Map, protocol: SubProtocol) -> bytes:
    """The frame of a message after one to three changes, mostly to the map itself."""
    changed = dict(message)
    if rng.random() < 0.5:
        changed["ref"] = rng.choice(("r", 7, -1))
    for _ in range(rng.randrange(1, 4)):
        _change(rng, changed)
    frame = _written(changed, protocol)
    return frame if rng.random() < 0.93 else _damaged(rng, frame)[: MAX_FRAME + 1]


def _change(rng: random.Random, message: Map) -> None:
    """One change to a map; every third leaves it as it is."""
    roll = rng.randrange(9)
    key = rng.choice(list(message) or ["type"])
    if roll == 0:
        message.pop(key, None)
    elif roll in {1, 2}:
        message[key] = rng.choice(JUNK)
    elif roll == 3:
        message[rng.choice(KEYS)] = rng.choice(JUNK)
    elif roll == 4:
        message["unknown"] = [rng.choice(JUNK)] * rng.randrange(3)
    elif roll == 5:
        value = message.pop(key, None)
        message[rng.choice(KEYS)] = value


def _written(message: Map, protocol: SubProtocol) -> bytes:
    if protocol is SubProtocol.MSGPACK:
        packed: bytes = msgpack.packb(message)
        return packed
    return json.dumps(message).encode()


def _damaged(rng: random.Random, frame: bytes) -> bytes:
    """Bytes flipped, cut, doubled, put in, or far too many."""
    at = rng.randrange(len(frame))
    match rng.randrange(6):
        case 0:
            return frame[:at] + bytes([frame[at] ^ (1 << rng.randrange(8))]) + frame[at + 1 :]
        case 1:
            return frame[:at]
        case 2:
            return frame[:at] + rng.randbytes(rng.randrange(1, 9)) + frame[at:]
        case 3:
            return frame + frame
        case 4:
            return rng.choice((b"[", b"\x91", b'{"a":', b"\x81\xa1a")) * rng.randrange(1, 3000)
        case _:
            return frame[:at] + frame + frame[at:]
