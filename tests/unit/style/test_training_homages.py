"""The packs of the homages: drawn, trained and painted in one go, and gone on with where that was stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from style.errors import BadJobError
from style.pack import load_pack
from style.procedural.homages import STYLES, write_folder
from style.training.homages import HomageRun, draw_homage, homage_jobs, train_homage
from style.training.job import SliderJob, StyleJob
from style.training.paintings import read_folder

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Already found a `peft_config`:UserWarning"),
]


@pytest.fixture
def run(tmp_path: Path, tiny_model: Path) -> HomageRun:
    """The least that can be trained, on the tiny model."""
    return HomageRun(
        tmp_path,
        "orphism",
        str(tiny_model),
        pictures=6,
        pairs=2,
        size_px=96,
        style_steps=2,
        slider_steps=2,
        device="cpu",
    )


def test_trained_homage_is_a_pack_with_style_slider_and_sample(
    run: HomageRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One call leaves a folder that loads as a pack; a second finds all jobs done, and keeps the weight chosen."""
    place = tmp_path / "packs" / "orphism"
    assert train_homage(run, place) == 0
    pack = load_pack(place)
    assert [(adapter.name, adapter.kind) for adapter in pack.adapters] == [("orphism", "style"), ("rhythm", "slider")]
    with Image.open(pack.samples[0]) as sample:
        assert min(sample.size) > 100
    assert pack.adapters[0].weight == 1.0
    table = place / "style.toml"
    table.write_text(table.read_text("utf-8").replace("weight = 1.0", "weight = 1.7"), "utf-8")
    capsys.readouterr()
    assert train_homage(run, place) == 0
    assert load_pack(place).adapters[0].weight == 1.7
    assert [line.count('"done"') for line in capsys.readouterr().out.splitlines()] == [1, 1]


def test_ends_of_a_pair_differ_in_one_attribute(run: HomageRun) -> None:
    """Pair by pair the same elements, drawn at the attribute's low and high end; what is drawn stays."""
    draw_homage(run)
    slider = homage_jobs(run)[1]
    assert isinstance(slider, SliderJob)
    assert slider.base is not None
    assert slider.changed is not None
    low, high = (sorted(Path(end).iterdir()) for end in (slider.base, slider.changed))
    assert [file.name for file in low] == [file.name for file in high] == ["000.png", "001.png"]
    assert low[0].read_bytes() != high[0].read_bytes()
    low[0].write_bytes(b"drawn before")
    draw_homage(run)
    assert low[0].read_bytes() == b"drawn before"


def test_run_of_other_pictures_draws_its_own(run: HomageRun) -> None:
    """More pictures asked for in the same work folder are drawn, though fewer are there already."""
    for count in (6, 8):
        more = replace(run, pictures=count)
        draw_homage(more)
        learned = homage_jobs(more)[0]
        assert isinstance(learned, StyleJob)
        assert len(list(Path(learned.pictures).glob("*.png"))) == count


def test_pictures_to_measure_by_are_not_learned_from(run: HomageRun, tmp_path: Path) -> None:
    """The first pictures of an homage, by which it is measured, are no part of what a style is trained on."""
    draw_homage(run)
    learned = homage_jobs(run)[0]
    assert isinstance(learned, StyleJob)
    write_folder(STYLES["orphism"], run.pictures, tmp_path / "measured", 0, run.size_px)
    seen, measured = (
        {file.read_bytes() for file in Path(folder).glob("*.png")}
        for folder in (learned.pictures, tmp_path / "measured")
    )
    assert len(seen) == len(measured) == run.pictures
    assert not seen & measured


def test_captions_of_training_say_all_that_was_drawn(run: HomageRun) -> None:
    """Each picture's words are all there, and no tags of pixels beside them take what they mean away."""
    draw_homage(run)
    learned = homage_jobs(run)[0]
    assert isinstance(learned, StyleJob)
    assert not learned.pixel_tags
    style, paintings = STYLES["orphism"], read_folder(Path(learned.pictures))
    for k, painting in enumerate(paintings):
        assert set(painting.tags) == {style.trigger, *style.phrases(style.random_values(10_000 + k))}


def test_unknown_homage_is_refused(tmp_path: Path) -> None:
    """A name that no homage has is answered with those that there are."""
    with pytest.raises(BadJobError, match="no homage is named 'fauvism'; there are de-stijl, "):
        homage_jobs(HomageRun(tmp_path, "fauvism"))
