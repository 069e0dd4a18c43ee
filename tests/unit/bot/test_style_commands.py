"""`vernissage style`: the artist's side from a shell, on a scripted trainer and a scripted engine."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot import cli
from bot.commands.style import evaluation, finishing, job, samples
from bot.commands.style.progress import Progress, bar, time_left
from bot.settings import Settings
from style.order import place_job
from style.pack import load_pack
from style.pack_writer import add_slider
from style.places import BUNDLED_PACKS
from style.training.job import StyleJob
from style.training.paintings import split

TESTS = Path(__file__).parents[2]
TRAINER = (sys.executable, "-P", str(TESTS / "scripted_trainer.py"))
ENGINE = (sys.executable, "-P", str(TESTS / "scripted_engine.py"))
# A process of its own, with the scripted trainer and engine in the real ones' places.
DRIVE = f"""
import sys
from functools import partial
from bot import cli
from bot.commands.style import evaluation, finishing, job, samples
job.train = partial(job.train, program={TRAINER!r})
samples.paint_sample = partial(samples.paint_sample, program={ENGINE!r})
evaluation.measure = partial(evaluation.measure, program={ENGINE!r})
code = cli.main(sys.argv[1:])
assert "torch" not in sys.modules
sys.exit(code)
"""
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VERNISSAGE_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(job, "train", partial(job.train, program=TRAINER))
    monkeypatch.setattr(samples, "paint_sample", partial(samples.paint_sample, program=ENGINE))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Eight small pictures of noise in two hues, each with words."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for k in range(8):
        noise = np.random.default_rng(k).integers(0, 90, (100, 120, 3), dtype=np.uint8)
        noise[..., 2 * (k % 2)] += 150
        Image.fromarray(noise).save(folder / f"{k}.png")
        (folder / f"{k}.txt").write_text(("square", "circle")[k % 2], encoding="utf-8")
    return folder


def train(*more: str) -> int:
    """Train the pictures under the name of rothko."""
    return cli.main(["style", "train", "pictures", "--name", "rothko", *more])


@pytest.mark.usefixtures("pictures")
def test_training_ends_in_a_pack_that_can_be_offered(capsys: Capture) -> None:
    """A folder of pictures becomes a pack with attributes from its words and pixels, a sample, and a report."""
    assert train("--title", "Mark Rothko", "--steps", "20") == 0
    pack = load_pack(Path("data/packs/rothko"))
    assert {attribute.name for attribute in pack.space.attributes} == {"hue", "plane"}
    assert (pack.title, pack.trigger, pack.base) == ("Mark Rothko", "rothko", "bundled")
    assert [path.name for path in pack.samples] == ["sample.png"]
    assert Path("data/trainings/rothko/1/report.html").exists()
    assert "8 pictures are few" in capsys.readouterr().out
    assert cli.main(["style", "list"]) == 0
    assert "rothko" in capsys.readouterr().out


def test_killed_training_goes_on_to_its_pack(pictures: Path) -> None:
    """Ctrl-C ends the process with a checkpoint and code 130; the same command goes on, and its pack can be loaded."""
    command = [sys.executable, "-c", DRIVE, "style", "train", str(pictures), "--name", "rothko", "--steps", "60"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    slow = [*command, "--trigger", "slow"]
    with subprocess.Popen(slow, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "step 10:" in line:
                process.send_signal(signal.SIGINT)
                break
        said = process.stdout.read()
    assert process.returncode == 130
    assert "the same command goes on from there" in said
    assert not Path("data/packs/rothko").exists()
    again = subprocess.run(slow, capture_output=True, text=True, env=environment, check=False)
    assert again.returncode == 0, again.stderr
    assert "goes on at step" in again.stdout
    assert load_pack(Path("data/packs/rothko")).adapters[0].kind == "style"


@pytest.mark.usefixtures("pictures")
def test_name_that_exists_needs_a_new_version(capsys: Capture) -> None:
    """Without --again nothing is trained; with it the old pack is kept beside the new training."""
    assert train("--steps", "10") == 0
    assert train("--steps", "10") == 2
    assert "--again for a new version" in capsys.readouterr().err
    assert train("--steps", "10", "--again", "--title", "Second") == 0
    assert load_pack(Path("data/packs/rothko")).title == "Second"
    assert load_pack(Path("data/trainings/rothko/2/replaced/rothko")).title == "rothko"


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--name", "No Name"), "'No Name' is no name"),
        (("--name", "kandinsky"), "ships with the program"),
        (("--rename", "x"), "--rename 'x': expected \"OLD TAG=NEW TAG\""),
        (("--steps", "-1"), "steps"),
    ],
)
def test_bad_words_are_refused(capsys: Capture, more: tuple[str, ...], told: str) -> None:
    """What cannot be is told with its cure and code 2, and nothing is written."""
    assert train(*more) == 2
    assert told in capsys.readouterr().err
    assert not Path("data/packs").exists()


def test_bad_folder_is_told_whole(pictures: Path, capsys: Capture) -> None:
    """All faults of a folder stand in one answer with code 2 and no traceback."""
    (pictures / "0.png").write_bytes(b"broken")
    (pictures / "9.png").write_bytes((pictures / "1.png").read_bytes())
    (pictures / "2.txt").write_text("squares", encoding="utf-8")
    assert train() == 2
    told = capsys.readouterr().err
    assert "3 faults" in told
    assert all(word in told for word in ("0.png: it cannot be read", "9.png: the same file as 1.png", '"square"?'))
    assert "Traceback" not in told


@pytest.mark.usefixtures("pictures")
def test_failed_training_leaves_no_pack(capsys: Capture) -> None:
    """A training that diverges ends with code 1, what it says, and no pack."""
    assert train("--trigger", "diverge") == 1
    assert "the loss is nan" in capsys.readouterr().err
    assert not Path("data/packs").exists()


@pytest.mark.usefixtures("pictures")
def test_slider_joins_the_pack(capsys: Capture) -> None:
    """Two pictures become a slider of the style; a second one of that name needs --again."""
    assert train("--steps", "10") == 0
    ends = ["pictures/0.png", "pictures/2.png"]
    slider = ["style", "slider", *ends, "--name", "glow", "--style", "rothko", "--steps", "10"]
    assert cli.main(slider) == 0
    pack = load_pack(Path("data/packs/rothko"))
    assert [attribute.name for attribute in pack.space.attributes][-1] == "glow"
    order = json.loads(Path("data/trainings/rothko.glow/1/job.json").read_text("utf-8"))
    assert order["style"].endswith("rothko.safetensors")
    assert cli.main(slider) == 2
    assert "--again to replace it" in capsys.readouterr().err
    assert cli.main([*slider, "--again"]) == 0


@pytest.mark.usefixtures("pictures")
def test_bad_pairs_are_told(capsys: Capture) -> None:
    """Folders whose names do not match, one end alone, and a style that ships are refused with code 2."""
    assert train("--steps", "10") == 0
    for folder, name in (("low", "a"), ("low", "b"), ("high", "a"), ("high", "c")):
        Path("pairs", folder).mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (100, 100 if folder == "low" else 130)).save(Path("pairs", folder, f"{name}.png"))
    base = ["style", "slider", "--name", "glow", "--style"]
    assert cli.main([*base, "rothko", "--pairs", "pairs"]) == 2
    told = capsys.readouterr().err
    assert "3 faults" in told
    assert "pairs/low/b.png: has no picture of its name in the other folder" in told
    assert "pairs/high/a.png: has another shape" in told
    assert cli.main([*base, "rothko", "pictures/0.png"]) == 2
    assert cli.main([*base, "kandinsky", "--drawn", "brightness"]) == 2
    assert "ships with the program" in capsys.readouterr().err


def test_tags_are_shown_then_written(pictures: Path, capsys: Capture) -> None:
    """Without --write words are only shown; with it they are written, once."""
    assert cli.main(["style", "tag", "pictures", "--rename", "square=circle"]) == 0
    assert "0.png  circle + red" in capsys.readouterr().out
    assert (pictures / "0.txt").read_text("utf-8") == "square"
    assert cli.main(["style", "tag", "pictures", "--write"]) == 0
    assert (pictures / "0.txt").read_text("utf-8").startswith("square, red")
    assert cli.main(["style", "tag", "pictures", "--write"]) == 0
    assert "no picture gets new words" in capsys.readouterr().out


@pytest.mark.usefixtures("pictures")
def test_style_is_shown_with_its_problems(capsys: Capture) -> None:
    """All that is known of a pack is shown; one that cannot be used is told with code 1, an unknown one with code 2."""
    assert train("--steps", "10") == 0
    pack = load_pack(Path("data/packs/rothko"))
    add_slider(pack, "glow", Path("data/trainings/rothko/1/rothko.safetensors"))
    assert cli.main(["style", "show", "rothko"]) == 0
    shown = capsys.readouterr().out
    assert "glow: -1 to 1, driving glow × 1 (both)" in shown
    assert "always on at 1" in shown
    (pack.folder / "style.toml").write_text("name = 3", encoding="utf-8")
    assert cli.main(["style", "show", "rothko"]) == 1
    assert "cannot be used" in capsys.readouterr().err
    assert cli.main(["style", "show", "nobody"]) == 2
    names = sorted([*(folder.name for folder in BUNDLED_PACKS.iterdir() if folder.is_dir()), "rothko"])
    assert f"there are: {', '.join(names)}" in capsys.readouterr().err


@pytest.mark.usefixtures("pictures")
def test_style_is_measured() -> None:
    """Evaluation tells how far it is, prints tables, writes figures, renews the report, and does without torch."""
    assert train("--steps", "10", "--held-out", "0.5") == 0
    command = [sys.executable, "-c", DRIVE, "style", "evaluate", "rothko", "--seeds", "20"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    count = 4 * 20 + 5 * 5  # with and without the style, by chance and as tagged, and each of five words
    for told in (
        f"painting {count} pictures",
        "  25 %, about ",
        "  100 %\n",
        "Words, asked as the bot asks",
        "held out",
    ):
        assert told in done.stdout
    figures = json.loads(Path("data/trainings/rothko/1/evaluation.json").read_text("utf-8"))
    first = next(row for row in figures["style"] if row["paintings"] == "held out")
    assert (figures["against"], figures["before"], figures["plan"]["mixed"]) == ("held out", first["overall"], 20)
    assert figures["interval"][0] <= figures["after"] <= figures["interval"][1]
    page = Path("data/trainings/rothko/1/report.html").read_text("utf-8")
    assert all(part in page for part in ("How near it came", "Which words it follows", "How various it is"))


def test_paintings_to_compare_with_are_those_of_the_training(pictures: Path, tmp_path: Path, capsys: Capture) -> None:
    """The training tells what it held out of its own folder, and of no other; too few held out do not count."""
    training = tmp_path / "training"
    training.mkdir()
    order = {"kind": "style", "pictures": str(pictures), "held_out": 0.5, "seed": 3}
    (training / "job.json").write_text(json.dumps(order), encoding="utf-8")
    for given in (None, Path("pictures")):
        found = evaluation.choose_paintings(given, training)
        assert [one.name for one in found.held] == [one.name for one in split(found.paintings, 0.5, 3)[1]]
    other = pictures.rename(tmp_path / "others")
    assert (len(evaluation.choose_paintings(other, training).paintings), capsys.readouterr().out) == (8, "")
    assert evaluation.choose_paintings(other, training).held == []
    (training / "job.json").write_text(json.dumps({**order, "pictures": str(other), "held_out": 0.2}), "utf-8")
    assert evaluation.choose_paintings(None, training).held == []
    assert "held out 2, too few" in capsys.readouterr().out


def test_too_few_pictures_are_told(pictures: Path, tmp_path: Path, capsys: Capture) -> None:
    """A given folder with too few is refused with code 2; the training's own is left out with a note."""
    (pictures / "7.png").unlink()
    assert cli.main(["style", "evaluate", "kandinsky", "--pictures", "pictures"]) == 2
    assert "pictures: 7 pictures; a style distance needs at least 8" in capsys.readouterr().err
    assert cli.main(["style", "evaluate", "kandinsky", "--seeds", "19"]) == 2
    assert cli.main(["style", "evaluate", "kandinsky", "--download"]) == 2
    assert "--seeds must be 20 to 1000" in capsys.readouterr().err
    (tmp_path / "job.json").write_text(json.dumps({"kind": "style", "pictures": str(pictures)}), encoding="utf-8")
    assert evaluation.choose_paintings(None, tmp_path) == evaluation.Compared()
    assert "and is left out" in capsys.readouterr().out
    assert evaluation.choose_paintings(None, None) == evaluation.Compared()
    assert "give --pictures FOLDER" in capsys.readouterr().out


