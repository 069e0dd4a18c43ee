from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from benchmarks.taste import __main__ as program
from benchmarks.taste.bars import judge
from benchmarks.taste.cells import Cell, cells_of, people_of, prior_of
from benchmarks.taste.parts import PARTS
from benchmarks.taste.report import measure_parts, write_report
from benchmarks.taste.rivals.manual import OneChangeAtATime
from benchmarks.taste.rivals.registry import maker
from benchmarks.taste.rivals.rows import comparisons, painted, repaired, scores_of
from benchmarks.taste.sessions import Plan, Results, execute, load, save
from benchmarks.taste.spaces import LARGE, Pictures, layout_of
from benchmarks.taste.statistics import estimate, pooled

LAYOUT = layout_of(LARGE)
MARKED = ("bars", "provenance", "sigma-1", "hard-votes", "core")
TWO = tuple(cells_of(("paper-additive", "large-peaked"), (4,)))


@pytest.fixture(scope="module")
def measured() -> Results:
    """Two cells, two seeds, two generations of the paper's method and of chance."""
    return execute(Plan(TWO, ("random", "paper"), (2000, 2001), 2))


def test_guided_has_not_fallen_behind_the_papers_method(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """In the quick form of the benchmark, pooled, guided paints better than paper, and more varied pictures."""
    file = tmp_path / "figures.json"
    line = program.main(["--quick", "--rivals", "paper,guided", "--json", str(file)])
    assert line["rivals"]["guided"]["diversity"] > 1.3 * line["rivals"]["paper"]["diversity"]
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == line
    results = load(file)[0]
    leads = [results.lead(results.cells, ("guided", "paper"), "percentile", k).mean for k in (2, 3)]
    assert np.mean(leads) > 0


def test_two_processes_measure_what_one_does(measured: Results) -> None:
    """Figures do not depend on who runs the sessions."""
    again = execute(Plan(TWO, ("random", "paper"), (2000, 2001), 2), processes=2)
    for key, measures in measured.curves.items():
        for name in measures.keys() - {"cpu_s"}:
            assert again.curves[key][name].tolist() == measures[name].tolist()


def test_all_rivals_meet_the_same_people_in_the_first_album() -> None:
    """People come from cell and seed alone."""
    for cell in (Cell("large", "peaked", 4), Cell("paper", "additive", 4, people="camps")):
        album = cell.layout.random(20, np.random.default_rng(0))
        first, again, other = (people_of(cell, seed)[0] for seed in (2000, 2000, 2001))
        for a, b, c in zip(first, again, other, strict=True):
            np.testing.assert_array_equal(a.vote(album, 1), b.vote(album, 1))
            assert not np.array_equal(a.vote(album, 1), c.vote(album, 1))


def test_a_stuffer_is_the_fifth_of_the_same_people() -> None:
    """The four who count are those of the session without a stuffer."""
    honest, counted = people_of(Cell("paper", "additive", 8, people="honest"), 2000)
    stuffed, still_counted = people_of(Cell("paper", "additive", 8, people="stuffer"), 2000)
    rows = stuffed[0].taste.layout.random(50, np.random.default_rng(0)).rows
    assert (counted, still_counted, len(stuffed)) == (4, 4, 5)
    for one, other in zip(honest, stuffed[:4], strict=True):
        np.testing.assert_array_equal(one.taste.utility(rows), other.taste.utility(rows))


def test_a_prior_comes_from_fifty_other_people() -> None:
    """All sessions count, and the voter is none of them."""
    prior = prior_of("paper", "additive", "related", 0.7, False, 2000)
    assert prior is not None
    assert prior.sessions == 50
    assert prior_of("paper", "additive", "none", 0.7, False, 2000) is None


def test_saved_figures_are_read_again(measured: Results, tmp_path: Path) -> None:
    """Leads and means are the same from the file, but for rounding."""
    save(measured, tmp_path / "figures.json")
    again = load(tmp_path / "figures.json")[0]
    for name in ("percentile", "cpu_s", "votes"):
        expected = measured.average(measured.cells, "paper", name, 2)
        assert again.average(again.cells, "paper", name, 2) == pytest.approx(expected, abs=0.06)
    pair = ("paper", "random")
    expected_lead = asdict(measured.lead(measured.cells, pair, "percentile", 2))
    assert asdict(again.lead(again.cells, pair, "percentile", 2)) == pytest.approx(expected_lead, abs=0.06)


def test_rivals_figures_can_be_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Measuring guided alone leaves the figures of others as they were, and gives what measuring all gives."""
    monkeypatch.setitem(PARTS, "drift", Plan(TWO[:1], ("paper", "guided"), (2000, 2001), 2))
    file = tmp_path / "figures" / "taste-drift.json"
    measure_parts(["drift"], tmp_path, 1)
    all_anew = json.loads(file.read_text())
    measure_parts(["drift"], tmp_path, 1, is_guided_only=True)
    guided_anew = json.loads(file.read_text())
    for one, other in zip(all_anew["entries"], guided_anew["entries"], strict=True):
        assert (one["rival"], one["sessions"]) == (other["rival"], other["sessions"])
    assert all_anew["entries"][0] == guided_anew["entries"][0]


def test_kept_figures_of_another_plan_are_refused(measured: Results) -> None:
    """What is missing is named."""
    plan = Plan(TWO, ("random", "paper", "guided"), (2000, 2001), 2)
    with pytest.raises(ValueError, match="guided in paper-additive"):
        measured.with_others(measured, plan)


def test_the_report_stands_between_its_marks(tmp_path: Path) -> None:
    """Tables are replaced, the text around them stays, and a part that was not measured says how to measure it."""
    results = execute(Plan(TWO, ("paper", "guided"), (2000, 2001), 4))
    save(results, tmp_path / "figures" / "taste-sigma-1.json")
    marks = "".join(f"<!-- {name} -->\nold {name}\n<!-- end -->\n" for name in MARKED)
    (tmp_path / "taste.md").write_text(f"Before.\n{marks}After.\n", encoding="utf-8")
    write_report(tmp_path)
    text = (tmp_path / "taste.md").read_text(encoding="utf-8")
    assert text.startswith("Before.\n")
    assert text.endswith("After.\n")
    assert "--parts core`" in text
    assert "--parts sigma-1`" not in text
    assert not any(f"old {name}" in text for name in MARKED)
    assert "guided − paper, pooled" in text
    assert "](pictures/taste-hard-votes.png)" in text
    assert (tmp_path / "pictures" / "taste-hard-votes.png").stat().st_size > 5000


def test_a_report_without_its_marks_is_refused(measured: Results, tmp_path: Path) -> None:
    """A table that has no place is named, with the marks to set."""
    save(measured, tmp_path / "figures" / "taste-drift.json")
    (tmp_path / "taste.md").write_text("<!-- bars -->\n<!-- end -->\n", encoding="utf-8")
    with pytest.raises(ValueError, match="<!-- provenance -->"):
        write_report(tmp_path)


def test_a_bar_that_does_not_hold_is_told() -> None:
    """Who is behind fails the bar, and the least cell is named."""
    cell = Cell("paper", "additive", 8, likes_only=True)
    behind, ahead = np.full((40, 4), 70.0), np.full((40, 4), 80.0)
    results = Results(
        tuple(range(40)), {(cell, "paper"): {"percentile": ahead}, (cell, "guided"): {"percentile": behind}}
    )
    first, second = judge({"likes-only": results})
    assert (first.holds, second.holds) == (False, False)
    assert "paper-additive" in first.measured


def test_an_interval_is_students() -> None:
    """Ten values of deviation 1 have the margin 2.262 / √10."""
    values = np.array([-1.5, 1.5] * 5) * np.sqrt(0.9) / 1.5
    assert estimate(values).mean == pytest.approx(0.0)
    assert estimate(values).margin == pytest.approx(2.2622 / np.sqrt(10), rel=1e-3)
    assert pooled([values, -values]).margin == pytest.approx(0.0, abs=1e-12)


def test_repaired_rows_have_the_counts_of_their_attributes() -> None:
    """Whatever was wished for, the space allows what comes of it, and what was allowed stays."""
    rng = np.random.default_rng(0)
    rows = repaired(LAYOUT, rng.normal(size=(30, LAYOUT.width)), rng)
    for chromosome in LAYOUT.decode(Pictures(rows, np.arange(30))):
        LARGE.check(chromosome)
    np.testing.assert_array_equal(repaired(LAYOUT, rows, rng), rows)


def test_a_surrogate_paints_what_it_finds_worthy() -> None:
    """Pictures drawn by a learned worth are worth more than random ones, all different, at the diversity set."""
    rng = np.random.default_rng(0)
    liked = LAYOUT.random(6, rng).rows
    worth = rng.normal(size=LAYOUT.width)
    found = painted(LAYOUT, lambda rows: rows @ worth, liked, 64, rng)
    assert (found.rows @ worth).mean() > (LAYOUT.random(500, rng).rows @ worth).mean() + 1
    assert len(np.unique(found.rows, axis=0)) == 64
    assert LAYOUT.diversity(found.rows) == pytest.approx(0.3, abs=0.12)


def test_comparisons_and_scores_follow_the_votes() -> None:
    """A better vote is preferred to a worse one; who took no part counts nothing."""
    votes = np.array([[1.0, 0.0, -1.0], [np.nan] * 3])
    scores = scores_of(votes)
    assert scores is not None
    assert scores.tolist() == [1.0, 0.0, -1.0]
    assert comparisons(scores, 10) == [(10, 11), (10, 12), (11, 12)]
    assert scores_of(votes[1:]) is None


def test_manual_prompting_changes_one_attribute_at_a_time() -> None:
    """Each later picture differs from the prompt in one attribute, and a like moves the prompt there."""
    person = OneChangeAtATime(LAYOUT, 2000)
    first = person.ask(6)
    person.tell(np.array([[0.0, 0.0, 1.0, 0.0, 0.0, 0.0]]))
    album = person.ask(6)
    np.testing.assert_array_equal(album.rows[0], first.rows[2])
    changed = [
        sum(bool((row[block.columns] != album.rows[0, block.columns]).any()) for block in LAYOUT.blocks)
        for row in album.rows
    ]
    assert changed == [0, 1, 1, 1, 1, 1]
    person.tell(np.array([[0.0, 0.0, 0.0, 1.0, 0.0, 0.0]]))
    np.testing.assert_array_equal(person.sample(3).rows, np.repeat(album.rows[3:4], 3, axis=0))


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["--rivals", "papre"], "available: random, paper"),
        (["--seeds", "40"], "expected two numbers as in 2000:2040"),
        (["--albums", "1"], "at least 2 pictures"),
        (["--cells", "paper-round"], "available: paper-additive"),
    ],
)
def test_bad_arguments_name_the_cure(arguments: list[str], cure: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong word on the command line is answered with what there is."""
    with pytest.raises(SystemExit):
        program.main(arguments)
    assert cure in capsys.readouterr().err


def test_a_rival_that_is_not_installed_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the packages of others, what to install is told."""
    monkeypatch.setitem(sys.modules, "deap", None)
    monkeypatch.delitem(sys.modules, "benchmarks.taste.rivals.deap_ga", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"'deap' needs deap: pip install -e '\.\[bench\]'"):
        maker("deap")(LAYOUT, 2000, None)


def test_the_plain_average_sees_no_single_voter() -> None:
    """Two voters of opposite votes cancel out for it, and afterwards guided sees each of them again."""
    votes = np.array([[1.0, -1.0, 1.0, -1.0], [-1.0, 1.0, -1.0, 1.0]])
    average, guided = (maker(name)(LAYOUT, 2000, None) for name in ("guided-average", "guided"))
    for rival in (average, guided):
        rival.ask(4)
        rival.tell(votes)
    plain, usual = average.sample(8), guided.sample(8)
    assert not np.array_equal(plain.rows, usual.rows)
    np.testing.assert_array_equal(average.sample(8).rows, plain.rows)
    np.testing.assert_array_equal(guided.sample(8).rows, usual.rows)


def test_the_report_uses_no_seed_that_was_tuned_on() -> None:
    """Reported seeds are 2000 and up, forty a cell but for rivals that think for seconds."""
    for name, plan in PARTS.items():
        assert min(plan.seeds) >= 2000, name
        assert len(plan.seeds) >= (10 if name in ("tpe", "qeubo", "preferential-gp") else 40), name
