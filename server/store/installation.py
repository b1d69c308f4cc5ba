"""What is fixed for an installation once it has begun: its number of partitions."""

from server.store import keys
from server.store.link import Link


class OtherPartitionsError(Exception):
    """The matches lie in another number of partitions; the message is one sentence."""


async def agree_on_partitions(redis_url: str, partitions: int) -> None:
    """Keep the number at the first start, and hold every later one to it.

    Another number would look for every match, and for its review, in the wrong place.

    Raises:
        OtherPartitionsError: it began with another number.
        Unavailable: Redis does not answer.
    """
    link = Link(redis_url)
    try:
        await link.open()
        kept = await link.call("SET", keys.PARTITIONS, partitions, "NX", "GET")
    finally:
        await link.close()
    if kept is not None and int(kept) != partitions:
        raise OtherPartitionsError(
            f"This installation began with --partitions {int(kept)}, in which its matches lie: "
            f"give that number instead of {partitions}."
        )
