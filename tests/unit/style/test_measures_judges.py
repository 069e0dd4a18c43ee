"""All judges at once: what each says of two sets, and what is said of those that are missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from style.measures.descriptors import load_style_judge, style_similarity
from style.measures.evaluation import BASE, STYLED
from style.measures.judges import Judges, load_judges
from style.measures.learned import clip_scores, load_judge, pick_scores
from style.procedural import draw, random_spec

PROMPTS = ("red", "blue", "circle")


@pytest.fixture(scope="module")
def sets() -> dict[str, NDArray[np.uint8]]:
    """Two sets of three pictures."""
    drawn = np.stack([draw(random_spec(k), 48, 1) for k in range(6)])
    return {BASE: drawn[:3], STYLED: drawn[3:]}


def test_each_judge_is_asked_for_its_own(clip: Path, csd: Path, sets: dict[str, NDArray[np.uint8]]) -> None:
    """Four measures of each set; the style's are against the paintings, and the shares of being picked sum to 1."""
    judges = load_judges(str(clip), str(clip), str(csd))
    assert judges.missing == ()
    paintings = sets[STYLED][::-1].copy()
    rows = {(row.measure, row.pictures): row.value for row in judges(PROMPTS, sets, paintings)}
    assert len(rows) == 8
    judge = load_judge(str(clip))
    assert rows["CLIP score", BASE] == pytest.approx(clip_scores(judge, sets[BASE], PROMPTS).mean())
    assert rows["CSD", STYLED] == pytest.approx(
        style_similarity(load_style_judge(str(csd)), sets[STYLED], paintings).mean()
    )
    assert rows["KID", STYLED] < rows["KID", BASE]
    first = np.mean(
        [
            pick_scores(judge, np.stack(two), text)[0]
            for *two, text in zip(sets[BASE], sets[STYLED], PROMPTS, strict=True)
        ]
    )
    assert rows["PickScore", BASE] == pytest.approx(first)
    assert rows["PickScore", BASE] + rows["PickScore", STYLED] == pytest.approx(1.0)
    alone = {row.measure for row in judges(PROMPTS, sets, None)}
    assert alone == {"CLIP score", "PickScore"}


def test_missing_judges_are_named_with_the_cure(csd: Path, sets: dict[str, NDArray[np.uint8]]) -> None:
    """Those whose weights are not here are left out, each with its reason; the others judge."""
    judges = load_judges("nobody/clip", "nobody/pick", str(csd))
    assert [line.split(":")[0] for line in judges.missing] == ["nobody/clip", "nobody/pick"]
    assert all("allow the download" in line for line in judges.missing)
    assert {row.measure for row in judges(PROMPTS, sets, sets[STYLED])} == {"CSD"}
    assert Judges()(PROMPTS, sets, None) == ()
