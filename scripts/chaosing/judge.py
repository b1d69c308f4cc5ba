"""The laws by their names, how often each was held against what there is, and what broke one."""

from collections import Counter
from enum import StrEnum
from typing import Final


class Law(StrEnum):
    """What must hold after whatever was done to the processes."""

    CONTIGUOUS = "every log is contiguous"
    TOLD = "clients were told what the logs say"
    ORDER = "events reached every socket in order"
    ACKNOWLEDGED = "nothing acknowledged is missing"
    ONCE = "every match is settled exactly once"
    ELO = "each change is the Elo of its two records"
    BOARDS = "boards equal records"
    CLOSED = "no match is left open"
    ONE_RESULT = "nobody was told two results"
    SOUND = "no server met a bug of its own or hung"


class Judge:
    """Counts what is held against each law, and keeps what breaks one."""

    def __init__(self) -> None:
        self.checked: Final = Counter[Law]()
        self.broken: Final = list[tuple[Law, str]]()

    def hold(self, law: Law, what: str, *, so: bool) -> bool:
        """Hold one fact against a law; whether it is so."""
        self.checked[law] += 1
        if not so:
            self.broken.append((law, what))
        return so
