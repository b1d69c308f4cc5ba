"""What is fixed for an installation: also for one that began before it was kept."""

import pytest

from server.store.installation import OtherPartitionsError, agree_on_partitions
from server.store.keys import PARTITIONS, PartitionKeys
from server.store.link import Link


async def test_what_began_before_the_number_was_kept_has_as_many_as_have_a_clock(
    redis_url: str, link: Link
) -> None:
    for number in range(3):
        await link.call("HSET", PartitionKeys(number).clock, "beat", 1)
    for other in (2, 4):
        with pytest.raises(OtherPartitionsError, match="began with --partitions 3,"):
            await agree_on_partitions(redis_url, other)
        await link.call("DEL", PARTITIONS)
    await agree_on_partitions(redis_url, 3)
    assert await link.call("GET", PARTITIONS) == b"3"
