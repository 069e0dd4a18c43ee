"""What trainers call the layers of a denoiser, beside the names that diffusers gives them.

All names are made from those of the model at hand, so that its own numbers of blocks and layers hold. Knows the naming
of the first release of Stable Diffusion, which SDXL's trainers keep to, of Flux's makers, and of diffusers in old days.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

Spelling = tuple[str, tuple[str, ...]]

_LDM_PART = re.compile(r"(down|mid|up)_blocks?\.(?:(\d+)\.)?(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)")
_LDM_INNER = {
    "conv1": "in_layers.2",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
_LDM_ALONE = {
    "conv_in": "input_blocks.0.0",
    "conv_out": "out.2",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
}
_QKV, _ADDED_QKV = ("attn.to_q", "attn.to_k", "attn.to_v"), ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj")
# Of one block; where two stand for one name, the second is of the other generation of Flux, or of another trainer.
_FLUX_DOUBLE = (
    ("img_attn.qkv", _QKV), ("qkv_lora1", _QKV), ("txt_attn.qkv", _ADDED_QKV), ("qkv_lora2", _ADDED_QKV),
    ("img_attn.proj", ("attn.to_out.0",)), ("proj_lora1", ("attn.to_out.0",)),
    ("txt_attn.proj", ("attn.to_add_out",)), ("proj_lora2", ("attn.to_add_out",)),
    ("img_mlp.0", ("ff.net.0.proj",)), ("img_mlp.0", ("ff.linear_in",)),
    ("img_mlp.2", ("ff.net.2",)), ("img_mlp.2", ("ff.linear_out",)),
    ("txt_mlp.0", ("ff_context.net.0.proj",)), ("txt_mlp.0", ("ff_context.linear_in",)),
    ("txt_mlp.2", ("ff_context.net.2",)), ("txt_mlp.2", ("ff_context.linear_out",)),
    ("img_mod.lin", ("norm1.linear",)), ("txt_mod.lin", ("norm1_context.linear",)),
)  # fmt: skip
_FLUX_SINGLE = (
    ("linear1", (*_QKV, "proj_mlp")), ("linear1", ("attn.to_qkv_mlp_proj",)), ("qkv", _QKV),
    ("linear2", ("proj_out",)), ("linear2", ("attn.to_out",)), ("proj", ("proj_out",)),
    ("modulation.lin", ("norm.linear",)),
)  # fmt: skip
_FLUX_ALONE = (
    ("img_in", "x_embedder"), ("txt_in", "context_embedder"), ("final_layer.linear", "proj_out"),
    ("final_layer.adaLN_modulation.1", "norm_out.linear"),
    ("single_stream_modulation.lin", "single_stream_modulation.linear"),
    ("double_stream_modulation_img.lin", "double_stream_modulation_img.linear"),
    ("double_stream_modulation_txt.lin", "double_stream_modulation_txt.linear"),
    *(
        (f"{old}.{side}_layer", f"{group}.{new}.linear_{number}")
        for old, new in (
            ("time_in", "timestep_embedder"), ("guidance_in", "guidance_embedder"), ("vector_in", "text_embedder"),
        )
        for side, number in (("in", 1), ("out", 2))
        for group in ("time_text_embed", "time_guidance_embed")
    ),
)  # fmt: skip


def spell(layers: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Map each name that a trainer may use, with `_` for `.`, to the layers that it means.

    Several layers, in the order of their outputs, where a trainer has one layer for what are several here.
    """
    spellings: dict[str, tuple[str, ...]] = {layer.replace(".", "_"): (layer,) for layer in layers}
    is_unet = any(layer.startswith("down_blocks.") for layer in layers)
    for spelling, meant in (*_old_names(layers), *(_ldm_names(layers) if is_unet else _flux_names(layers))):
        if all(layer in layers for layer in meant):
            spellings.setdefault(spelling.replace(".", "_"), meant)
    return spellings


def _old_names(layers: Collection[str]) -> Iterator[Spelling]:
    return ((layer.removesuffix(".0"), (layer,)) for layer in layers if layer.endswith(".to_out.0"))


def _ldm_names(layers: Collection[str]) -> Iterator[Spelling]:
    for layer in layers:
        if layer in _LDM_ALONE:
            yield _LDM_ALONE[layer], (layer,)
        elif match := _LDM_PART.fullmatch(layer):
            yield _ldm_name(layers, match), (layer,)


def _ldm_name(layers: Collection[str], match: re.Match[str]) -> str:
    """Name a part of a U-Net's block.

    Blocks are counted through: each residual layer with the attention behind it is one, and so is each downsampling;
    an upsampling is the last part of the block before it.
    """
    side, block, kind, index, rest = match[1], int(match[2] or 0), match[3], int(match[4]), match[5]
    if side == "mid":
        number = 2 * index + (kind == "attentions")
        return f"middle_block.{number}.{_LDM_INNER.get(rest, rest)}"
    downs = (re.fullmatch(r"down_blocks\.\d+\.resnets\.(\d+)\.conv1", layer) for layer in layers)
    width = 2 + max(int(down[1]) for down in downs if down)
    if kind == "downsamplers":
        return f"input_blocks.{(block + 1) * width}.0.op"
    if kind == "upsamplers":
        has_attention = any(layer.startswith(f"up_blocks.{block}.attentions.") for layer in layers)
        return f"output_blocks.{(block + 1) * width - 1}.{1 + has_attention}.conv"
    name = f"input_blocks.{1 + block * width + index}" if side == "down" else f"output_blocks.{block * width + index}"
    return f"{name}.{int(kind == 'attentions')}.{_LDM_INNER.get(rest, rest)}"


def _flux_names(layers: Collection[str]) -> Iterator[Spelling]:
    for prefix, old_prefix, parts in (
        ("transformer_blocks", "double_blocks", _FLUX_DOUBLE),
        ("single_transformer_blocks", "single_blocks", _FLUX_SINGLE),
    ):
        numbers = {match[1] for layer in layers if (match := re.match(rf"{prefix}\.(\d+)\.", layer))}
        for number in sorted(numbers, key=int):
            for old, new in parts:
                yield f"{old_prefix}.{number}.{old}", tuple(f"{prefix}.{number}.{part}" for part in new)
    for old, new_alone in _FLUX_ALONE:
        yield old, (new_alone,)
