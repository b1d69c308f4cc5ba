"""What the store says of the duels that the clients saw: every result, and nothing else."""

from typing import Any, Final

import msgspec
from redis import Redis

from scripts.benching.plan import DECK, ROUNDS, Result
from scripts.benching.process import BenchError, Server
from server.core.ids import MatchId
from server.core.match import fold
from server.store.keys import LadderKeys, PartitionKeys
from server.store.log import StoredEntry

BATCH: Final = 200
_entry: Final = msgspec.msgpack.Decoder(StoredEntry)


class Store:
    """The server's Redis, read beside the server."""

    def __init__(self, server: Server) -> None:
        self._redis: Final = Redis(unix_socket_path=str(server.redis_socket))
        self._partition: Final = PartitionKeys(0)
        self._ladder: Final = LadderKeys(DECK)

    def check(self, results: list[Result]) -> None:
        """Compare every result with the record that is kept of its match.

        Raises:
            BenchError: a record is missing, unfinished, or tells another result.
        """
        for start in range(0, len(results), BATCH):
            batch = results[start : start + BATCH]
            for result, raw in zip(batch, self._records(batch), strict=True):
                if _of(raw) != result:
                    raise BenchError(f"The store tells another end of match {result.match}.")

    def check_count(self, duels: int) -> None:
        """Compare the number of settlements with that of all duels played.

        Raises:
            BenchError: a match was settled twice, or not at all.
        """
        found: Any = self._redis.get(self._ladder.changes)
        settled = int(found or 0)
        if settled != duels:
            raise BenchError(f"{duels} duels were played, but {settled} settled.")

    def _records(self, results: list[Result]) -> list[list[bytes]]:
        pipeline: Any = self._redis.pipeline(transaction=False)
        for result in results:
            pipeline.lrange(self._partition.record(MatchId(result.match)), 0, -1)
        found: list[list[bytes]] = pipeline.execute()
        return found


def _of(raw: list[bytes]) -> Result | None:
    """The result in a record; None where it is missing or not of a duel played through."""
    if not raw:
        return None
    state = fold(_entry.decode(entry).entry for entry in raw)
    if state.settled is None or state.settled.ratings is None or len(state.closed) != ROUNDS:
        return None
    if any(None in round_.answers for round_ in state.closed):
        return None
    ratings = [change.after for change in state.settled.ratings]
    return Result(state.created.match, list(state.totals), ratings)
