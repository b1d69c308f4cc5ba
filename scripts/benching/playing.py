"""The client process: plays one phase on one event loop, cheap enough to drive a server."""

import asyncio
import random
import sys

import msgspec
import uvloop

from scripts.benching.clients import Duellist, Mover
from scripts.benching.fleet import Client, Failed, Fleet, say
from scripts.benching.plan import Line, Plan, Played


def clients_of(fleet: Fleet) -> list[Client]:
    """A duellist for each token, or for the echo as many movers of frames."""
    plan = fleet.plan
    if plan.steps is not None:
        (port,) = plan.ports
        return [Mover(fleet, port, plan.steps[at % 2], at % 2) for at in range(len(plan.tokens))]
    # By chance: who comes after another is often paired with him.
    chance = random.Random(1)  # noqa: S311 - the same each time
    return [Duellist(fleet, chance.choice(plan.ports), token) for token in plan.tokens]


async def _play(plan: Plan) -> Played:
    fleet = Fleet(plan)

    def trouble(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        fleet.fail(repr(context.get("exception") or context.get("message")))

    asyncio.get_running_loop().set_exception_handler(trouble)
    fleet.clients = clients_of(fleet)
    return await fleet.run()


def main() -> None:
    """Read the plan, say ready, wait for the word, play, and tell what was seen."""
    plan = msgspec.json.decode(sys.stdin.readline(), type=Plan)
    say(Line("ready"))
    sys.stdin.readline()
    try:
        say(Line("done", played=uvloop.run(_play(plan))))
    except Failed as failure:
        say(Line("failed", str(failure)))


if __name__ == "__main__":
    main()
