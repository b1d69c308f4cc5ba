"""Races that real time rarely meets: a set of seeds breaks no law, and each repeats itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.mutants import FAULTS
from tests.simulation.scenarios import SCENARIOS, run
from tests.simulation.valkey import Valkey

SEEDS = 12
MOST_SEEDS = 200
"""Within so many each fault put in on purpose is found, whatever order the code of the day makes
of a seed; most within the first few, and all within fifty or so."""


@pytest.fixture
def valkey(redis_url: str) -> Iterator[Valkey]:
    """The real Valkey, command by command."""
    valkey = Valkey(Path(redis_url.removeprefix("unix://")))
    yield valkey
    valkey.close()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_order_of_calls_and_replies_breaks_a_law(scenario: str, valkey: Valkey) -> None:
    runs = [run(scenario, number, valkey) for number in range(SEEDS)]
    assert {done.seed: done.broken for done in runs if done.broken} == {}


@pytest.mark.parametrize("what", FAULTS)
def test_seeds_find_a_fault_by_the_law_that_it_breaks(what: str, valkey: Valkey) -> None:
    fault = FAULTS[what]
    with fault.patch():
        runs = (run(fault.scenario, n, valkey, fault.scripts) for n in range(MOST_SEEDS))
        assert any(said.startswith(fault.law) for done in runs for said in done.broken)


def test_a_seed_tells_the_same_story_twice(valkey: Valkey) -> None:
    first, again, other = (run("lobby", number, valkey).trace for number in (1, 1, 2))
    assert first == again
    assert first != other
