"""The scenarios: what people do on a whim and what befalls the processes, for some seconds."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

from server.wire import client as asked
from server.wire.messages import ServerMessage
from tests.simulation import laws
from tests.simulation.law_of_seeks import seeks_on
from tests.simulation.person import DECK, Person
from tests.simulation.valkey import Mutant, Valkey
from tests.simulation.world import MOST_HAPPENINGS, Happened, World, world

STORM_S: Final = 6.0
CALM_S: Final = 6.0
"""Long enough for a seek that nobody keeps alive to be dropped, and for its player to hear."""
REST_S: Final = 60.0
LOOK_S: Final = 0.5


def _vanish(made: World, person: Person) -> None:
    person.lose_pages()
    made.loop.call_later(made.rng.random() * 5, person.come)


def _move(made: World, person: Person) -> None:
    person.lose_pages()
    made.loop.call_later(made.rng.random() * 0.2, person.come)


def _resign(_: World, person: Person) -> None:
    if person.match is not None:
        person.ask(asked.Resign(match=person.match))


def _say_again(_: World, person: Person) -> None:
    if person.page is not None and person.page.asked:
        person.ask(person.page.asked[-1].message)


def _close_tab(made: World, person: Person) -> None:
    if person.page is not None:
        person.page.lose()
        made.loop.call_later(0.1, person.come)


def _challenge(made: World, person: Person) -> None:
    to = made.rng.choice([other for other in made.people if other is not person])
    person.ask(asked.Challenge(deck=DECK, to=to.account.id, rated=made.rng.random() < 0.5))


def _accept(_: World, person: Person) -> None:
    if person.challenge is not None:
        person.ask(asked.AcceptChallenge(challenge=person.challenge))


def _withdraw(_: World, person: Person) -> None:
    if person.challenge is not None:
        person.ask(asked.WithdrawChallenge(challenge=person.challenge))


def _rematch(_: World, person: Person) -> None:
    if person.match is not None:
        person.ask(asked.Rematch(match=person.match))


Whim: TypeAlias = Callable[[World, Person], None]
WHIMS: Final[Mapping[str, Whim]] = {
    "seek": lambda _, person: person.seek(),
    "cancel": lambda _, person: person.ask(asked.CancelSeek()),
    "resign": _resign,
    "move": _move,
    "vanish": _vanish,
    "second tab": lambda _, person: person.open_page(),
    "close tab": _close_tab,
    "say again": _say_again,
    "challenge": _challenge,
    "accept": _accept,
    "withdraw": _withdraw,
    "rematch": _rematch,
}


def _cut(made: World) -> None:
    made.rng.choice(made.living).way.cut(made.rng.choice((0.005, 0.2, 2.0, 4.0)))


def _hold_up(made: World) -> None:
    made.rng.choice(made.living).way.hold_up(made.rng.random() * 3)


def _kill(made: World) -> None:
    made.kill(made.rng.choice(made.living))
    made.loop.call_later(made.rng.random(), made.begin_process)


def _gone(made: World) -> None:
    """The store is gone for a while, and forgets nothing."""
    made.cut_off(made.rng.choice((0.1, 1.0, 3.0)))


def _fail_over(made: World, tags: Callable[[World], Collection[str]] = lambda _: ("{m:",)) -> None:
    """A replica takes over that has not heard of the last moments; one at a time, or a later
    one would know more than its master."""
    if made.failing_over:
        return
    made.failing_over = True
    chosen = tags(made)
    copy = made.store.valkey.copy(chosen)

    def take_over() -> None:
        made.note("store", "fails over")
        made.failing_over = False
        made.lost.update(chosen)
        made.cut_off(made.rng.choice((0.0, 0.3, 1.0)))
        made.store.valkey.fail_over(chosen, copy)

    made.loop.call_later(made.rng.random() ** 2, take_over)


Fault: TypeAlias = Callable[[World], None]
FAULTS: Final[Mapping[str, Fault]] = {
    "cut": _cut,
    "deaf": lambda made: made.rng.choice(made.living).inbox.cut(),
    "hold up": _hold_up,
    "kill": _kill,
    "gone": _gone,
    "fail over": _fail_over,
}


class Scenario(NamedTuple):
    """How many people and processes there are, and how often (a second) what happens.

    Whims are each person's, faults the world's.
    """

    people: int
    processes: int
    whims: Mapping[str, float]
    faults: Mapping[str, float]
    flags: Mapping[str, int | str] = {"pair_limits": "off"}


SCENARIOS: Final[Mapping[str, Scenario]] = {
    "duel": Scenario(
        people=2,
        processes=2,
        whims={"move": 0.1, "second tab": 0.1, "say again": 0.2, "resign": 0.02},
        faults={"cut": 0.2, "deaf": 0.2, "hold up": 0.1, "kill": 0.1, "gone": 0.03},
    ),
    "lobby": Scenario(
        people=4,
        processes=3,
        whims={"seek": 0.4, "cancel": 0.5, "move": 0.2, "vanish": 0.15, "resign": 0.5},
        faults={"cut": 0.2, "deaf": 0.1, "hold up": 0.1, "kill": 0.1},
    ),
    "race": Scenario(
        people=4,
        processes=3,
        whims={"seek": 2.0, "cancel": 2.0, "resign": 0.5},
        faults={"hold up": 0.2, "deaf": 0.3},
    ),
    "failover": Scenario(
        people=2,
        processes=2,
        whims={"move": 0.05, "say again": 0.1, "resign": 0.05},
        faults={"fail over": 0.3, "deaf": 0.1, "hold up": 0.1},
    ),
    "challenge": Scenario(
        people=3,
        processes=2,
        whims={
            "seek": 0.2,
            "cancel": 0.2,
            "challenge": 0.4,
            "accept": 0.6,
            "withdraw": 0.2,
            "rematch": 0.2,
            "resign": 0.3,
            "move": 0.1,
        },
        faults={"cut": 0.2, "hold up": 0.1, "kill": 0.1},
    ),
}


class Run(NamedTuple):
    """What came of one seed: the laws that it broke, and its story."""

    seed: str
    broken: list[str]
    trace: list[Happened]
    told: list[tuple[float, str, ServerMessage]]
    """Who was told what, when."""


def run(scenario: str, number: int, valkey: Valkey, mutants: Collection[Mutant] = ()) -> Run:
    """Play one seed of a scenario, and check every law."""
    seed, chosen = f"{scenario} {number}", SCENARIOS[scenario]
    valkey.begin(mutants)
    with world(seed, valkey, **chosen.flags) as made:
        try:
            broken = made.loop.run_until_complete(_live(made, chosen))
        except RuntimeError:
            if len(made.trace) <= MOST_HAPPENINGS:
                raise
            broken = ["left: it never comes to rest"]
    told = [(told.at, who.account.name, told.message) for who, told in made.everything_told()]
    return Run(seed, broken, made.trace, told)


async def _live(made: World, scenario: Scenario) -> list[str]:
    """A storm, a calm, and then everybody goes home; the laws that were broken."""
    for _ in range(scenario.processes):
        made.begin_process()
    for _ in range(scenario.people):
        made.loop.call_later(made.rng.random(), made.add_person().come)
    await _storm(made, scenario)
    made.pace.calm()
    for person in made.people:
        person.rest()
    await asyncio.sleep(CALM_S)
    broken = seeks_on(made)
    for person in made.people:
        person.finish()
    broken += await _rest(made)
    return broken + laws.broken(made)


async def _storm(made: World, scenario: Scenario) -> None:
    acts: list[tuple[float, str, Callable[..., Any]]] = [
        (often, name, partial(WHIMS[name], made, person))
        for person in made.people
        for name, often in scenario.whims.items()
    ]
    acts += [(often, name, partial(FAULTS[name], made)) for name, often in scenario.faults.items()]
    often = [act[0] for act in acts]
    until = made.loop.time() + STORM_S
    while True:
        await asyncio.sleep(made.rng.expovariate(sum(often)))
        if made.loop.time() > until:
            return
        (_, name, act), *_ = made.rng.choices(acts, often)
        if made.living:
            made.note("whim", f"{name}!")
            act()


async def _rest(made: World) -> list[str]:
    """Wait until there is nothing left to do."""
    until = made.loop.time() + REST_S
    while left := laws.left(made):
        if made.loop.time() > until:
            return left
        await asyncio.sleep(LOOK_S)
    await asyncio.sleep(LOOK_S)
    return []
