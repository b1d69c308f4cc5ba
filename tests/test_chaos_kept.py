"""What a chaos run reads after its end is what Redis keeps, although time goes on meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from scripts.chaosing.judge import Judge
from scripts.chaosing.kept import read
from scripts.chaosing.law_of_ladders import judge_ends
from scripts.chaosing.plan import PARTITIONS
from server.core.events import MatchEnded, Settled
from server.core.outcome import Outcome, Why
from server.store.link import Link
from server.store.log import Mark
from tests.store.given import MATCH, Writer, logs


async def test_the_log_of_a_settled_match_may_run_out_while_all_is_read(
    redis_url: str, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(logs(link, partitions=PARTITIONS))
    await writer.create()
    await writer.append(MatchEnded(Outcome.SEAT_0, Why.PLAYED), mark=Mark.ENDED)
    await writer.append(Settled(None, 0), mark=Mark.SETTLED)
    valkey = Path(redis_url.removeprefix("unix://"))
    before = read(valkey)
    assert before.live == before.records
    assert len(before.records[MATCH]) == 3
    name_all = Redis.scan_iter

    def and_ten_minutes_pass(redis: Redis, *, count: int) -> Iterator[bytes]:
        yield from name_all(redis, count=count)
        redis.pexpire(writer.logs.keys(MATCH).log(MATCH), 0)

    monkeypatch.setattr(Redis, "scan_iter", and_ten_minutes_pass)
    after, judge = read(valkey), Judge()
    judge_ends(judge, after, set())
    assert (after.live, after.records, judge.broken) == ({}, before.records, [])
