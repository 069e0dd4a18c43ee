"""Write the tables and diversities of docs/artist.md anew, from `model_quality --json` and `homage_words --json`.

A part stands between `<!-- PART of PACK -->` and `<!-- end -->`; its figures are those of PACK.json in the folder, or
PACK-words.json for the part `words`. The prose between the tables is left as it is.

    python -m benchmarks.artist_tables docs/artist.md --figures docs/figures
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
_BLOCK = re.compile(r"(?P<head><!-- (?P<part>\w+) of (?P<pack>[a-z0-9-]+) -->)\n.*?<!-- end -->", re.DOTALL)


def number(value: float | None, digits: int = 2) -> str:
    """Write a number, or a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def style_table(found: Figures) -> str:
    """Tell how near the style comes, and how much of the way that is."""
    rows = []
    for row in found["style"]:
        way = found["progress"].get(row["paintings"] + ("" if row["asked"] == "by chance" else ", as tagged"), {})
        went = "" if row["pictures"] == "base alone" else _interval(way, "value")
        parts = [number(row[part]) for part in ("colour", "texture", "line", "composition", "overall")]
        spread = f"{number(row['low'])}–{number(row['high'])}"
        rows.append([row["asked"], row["paintings"], row["pictures"], *parts, spread, went])
    heads = [
        "asked",
        "against",
        "pictures",
        "colour",
        "texture",
        "line",
        "composition",
        "overall",
        "95 %",
        "of the way",
    ]
    return markdown(heads, rows)


def slider_table(found: Figures) -> str:
    """Tell how each slider's measure follows its weight, and what else changes."""
    rows = []
    for row in found["sliders"]:
        others = sorted(row["changes"].items(), key=lambda change: -abs(change[1]))
        told = ", ".join(f"{name} {value:+.2f}" for name, value in others if name != row["measured"])
        figures = [number(row["rank"]), number(row["ordered"]), number(row["slope"], 3), number(row["layout"])]
        rows.append([row["attribute"], row["measured"], str(row["judged"]), *figures, told])
    heads = ["slider", "measured by", "seeds", "rank correlation", "ends in order", "slope", "layout kept", "what else"]
    return markdown(heads, rows)


def word_table(rows: Sequence[Figures]) -> str:
    """Tell how often a word is seen where it was asked for, and where not."""
    keys = ("asked", "unasked", "balanced", "chance", "ceiling")
    lines = [[row["attribute"], row["word"], *(number(row[key]) for key in keys)] for row in rows]
    return markdown(["attribute", "word", "asked for", "not asked for", "balanced", "by chance", "drawn"], lines)


def probe_table(rows: Sequence[Figures]) -> str:
    """Tell how well the pictures asked for a word are told from the others."""
    lines = []
    for row in rows:
        spread = f"{number(row['low'])}–{number(row['high'])}"
        apart, base, drawn = (number(row[key]) for key in ("with the style", "base", "drawn"))
        lines.append([row["attribute"], row["word"], apart, spread, base, drawn])
    return markdown(["attribute", "word", "told apart", "95 %", "base alone", "drawn"], lines)


def pair_table(found: Figures) -> str:
    """Tell how many pictures break at the ends of two sliders."""
    keys = ("flat", "clipped", "off", "broken")
    rows = [[row["ends"], str(row["pictures"]), *(number(row[key]) for key in keys)] for row in found["pairs"]]
    return markdown(["ends", "pictures", *keys], rows)


def diversity_line(found: Figures) -> str:
    """Tell how various the pictures are."""
    colour, composition, same = (number(found["diversity"][key]) for key in ("colour", "composition", "duplicates"))
    own = "of the style's own pictures'"
    return f"Diversity: {colour} {own} in colour, {composition} in composition; near-duplicates {same}."


def _interval(way: Figures, name: str) -> str:
    if way.get(name) is None:
        return "–"
    return f"{number(way[name])} ({number(way['low'])}–{number(way['high'])})"


def part_of(part: str, pack: str, folder: Path) -> str:
    """Write one part of a pack's tables from its file in `folder`."""
    file = folder / (f"{pack}-words.json" if part == "words" else f"{pack}.json")
    found = json.loads(file.read_text("utf-8"))
    if part == "words":
        return probe_table(found)
    if part in ("mixed", "alone"):
        return word_table(found[part])
    writers = {"style": style_table, "sliders": slider_table, "pairs": pair_table, "diversity": diversity_line}
    return writers[part](found)


def main() -> None:
    """Write the page's tables anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, help="the page whose tables are written")
    parser.add_argument("--figures", type=Path, required=True, help="folder of what was measured")
    arguments = parser.parse_args()

    def written(found: re.Match[str]) -> str:
        return f"{found['head']}\n{part_of(found['part'], found['pack'], arguments.figures)}\n<!-- end -->"

    page, count = _BLOCK.subn(written, arguments.page.read_text("utf-8"))
    arguments.page.write_text(page, encoding="utf-8")
    print(f"{arguments.page}: {count} tables written")


if __name__ == "__main__":
    main()