def test_each_quarter_is_told_with_the_time_to_go(capsys: Capture) -> None:
    """After a quarter of the pictures three times its time is left; no quarter is told twice."""
    times = iter([0.0, 10.0, 45.0, 50.0])
    quarters = evaluation.Quarters(40, lambda: next(times))
    for painted in (5, 5, 5, 20, 5):
        quarters(painted)
    assert capsys.readouterr().out.splitlines() == ["  25 %, about 30 s to go", "  75 %, about 6 s to go", "  100 %"]


def test_adapter_of_others_becomes_a_pack(capsys: Capture) -> None:
    """A LoRA for the same model is taken over, with attributes that the model knows; a file that is none is refused."""
    file = BUNDLED_PACKS / "kandinsky" / "brightness.safetensors"
    command = ["style", "import", str(file), "--name", "found"]
    assert cli.main(command) == 2
    assert "give --trigger WORDS" in capsys.readouterr().err
    assert cli.main([*command, "--trigger", "kandinsky"]) == 0
    pack = load_pack(Path("data/packs/found"))
    assert [attribute.name for attribute in pack.space.attributes] == ["line", "hue", "plane"]
    assert [path.name for path in pack.samples] == ["sample.png"]
    Path("broken.safetensors").write_bytes(b"broken")
    assert cli.main(["style", "import", "broken.safetensors", "--name", "other"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert {path.name for path in Path("data").iterdir()} == {"packs", "trainings"}
    for _ in range(2):
        assert cli.main([*command, "--trigger", "kandinsky", "--again"]) == 0


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_shows_one_line_that_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal steps redraw one line no wider than it is; samples stand above, in lines of their own."""
    monkeypatch.setenv("COLUMNS", "60")
    stream = _Terminal()
    progress = Progress(stream, Path("job"))
    for step in (1, 2):
        progress.tell({"event": "step", "step": step, "steps": 2, "loss": 0.5, "seconds_left": 7300})
        progress.tell({"event": "validation", "step": step, "loss": 0.25})
    progress.tell({"event": "samples", "step": 2, "file": "samples/2.png"})
    progress.close()
    lines = stream.getvalue().replace("\x1b[2K", "").replace("\r", "\n").split("\n")
    assert max(map(len, lines)) < 60
    assert "  samples at step 2: job/samples/2.png" in lines
    assert any("1/2 · loss 0.5000" in line for line in lines)


def test_bar_and_time_are_short() -> None:
    """A bar is full at one and empty at nothing; times are no finer than they can be known."""
    assert (bar(0.0), bar(1.0), len(bar(0.37))) == ("░" * 24, "█" * 24, 24)
    assert [time_left(seconds) for seconds in (4.2, 61, 7300)] == ["4 s", "1 min", "2 h 02 min"]


def test_finished_training_lies_in_its_own_folder(
    pictures: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`finish` makes and measures a pack where nobody is offered it, and shows it beside another on the same seeds."""
    monkeypatch.setattr(finishing, "finish", partial(finishing.finish, program=ENGINE))
    hues = {"name": "hue", "kind": "multiple", "values": ["red", "blue", "white"], "count": 2}
    told: dict[str, object] = {"title": "Rider", "attributes": [hues]}
    for version in (1, 2):
        folder = tmp_path / str(version)
        place_job(folder, StyleJob(name="rider", trigger="rider", pictures=str(pictures), steps=20 * version))
        subprocess.run([*TRAINER, str(folder)], check=True, stdout=subprocess.DEVNULL)
        (folder / "lesson.json").write_text(json.dumps(told), encoding="utf-8")
        assert cli.main(["style", "finish", str(folder), "--seeds", "2"]) == 0
        pack = load_pack(folder / "pack" / "rider")
        assert [attribute.name for attribute in pack.space.attributes] == ["hue"]
        assert json.loads((folder / "evaluation.json").read_text("utf-8"))["before"] > 0
        told["against"] = str(pack.folder)
    with Image.open(tmp_path / "2" / "comparison.png") as shown:
        assert shown.size == (4 * 64, 2 * 64)
    assert not (tmp_path / "1" / "comparison.png").exists()
    assert not (tmp_path / "data" / "packs").exists()
    (tmp_path / "2" / "lesson.json").write_text("{}", encoding="utf-8")
    assert cli.main(["style", "finish", str(tmp_path / "2")]) == 1
    assert "begin the lesson anew" in capsys.readouterr().err


def test_tied_finisher_ends_in_order_while_its_input_is_open(tmp_path: Path) -> None:
    """What waits for the end of the input does not hold the end of the program up."""
    command = (sys.executable, "-m", "bot", "style", "finish", "--tied", str(tmp_path))
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=TESTS.parent)
    assert process.stderr is not None
    said = process.stderr.read().decode()
    assert process.wait() == 1
    assert "begin the lesson anew" in said
    assert "Fatal" not in said
    assert process.stdin is not None
    process.stdin.close()
    process.stderr.close()
