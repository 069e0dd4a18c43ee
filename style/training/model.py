"""The parts of the bundled base model, untrained: a stock Stable Diffusion pipeline in small.

256 px pictures, 16-fold autoencoder, (16, 16, 16) latents, rectified flow. What is decided here is the shape; the
weights come from `style.training.autoencoder` and `style.training.denoiser`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from diffusers import AutoencoderTiny, DPMSolverMultistepScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from style.procedural.captions import FILLERS
from style.procedural.spec import HUES, LINES, PLANES

SIZE_PX = 256
LATENT_PX = 128  # what latents know of a picture: its 8-fold blocks once it is averaged down to this side
LATENT_SIDE = 16
LATENT_CHANNELS = 16
TEXT_LENGTH = 40
TEXT_WIDTH = 128

_MORE_WORDS = (
    "light dark centric acentric external inner parallel bright thin thick many few large small with and of the in on "
    "a ground warm cool soft bold dense sparse overlapping transparent geometric lines circles squares triangles points"
)


def vocabulary() -> tuple[str, ...]:
    """List the words that get a token of their own; all others are spelled by letters."""
    words = " ".join((*HUES, *LINES, *PLANES, *FILLERS, _MORE_WORDS)).split()
    return tuple(dict.fromkeys(words))


def build_tokenizer(words: Iterable[str] | None = None) -> CLIPTokenizer:
    """Build CLIP's own tokenizer over a small vocabulary: bytes, the words, and the merges that lead to them."""
    letters = list(_byte_letters())
    tokens = {token: number for number, token in enumerate([*letters, *(letter + "</w>" for letter in letters)])}
    merges: list[str] = []
    for word in words or vocabulary():
        pieces = [*word[:-1], word[-1] + "</w>"]
        joined = pieces[0]
        for piece in pieces[1:]:
            if (merge := f"{joined} {piece}") not in merges:
                merges.append(merge)
            joined += piece
            tokens.setdefault(joined, len(tokens))
    for mark in ("<|startoftext|>", "<|endoftext|>"):
        tokens[mark] = len(tokens)
    with tempfile.TemporaryDirectory() as folder:
        vocab, merged = Path(folder, "vocab.json"), Path(folder, "merges.txt")
        vocab.write_text(json.dumps(tokens), encoding="utf-8")
        merged.write_text("\n".join(["#version: 0.2", *merges, ""]), encoding="utf-8")
        return CLIPTokenizer(vocab=str(vocab), merges=str(merged), model_max_length=TEXT_LENGTH)


def _byte_letters() -> Iterable[str]:
    """Give CLIP's printable stand-ins for the 256 bytes, in its own order."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    yield from (chr(byte) for byte in printable)
    yield from (chr(256 + k) for k in range(256 - len(printable)))


def build_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """Build the untrained text encoder for a tokenizer of `build_tokenizer`."""
    end = tokenizer.convert_tokens_to_ids("<|endoftext|>")
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=TEXT_WIDTH,
            intermediate_size=2 * TEXT_WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=TEXT_LENGTH,
            projection_dim=TEXT_WIDTH,
            bos_token_id=tokenizer.convert_tokens_to_ids("<|startoftext|>"),
            eos_token_id=end,
            pad_token_id=end,
        )
    )


def build_unet(widths: tuple[int, int, int] = (80, 128, 192)) -> UNet2DConditionModel:
    """Build the untrained denoiser. `attention_head_dim` is, by diffusers' old naming, the number of heads."""
    return UNet2DConditionModel(
        sample_size=LATENT_SIDE,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        block_out_channels=widths,
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=4,
        norm_num_groups=16,
        # The whole caption, pooled, moves every layer beside the time: the largest level has no cross-attention, and it
        # is there that an edge turns round or square.
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
    )


def build_scheduler() -> DPMSolverMultistepScheduler:
    """Build the sampler: Euler steps (order 1) on a rectified flow."""
    # The offset changes nothing on a flow; the pipeline complains about any other.
    return DPMSolverMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, solver_order=1, flow_shift=1.0, steps_offset=1
    )


def assemble(
    vae: AutoencoderTiny, text_encoder: CLIPTextModel, tokenizer: CLIPTokenizer, unet: UNet2DConditionModel
) -> StableDiffusionPipeline:
    """Put the parts together as a stock pipeline that `from_pretrained` and `AutoPipelineForText2Image` load."""
    return StableDiffusionPipeline(
        vae=vae,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
