"""What an operator can read of a server: Prometheus counters and gauges.

Workers count together, in files in a folder of their supervisor's: whichever is asked tells
what all have counted, those that are gone too, and what those hold that are there.
"""

import os
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder to prometheus_client, which reads it when it is imported."""


class Metrics:
    """What one process counts, in a registry of its own."""

    def __init__(self) -> None:
        self._registry: Final = CollectorRegistry()
        self.connections: Final = Gauge(
            "deckduel_connections",
            "Open WebSocket connections.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._messages: Final = Counter(
            "deckduel_messages_total",
            "Client messages taken, by type.",
            ["type"],
            registry=self._registry,
        )
        self._refusals: Final = Counter(
            "deckduel_refusals_total",
            "Messages refused, by reason.",
            ["reason"],
            registry=self._registry,
        )
        self.settled: Final = Counter(
            "deckduel_matches_settled_total",
            "Matches settled by this server.",
            registry=self._registry,
        )
        self.live: Final = Gauge(
            "deckduel_live_matches",
            "Live matches held here, those of two workers by both.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self.waiting: Final = Gauge(
            "deckduel_arrivals_waiting",
            "Handshakes that wait for a place.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._by_type: Final[dict[type, Counter]] = {}
        self._by_reason: Final[dict[str, Counter]] = {}

    def message(self, kind: type) -> None:
        """Count a message; label children are kept, looking them up costs too much."""
        child = self._by_type.get(kind)
        if child is None:
            child = self._by_type[kind] = self._messages.labels(kind.__name__)
        child.inc()

    def refusal(self, reason: str) -> None:
        """Count a refusal."""
        child = self._by_reason.get(reason)
        if child is None:
            child = self._by_reason[reason] = self._refusals.labels(reason)
        child.inc()

    def text(self) -> bytes:
        """Everything, in Prometheus's text format."""
        if FOLDER not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
