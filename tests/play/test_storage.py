"""When Redis counts as away, and whom it concerns."""

import pytest

from server.play.storage import SILENT_MS, Storage

WHY = OSError("nobody there")


def beaten(partitions: int = 2) -> tuple[Storage, list[bool]]:
    """All partitions have answered at 10 s; and whether any was away, at each change."""
    storage, changes = Storage(partitions), list[bool]()
    for partition in range(partitions):
        storage.answered(partition, 10_000)
    storage.when_it_changes(lambda: changes.append(storage.any_away))
    return storage, changes


@pytest.mark.parametrize(("silent_ms", "away"), [(SILENT_MS - 1, False), (SILENT_MS, True)])
def test_redis_is_away_when_it_has_not_answered_for_two_seconds(
    silent_ms: int, *, away: bool
) -> None:
    storage, changes = beaten()
    storage.silent(0, 10_000 + silent_ms, WHY)
    assert storage.any_away == away
    assert changes == ([True] if away else [])


def test_it_is_said_once_and_once_more_when_it_is_back() -> None:
    storage, changes = beaten()
    for at in (12_000, 14_000):
        storage.silent(0, at, WHY)
    assert storage.answered(0, 15_000)
    assert not storage.answered(0, 15_500)
    assert changes == [True, False]


def test_a_part_that_is_away_concerns_those_who_have_a_match_in_it() -> None:
    storage, _ = beaten()
    storage.silent(1, 12_000, WHY)
    assert not storage.gone
    assert storage.reaches([0])
    assert storage.reaches([])
    assert not storage.reaches([0, 1])


def test_all_of_it_away_concerns_everybody() -> None:
    storage, _ = beaten()
    for partition in (0, 1):
        storage.silent(partition, 12_000, WHY)
    assert storage.gone
    assert not storage.reaches([])
