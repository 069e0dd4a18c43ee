"""What became of an adapter from elsewhere: what was taken over, what was left out and why, in words for operators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from style.foreign.file import ForeignFile

# A LoHa or LoKr of which factoring loses more than this share is told of.
TOLD_LOSS = 0.05


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A layer that was not taken over, and why; `share` is the norm of its change in that of the whole file's."""

    layer: str
    reason: str
    share: float


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file: `digest` is the new file's sha256, `source` what the old one said of itself.

    `layers` are the model's, `ranks` theirs in the same order. `loss` is the norm of what factoring lost, in that of
    what was taken over; `text_encoder_share` is the norm of what was meant for text encoders, in that of the file.
    """

    path: Path
    digest: str
    source: ForeignFile
    layers: tuple[str, ...]
    ranks: tuple[int, ...]
    left_out: tuple[LeftOut, ...]
    loss: float
    text_encoder_share: float
    warnings: tuple[str, ...]
    trigger_words: tuple[str, ...]


def warn(left_out: Sequence[LeftOut], loss: float, text_encoder_share: float, unscaled: int) -> tuple[str, ...]:
    """Say what of a file will not act as it did elsewhere; `unscaled` layers had no alpha where one is usual."""
    warnings = []
    if text_encoder_share > 0.0:
        warnings.append(
            f"left out what it changes in text encoders, {text_encoder_share:.0%} of its norm: the pictures of a batch "
            "share their prompts' embeddings; its trigger words may answer more weakly"
        )
    for reason, count in Counter(layer.reason for layer in left_out).items():
        share = sum(layer.share**2 for layer in left_out if layer.reason == reason) ** 0.5
        warnings.append(f"left out {count} layers, {share:.0%} of its norm: {reason}")
    if loss > TOLD_LOSS:
        warnings.append(f"its form has no exact LoRA of a bounded rank: {loss:.0%} of its norm is lost")
    if unscaled:
        warnings.append(
            f"{unscaled} layers say no alpha, and no adapter_config.json lies beside the file: taken as equal to the "
            "rank; if the style comes out too strong, lower its weight"
        )
    return tuple(warnings)
