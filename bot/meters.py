"""The meters: what is measured while the bot runs, in a registry of its own that Prometheus can read.

Names nobody, and holds no words that people wrote. What the database knows is asked of it when somebody looks.
"""

from __future__ import annotations

from collections import deque

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

RECENT = 1_000
"""Of so many taps the median is told."""


class Meters:
    """Counts from the start of the process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.recent_taps: deque[float] = deque(maxlen=RECENT)
        self._taps = Histogram(
            "vernissage_tap_seconds",
            "From when a tap's turn has come to its answer",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self.registry,
        )
        self._failures = Counter("vernissage_update_failures", "Updates whose handling failed", registry=self.registry)
        self._pictures = Counter("vernissage_pictures_painted", "Pictures painted", registry=self.registry)
        self._paintings = Histogram(
            "vernissage_painting_seconds",
            "From the order of an album to its pictures, waiting included",
            buckets=(0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800),
            registry=self.registry,
        )
        self._operators = Counter(
            "vernissage_operator_orders",
            "What operators ordered, or others tried to",
            ["verdict"],
            registry=self.registry,
        )
        self.sessions = Gauge("vernissage_sessions", "Sessions that are not closed", ["phase"], registry=self.registry)
        self.totals = Gauge("vernissage_total", "How many there are, of all time", ["what"], registry=self.registry)
        self.drained = Gauge("vernissage_drained", "1 while no new work is taken", registry=self.registry)

    def tap(self, seconds: float) -> None:
        """Count a tap that was answered."""
        self.recent_taps.append(seconds)
        self._taps.observe(seconds)

    def failure(self) -> None:
        """Count an update whose handling failed."""
        self._failures.inc()

    def painted(self, pictures: int, seconds: float) -> None:
        """Count an album that was painted."""
        self._pictures.inc(pictures)
        self._paintings.observe(seconds)

    def order(self, verdict: str) -> None:
        """Count an order of an operator's, or a try at one."""
        self._operators.labels(verdict).inc()
