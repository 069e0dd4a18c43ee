"""All learned measures of one style at once, with those judges whose weights are on this machine.

Optional: `style.measures.evaluation` takes what is made here as its scorer and knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from style.errors import BadModelError
from style.measures.descriptors import CSD, StyleJudge, load_style_judge, style_similarity
from style.measures.evaluation import BASE, STYLED, LearnedRow
from style.measures.learned import (
    CLIP,
    PICKSCORE,
    Judge,
    clip_scores,
    embeddings,
    kernel_distance,
    load_judge,
    pick_scores,
)

Pictures = NDArray[np.uint8]
_Loaded = TypeVar("_Loaded")


@dataclass(frozen=True, slots=True)
class Judges:
    """The judges that could be loaded; `missing` has, for each that could not, the reason and the cure."""

    clip: Judge | None = None
    pick: Judge | None = None
    style: StyleJudge | None = None
    missing: tuple[str, ...] = ()

    def __call__(
        self, prompts: Sequence[str], sets: Mapping[str, Pictures], paintings: Pictures | None
    ) -> tuple[LearnedRow, ...]:
        """Score sets of (n, h, w, 3) pictures painted to the same `prompts`; against `paintings` where there are any.

        CLIP score, 0 to 100: how well a picture fits its words. PickScore: how often the picture of this set would be
        picked before the other's of the same words. KID, of CLIP's embeddings: how far the set is from the paintings.
        CSD, −1 to 1: how alike in style to the paintings.
        """
        rows: list[LearnedRow] = []
        for name, pictures in sets.items():
            if self.clip is not None:
                rows.append(LearnedRow("CLIP score", name, float(clip_scores(self.clip, pictures, prompts).mean())))
            if self.clip is not None and paintings is not None:
                seen, own = embeddings(self.clip, pictures), embeddings(self.clip, paintings)
                rows.append(LearnedRow("KID", name, kernel_distance(seen, own)))
            if self.style is not None and paintings is not None:
                alike = style_similarity(self.style, pictures, paintings)
                rows.append(LearnedRow("CSD", name, float(alike.mean())))
        if self.pick is not None:
            pairs = np.stack([sets[BASE], sets[STYLED]], axis=1)
            picked = [pick_scores(self.pick, pair, text) for pair, text in zip(pairs, prompts, strict=True)]
            shares = np.mean(picked, axis=0)
            rows += [
                LearnedRow("PickScore", name, float(share)) for name, share in zip((BASE, STYLED), shares, strict=True)
            ]
        return tuple(rows)


def load_judges(clip: str = CLIP, pick: str = PICKSCORE, style: str = CSD, *, download: bool = False) -> Judges:
    """Load the judges that are on this machine, by hub id or folder, or fetch them where `download` allows it."""
    missing: list[str] = []

    def loaded(load: Callable[[], _Loaded]) -> _Loaded | None:
        try:
            return load()
        except BadModelError as error:
            missing.append(str(error))
            return None

    return Judges(
        loaded(lambda: load_judge(clip, download=download)),
        loaded(lambda: load_judge(pick, download=download)),
        loaded(lambda: load_style_judge(style, download=download)),
        tuple(missing),
    )
