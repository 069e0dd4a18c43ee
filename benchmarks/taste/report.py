"""Writes the figures into docs: raw ones as JSON, charts as pictures, tables between the marks in taste.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.taste import bars, charts, tables
from benchmarks.taste.parts import PARTS
from benchmarks.taste.sessions import Results, execute, load, save

_OURS = "guided"
_RIVALS = ("rivals", "tpe", "qeubo", "preferential-gp")


def measure_parts(names: Iterable[str], docs: Path, processes: int, is_guided_only: bool = False) -> None:
    """Run the parts one after another, and write each one's raw figures as soon as it is there.

    With `is_guided_only` the figures of rivals that are no kind of guided are kept where a part was measured before:
    sessions are decided by their seeds, so they would come out the same.
    """
    for name in names:
        print(f"== {name}", flush=True)
        plan, kept = PARTS[name], Results(PARTS[name].seeds)
        if is_guided_only and _raw(docs, name).exists():
            kept = load(_raw(docs, name))[0].without(_OURS)
            plan = replace(plan, rivals=tuple(rival for rival in plan.rivals if rival.startswith(_OURS)))
        save(execute(plan, processes).with_others(kept, PARTS[name]), _raw(docs, name))


def write_report(docs: Path) -> None:
    """Write tables and charts from all raw figures that are there.

    Raises:
        ValueError: taste.md lacks the marks of a table.
    """
    files = {name: _raw(docs, name) for name in PARTS if _raw(docs, name).exists()}
    parts = {name: load(file)[0] for name, file in files.items()}
    provenance = {name: load(file)[1:] for name, file in files.items()}
    pictures = draw_charts(parts, docs / "pictures")
    page = docs / "taste.md"
    text = page.read_text(encoding="utf-8")
    for name, written in _written(parts, provenance).items():
        text = _between_marks(text, name, "\n\n".join([*pictures.pop(name, []), written]))
    for name, shown in pictures.items():
        text = _between_marks(text, name, "\n".join(shown))
    for name in PARTS:
        if name not in parts and f"<!-- {name} -->" in text:
            text = _between_marks(text, name, _unmeasured(name))
    page.write_text(text, encoding="utf-8")


def draw_charts(parts: Mapping[str, Results], folder: Path) -> dict[str, list[str]]:
    """Draw the charts of the parts that are there, and return how each place of the page shows its own."""
    shown: dict[str, list[str]] = {}

    def show(place: str, words: str, name: str) -> Path:
        shown.setdefault(place, []).append(f"![{words}](pictures/taste-{name}.png)")
        return folder / f"taste-{name}.png"

    if "core" in parts:
        charts.by_cell(parts["core"], parts["core"].rivals, show("core", "Learning curves in each cell", "core"))
    hard = _panels(parts, ("likes-only", "sigma-1", "sigma-0.35"))
    if hard:
        charts.pooled_panels(hard, show("hard-votes", "Likes only, much noise, little noise", "hard-votes"))
    if "rivals" in parts:
        charts.pooled_panels(_panels(parts, ("rivals",)), show("rivals", "Learning curves of rivals", "rivals"))
    slow = _panels(parts, _RIVALS[1:])
    if slow:
        charts.pooled_panels(slow, show("rivals", "Learning curves of rivals that think for seconds", "slow-rivals"))
    if "prior" in parts:
        panels = [
            (f"prior from {kind} people", _only(parts["prior"], "prior", kind), parts["prior"].rivals)
            for kind in ("related", "unrelated")
        ]
        charts.pooled_panels(panels, show("prior", "With a prior and without", "prior"))
    if "drift" in parts:
        charts.pooled_panels(_panels(parts, ("drift",)), show("drift", "Learning curves of drifting tastes", "drift"))
    return shown


def _panels(parts: Mapping[str, Results], names: Iterable[str]) -> list[tuple[str, Results, list[str]]]:
    return [(name, parts[name], parts[name].rivals) for name in names if name in parts]


def _written(parts: Mapping[str, Results], provenance: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return the Markdown of each table whose figures are there."""
    written = {
        "bars": tables.markdown(
            ["bar", "measured", "holds"],
            [[bar.promise, bar.measured, "yes" if bar.holds else "**no**"] for bar in bars.judge(parts)],
            is_words=True,
        ),
        "provenance": tables.markdown(
            ["figures", "seeds", "`evolution` at", "machine"],
            [
                [
                    f"[{name}](figures/taste-{name}.json)",
                    f"{parts[name].seeds[0]} … {parts[name].seeds[-1]}",
                    f"`{commit}`",
                    machine,
                ]
                for name, (commit, machine) in provenance.items()
            ],
            is_words=True,
        ),
    }
    makers: dict[str, Callable[[Results], str]] = {
        "core": _core,
        "likes-only": lambda results: tables.leads(results, [bars.PAIR], "percentile"),
        "sigma-1": lambda results: tables.leads(results, [bars.PAIR], "percentile"),
        "sigma-0.35": lambda results: tables.leads(results, [bars.PAIR], "percentile", by_cell=False),
        "prior": _prior,
        "camps": _camps,
        "stuffer": _stuffer,
        "drift": lambda results: tables.levels(results, "percentile"),
        "ablations": _ablations,
    }
    written |= {name: make(parts[name]) for name, make in makers.items() if name in parts}
    found = [parts[name] for name in _RIVALS if name in parts]
    if found:
        written["rivals"] = "\n\n".join(_rivals(results) for results in found)
    return written


