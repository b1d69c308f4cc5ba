"""What an operator can read of a process: Prometheus counters and gauges."""

from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class Metrics:
    """The metrics of one process, in a registry of its own."""

    def __init__(self) -> None:
        self._registry: Final = CollectorRegistry()
        self.connections: Final = Gauge(
            "deckduel_connections", "Open WebSocket connections.", registry=self._registry
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
            "Matches settled by this process.",
            registry=self._registry,
        )
        self.live: Final = Gauge(
            "deckduel_live_matches", "Live matches held here.", registry=self._registry
        )
        self.waiting: Final = Gauge(
            "deckduel_arrivals_waiting",
            "Handshakes that wait for their turn.",
            registry=self._registry,
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
        return generate_latest(self._registry)
