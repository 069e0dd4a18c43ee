"""Learned measures, on a tiny random CLIP in transformers' own form: scores, choices, kernel distance, clear errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from style.errors import BadModelError
from style.measures.learned import Judge, clip_scores, embeddings, kernel_distance, load_judge, pick_scores
from style.procedural import draw, random_spec


@pytest.fixture(scope="module")
def judge(clip: Path) -> Judge:
    """That CLIP, loaded."""
    return load_judge(str(clip))


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.uint8]:
    """Six drawn pictures."""
    return np.stack([draw(random_spec(k), 48, 1) for k in range(6)])


def test_embeddings_are_what_transformers_gives(judge: Judge, pictures: NDArray[np.uint8]) -> None:
    """Pictures and texts have unit length, and text embeddings are those of the model's own method."""
    import torch

    assert judge.see(pictures).norm(dim=1).numpy() == pytest.approx(1.0, abs=1e-5)
    heard = judge.hear(["red", "a blue circle"])
    assert heard.norm(dim=1).numpy() == pytest.approx(1.0, abs=1e-5)
    words = judge.tokenizer(["red"], return_tensors="pt")
    with torch.no_grad():
        own = judge.model(**words, pixel_values=torch.zeros(1, 3, 32, 32)).text_embeds[0]
    assert heard[0].numpy() == pytest.approx(own.numpy(), abs=1e-5)


def test_scores_belong_to_the_pair(judge: Judge, pictures: NDArray[np.uint8]) -> None:
    """Each picture is scored with its own text, in [0, 100], whatever else is in the set."""
    texts = [f"picture {k}" for k in range(6)]
    scores = clip_scores(judge, pictures, texts)
    assert ((scores >= 0) & (scores <= 100)).all()
    assert clip_scores(judge, pictures[3:4], texts[3:4])[0] == pytest.approx(scores[3], abs=1e-3)


def test_picks_sum_to_one_and_follow_the_cosine(judge: Judge, pictures: NDArray[np.uint8]) -> None:
    """Probabilities of being picked sum to 1; the nearest to the text is the likeliest."""
    picked = pick_scores(judge, pictures, "red")
    cosine = (judge.see(pictures) @ judge.hear(["red"])[0]).numpy()
    assert picked.sum() == pytest.approx(1.0)
    assert picked.argsort().tolist() == cosine.argsort().tolist()


def test_kernel_distance_knows_alike_from_different(judge: Judge, pictures: NDArray[np.uint8]) -> None:
    """Two draws of one distribution are at about 0, a moved one is away; negatives are farther than the originals."""
    rng = np.random.default_rng(0)
    near = kernel_distance(rng.normal(size=(200, 8)), rng.normal(size=(200, 8)))
    far = kernel_distance(rng.normal(size=(200, 8)), rng.normal(size=(200, 8)) + 1.0)
    assert abs(near) < 0.2 < far
    own, other = embeddings(judge, pictures), embeddings(judge, 255 - pictures)
    assert kernel_distance(own, other) > kernel_distance(own[:3], own[3:])
    with pytest.raises(ValueError, match="2 rows"):
        kernel_distance(own[:1], own)


def test_missing_weights_name_the_cure(tmp_path: Path) -> None:
    """Weights that are not here are told by name, with what to do."""
    with pytest.raises(BadModelError, match="allow the download"):
        load_judge(str(tmp_path / "nowhere"))
