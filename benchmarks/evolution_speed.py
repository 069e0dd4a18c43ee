"""Measure what a generation costs `evolution`: time of ask and tell together, reading, writing, and the state's size.

Run it from the repository's root: `python -m benchmarks.evolution_speed [--repeats 5]`. It prints a table and, as its
last line, JSON. The bars are those of docs: 200 ms at 10 generations of 8 pictures with one voter, 1 s at 100
generations with 10 voters, 1 MB of JSON.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median

import numpy as np

from benchmarks.taste.spaces import PAPER
from evolution import STRATEGIES, Config, State, Vote, ask, sample, start, tell

SEED = 2000
PICTURES = 8


@dataclass(frozen=True)
class Case:
    """A session as long and as crowded as this, and the most that its next generation may take."""

    generations: int
    voters: int
    bar_ms: float


@dataclass(frozen=True)
class Row:
    """What was measured for one case and strategy; times are medians in milliseconds, the size is in kB."""

    strategy: str
    generations: int
    voters: int
    ask_tell_ms: float
    bar_ms: float
    sample_64_ms: float
    to_json_ms: float
    from_json_ms: float
    json_kb: float


CASES = (Case(generations=10, voters=1, bar_ms=200.0), Case(generations=100, voters=10, bar_ms=1000.0))


def votes_of(voters: int, rng: np.random.Generator) -> list[Vote]:
    """Return a vote of every voter for every picture: a third likes, a third dislikes, a third neither."""
    values = rng.integers(-1, 2, size=(voters, PICTURES))
    return [Vote(f"voter {v}", index, int(value)) for v, row in enumerate(values) for index, value in enumerate(row)]


def grown(case: Case, strategy: str, rng: np.random.Generator) -> State:
    """Return a state with the case's generations, all voted on."""
    state = start(PAPER, SEED, Config(strategy))
    for _ in range(case.generations):
        state, _ = ask(state, PICTURES)
        state = tell(state, votes_of(case.voters, rng))
    return state


def median_ms(call: Callable[[], object], repeats: int) -> float:
    """Time the call, and return the median of its repetitions."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1000)
    return median(times)


def measure(case: Case, strategy: str, repeats: int) -> Row:
    """Measure one more generation after the case's, and what goes with it."""
    rng = np.random.default_rng(SEED)
    state = grown(case, strategy, rng)
    votes = votes_of(case.voters, rng)
    text = state.to_json()
    return Row(
        strategy,
        case.generations,
        case.voters,
        ask_tell_ms=round(median_ms(lambda: tell(ask(state, PICTURES)[0], votes), repeats), 2),
        bar_ms=case.bar_ms,
        sample_64_ms=round(median_ms(lambda: sample(state, 64, seed=0), repeats), 2),
        to_json_ms=round(median_ms(state.to_json, repeats), 2),
        from_json_ms=round(median_ms(lambda: State.from_json(text), repeats), 2),
        json_kb=round(len(text.encode()) / 1000, 1),
    )


def main() -> None:
    """Print the table and the JSON line."""
    parser = argparse.ArgumentParser(description="Time and size of a generation in evolution.")
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    rows = [measure(case, strategy, repeats) for strategy in STRATEGIES for case in CASES]
    columns = list(asdict(rows[0]))
    print("  ".join(f"{column:>12}" for column in columns))
    for row in rows:
        print("  ".join(f"{value:>12}" for value in asdict(row).values()))
    machine = f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
    print(
        json.dumps(
            {"benchmark": "evolution_speed", "seed": SEED, "machine": machine, "rows": [asdict(r) for r in rows]}
        )
    )


if __name__ == "__main__":
    main()
