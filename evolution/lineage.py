"""Whom a picture takes after: among pictures that were liked before it, those that share most of its genes.

The strategies keep no parents ("guided" draws many of its pictures from all that it has learned), so kinship is
computed from the genes that are there. Knows nothing of generations.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evolution.chromosome import Chromosome
from evolution.guided.features import distances, layout, rows
from evolution.space import Space

# Two random pictures are 1 apart on average; nearer than this, they share more than chance gives.
_KIN = 0.75


def kin(space: Space, picture: Chromosome, liked: Sequence[Chromosome], most: int = 2) -> tuple[int, ...]:
    """Return the places in `liked` of those that the picture takes after, the nearest first, at most `most`.

    Of equally near ones the later comes first. Empty where none is nearer than chance would have it.
    """
    if not liked:
        return ()
    plan = layout(space)
    apart = distances(plan, rows(plan, [picture]), rows(plan, liked))[0]
    nearest = np.lexsort((-np.arange(len(liked)), apart))[:most]
    return tuple(int(place) for place in nearest if apart[place] < _KIN)