def _unmeasured(name: str) -> str:
    return f"Not measured for this page yet: `python -m benchmarks.taste --report docs --parts {name}`."


def _core(results: Results) -> str:
    return "\n\n".join(
        (
            "Lead of `guided` over `paper` in percentiles of the sample:",
            tables.leads(results, [bars.PAIR], "percentile"),
            "Lead in the mean utility of the album that people see:",
            tables.leads(results, [bars.PAIR], "album", by_cell=False),
            "All measures after the last album, averaged over all cells:",
            tables.measures(results),
            "Pictures seen (votes given) until the mean percentile is at 80, 90 and 95:",
            _marks(results),
        )
    )


def _marks(results: Results) -> str:
    albums = sorted({cell.album for cell in results.cells})
    rows = []
    for rival in results.rivals:
        for space in sorted({cell.space for cell in results.cells}, reverse=True):
            row: list[object] = [f"{rival}, {space} space"]
            for album in albums:
                cells = [cell for cell in results.cells if cell.space == space and cell.album == album]
                row.append(" · ".join(tables.until(results, cells, rival, mark) for mark in tables.MARKS))
            rows.append(row)
    return tables.markdown(["", *(f"albums of {album}" for album in albums)], rows)


def _rivals(results: Results) -> str:
    others = [rival for rival in results.rivals if rival != "guided"]
    seeds = f"{len(results.seeds)} seeds a cell"
    return "\n\n".join(
        (
            f"Lead of `guided`, in percentiles, pooled over the cells with albums of 6 ({seeds}):",
            tables.leads(results, [("guided", rival) for rival in others], "percentile", by_cell=False),
            "Where each stands after the last album:",
            tables.measures(results),
        )
    )


def _prior(results: Results) -> str:
    pieces = []
    for kind in ("related", "unrelated"):
        some = _only(results, "prior", kind)
        pieces += [
            f"Prior from {kind} people, gain in percentiles over none:",
            tables.leads(some, [("guided", "guided-no-prior")], "percentile"),
        ]
        pieces += [
            f"The percentile itself ({kind}), after 2 albums:",
            tables.levels_by_cell(some, "percentile", some.rivals, 2),
        ]
    return "\n\n".join(pieces)


def _camps(results: Results) -> str:
    pieces = []
    for title, measure in (
        ("Best quarter of the sample for the least-served voter", "worst_quarter"),
        ("Mean of the sample over all voters", "mean"),
    ):
        pieces += [f"{title}:", tables.levels(results, measure, digits=2)]
    return "\n\n".join(pieces)


def _stuffer(results: Results) -> str:
    pieces = []
    for people, title in (("honest", "Four honest voters alone"), ("stuffer", "The same four, and a stuffer")):
        some = _only(results, "people", people)
        pieces += [f"{title}, mean of the sample for the four:", tables.levels(some, "mean", digits=2)]
    return "\n\n".join(pieces)


def _ablations(results: Results) -> str:
    others = [rival for rival in results.rivals if rival != "guided"]
    return "\n\n".join(
        (
            "What `guided` is ahead of itself without, in percentiles, pooled:",
            tables.leads(results, [("guided", rival) for rival in others], "percentile", by_cell=False),
            "All measures after the last album:",
            tables.measures(results),
        )
    )


def _only(results: Results, attribute: str, value: str) -> Results:
    """Return the results of the cells of which an attribute has this value."""
    curves = {key: measures for key, measures in results.curves.items() if getattr(key[0], attribute) == value}
    return Results(results.seeds, curves)


def _raw(docs: Path, name: str) -> Path:
    return docs / "figures" / f"taste-{name}.json"


def _between_marks(text: str, name: str, table: str) -> str:
    pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"taste.md has no place for {name!r}: put <!-- {name} --> and <!-- end --> where it shall be")
    return pattern.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", text)
