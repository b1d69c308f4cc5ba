"""What is fixed for an installation once it has begun: its number of partitions."""

from server.store import keys
from server.store.link import Link


class OtherPartitionsError(Exception):
    """The matches lie in another number of partitions; the message is one sentence."""


async def agree_on_partitions(redis_url: str, partitions: int) -> None:
    """Keep the number at the first start, and hold every later one to it.

    Another number would look for every match, and for its review, in the wrong place. One that
    began before the number was kept has as many as have a clock, which every partition has.

    Raises:
        OtherPartitionsError: it began with another number.
        Unavailable: Redis does not answer.
    """
    link = Link(redis_url)
    try:
        await link.open()
        known = await link.call("EXISTS", keys.PARTITIONS)
        begun = 0 if known else await _count_clocks(link)
        kept = await link.call("SET", keys.PARTITIONS, begun or partitions, "NX", "GET")
    finally:
        await link.close()
    number = int(kept or begun or partitions)
    if number != partitions:
        raise OtherPartitionsError(
            f"This installation began with --partitions {number}, in which its matches lie: "
            f"give that number instead of {partitions}."
        )


async def _count_clocks(link: Link) -> int:
    number = 0
    while await link.call("EXISTS", keys.PartitionKeys(number).clock):
        number += 1
    return number
