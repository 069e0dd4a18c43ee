"""Adapters of other trainers: once imported, they do to a denoiser what adding their change to its weights does."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from style.adapter import check_adapter_file
from style.decode import ModelInfo
from style.digest import file_digest
from style.engine.adapters import Adapters
from style.engine.model import LoadedModel
from style.errors import BadAdapterError
from style.foreign import ImportReport, import_adapter, inspect_foreign

pytestmark = [
    pytest.mark.filterwarnings("ignore:Already found a `peft_config`:UserWarning"),
    # peft remarks that the end of one layer's name is another's whole name; it takes the right one.
    pytest.mark.filterwarnings("ignore:While injecting the PEFT adapters:RuntimeWarning"),
]

Array = NDArray[Any]
Model = Any  # the fixtures' class lives in this folder's conftest.py, which no module can import
Writer = Callable[[str, tuple[int, ...], np.random.Generator], tuple[dict[str, Array], Array]]

# What fp16 costs, as a share of what an adapter changes in the denoiser's output.
TOLERANCE = 5e-3

ATTENTION = "down_blocks.1.attentions.1.transformer_blocks.0"
LINEAR = (f"{ATTENTION}.attn1.to_q", f"{ATTENTION}.attn2.to_k", f"{ATTENTION}.attn1.to_out.0", f"{ATTENTION}.ff.net.2")
CONVOLUTIONS = (
    "conv_in",
    "down_blocks.1.attentions.0.proj_in",
    "down_blocks.0.downsamplers.0.conv",
    "mid_block.resnets.0.conv1",
    "up_blocks.0.resnets.2.conv_shortcut",
    "up_blocks.0.upsamplers.0.conv",
)


def kohya(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """Rank 4 and alpha 2, as kohya's scripts and LyCORIS write LoRA and LoCon."""
    down, up = _normal(rng, 4, *shape[1:]), _normal(rng, shape[0], 4, *(1 for _ in shape[2:]))
    parts = {"lora_down.weight": down, "lora_up.weight": up, "alpha": _number(2.0)}
    return _named(f"lora_unet_{layer.replace('.', '_')}", parts), _product(up, down) * (2.0 / 4)


def locon_with_core(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """Three convolutions one behind the other, the middle one small."""
    down, up, mid = _normal(rng, 4, shape[1], 1, 1), _normal(rng, shape[0], 4, 1, 1), _normal(rng, 4, 4, *shape[2:])
    parts = {"lora_down.weight": down, "lora_up.weight": up, "lora_mid.weight": mid, "alpha": _number(1.0)}
    delta = np.einsum("oi,ijkl,jc->ockl", up[:, :, 0, 0], mid, down[:, :, 0, 0]) / 4
    return _named(f"lora_unet_{layer.replace('.', '_')}", parts), delta


def loha(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """Two products of rank 2, multiplied number by number."""
    columns = int(np.prod(shape[1:]))
    parts = {f"hada_w{side}_a": _normal(rng, shape[0], 2) for side in "12"}
    parts |= {f"hada_w{side}_b": _normal(rng, 2, columns) for side in "12"}
    first, second = (parts[f"hada_w{side}_a"] @ parts[f"hada_w{side}_b"] for side in "12")
    delta = (first * second).reshape(shape) * (3.0 / 2)
    return _named(f"lora_unet_{layer.replace('.', '_')}", {**parts, "alpha": _number(3.0)}), delta


def loha_with_core(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """The same with a small convolution in each product."""
    parts = {f"hada_w{side}_a": _normal(rng, 2, shape[0]) for side in "12"}
    parts |= {f"hada_w{side}_b": _normal(rng, 2, shape[1]) for side in "12"}
    parts |= {f"hada_t{side}": _normal(rng, 2, 2, *shape[2:]) for side in "12"}
    first, second = (
        np.einsum("ijkl,jc,io->ockl", parts[f"hada_t{side}"], parts[f"hada_w{side}_b"], parts[f"hada_w{side}_a"])
        for side in "12"
    )
    return _named(f"lora_unet_{layer.replace('.', '_')}", {**parts, "alpha": _number(2.0)}), first * second


def lokr(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """A 2 x 2 matrix times a product of rank 2, block by block."""
    whole, left = _normal(rng, 2, 2), _normal(rng, shape[0] // 2, 2)
    right = _normal(rng, 2, int(np.prod(shape[1:])) // 2)
    inner = (left @ right).reshape(shape[0] // 2, shape[1] // 2, *shape[2:])
    delta = np.kron(whole.reshape(2, 2, *(1 for _ in shape[2:])), inner) * (1.0 / 2)
    parts = {"lokr_w1": whole, "lokr_w2_a": left, "lokr_w2_b": right, "alpha": _number(1.0)}
    return _named(f"lora_unet_{layer.replace('.', '_')}", parts), delta


def lokr_whole(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """Two whole matrices: then an alpha says nothing."""
    outer, inner = _normal(rng, 2, 2), _normal(rng, shape[0] // 2, shape[1] // 2, *shape[2:])
    parts = {"lokr_w1": outer, "lokr_w2": inner, "alpha": _number(7.0)}
    delta = np.kron(outer.reshape(2, 2, *(1 for _ in shape[2:])), inner)
    return _named(f"lora_unet_{layer.replace('.', '_')}", parts), delta


def lokr_with_core(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """Both sides products, the second with a small convolution."""
    first = {"lokr_w1_a": _normal(rng, 2, 2), "lokr_w1_b": _normal(rng, 2, 2)}
    left, right, core = _normal(rng, 2, shape[0] // 2), _normal(rng, 2, shape[1] // 2), _normal(rng, 2, 2, *shape[2:])
    inner = np.einsum("ijkl,ip,jr->prkl", core, left, right)
    delta = np.kron((first["lokr_w1_a"] @ first["lokr_w1_b"])[:, :, None, None], inner)
    parts = {**first, "lokr_w2_a": left, "lokr_w2_b": right, "lokr_t2": core, "alpha": _number(2.0)}
    return _named(f"lora_unet_{layer.replace('.', '_')}", parts), delta


def diffusers_old(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """As diffusers wrote before it had peft: the attention's processor, no alpha."""
    down, up = _normal(rng, 3, shape[1]), _normal(rng, shape[0], 3)
    block, _, name = layer.removesuffix(".0").rpartition(".")
    stem = f"unet.{block}.processor.{name}_lora"
    return {f"{stem}.down.weight": down, f"{stem}.up.weight": up}, up @ down


def diffusers(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """As diffusers writes today, before metadata."""
    down, up = _normal(rng, 3, *shape[1:]), _normal(rng, shape[0], 3, *(1 for _ in shape[2:]))
    parts = {"lora_A.weight": down, "lora_B.weight": up}
    return _named(f"unet.{layer}", parts), _product(up, down)


def peft(layer: str, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[dict[str, Array], Array]:
    """As `PeftModel.save_pretrained` writes; alpha stands in the file beside (`_write_peft_config`)."""
    tensors, delta = diffusers(layer, shape, rng)
    return {name.replace("unet.", "base_model.model."): tensor for name, tensor in tensors.items()}, delta * (6.0 / 3)


CASES = [
    (kohya, LINEAR + CONVOLUTIONS, "kohya"),
    (locon_with_core, CONVOLUTIONS[2:4], "lycoris"),
    (loha, LINEAR + CONVOLUTIONS, "lycoris"),
    (loha_with_core, CONVOLUTIONS[2:4], "lycoris"),
    (lokr, LINEAR + CONVOLUTIONS, "lycoris"),
    (lokr_whole, LINEAR + CONVOLUTIONS, "lycoris"),
    (lokr_with_core, CONVOLUTIONS[2:4], "lycoris"),
    (diffusers_old, LINEAR[:3], "diffusers"),
    (diffusers, LINEAR + CONVOLUTIONS, "diffusers"),
    (peft, LINEAR + CONVOLUTIONS, "peft"),
]


@pytest.mark.parametrize(("write", "layers", "notation"), CASES, ids=lambda case: getattr(case, "__name__", None))
def test_imported_adapter_is_its_change_added_by_hand(
    sd15: Model, tmp_path: Path, write: Writer, layers: Sequence[str], notation: str
) -> None:
    """Linear layers and convolutions of each notation act in stock diffusers as they did for their trainer."""
    if write is peft:
        (tmp_path / "adapter_config.json").write_text('{"peft_type": "LORA", "r": 3, "lora_alpha": 6}')
    file, deltas = _write(tmp_path, sd15, write, layers)
    report = _import(sd15, file)
    assert inspect_foreign(file).notation == notation
    assert set(report.layers) == set(layers)
    assert (report.left_out, report.warnings) == ((), ())
    assert report.loss < 1e-3
    _assert_acts_as(sd15, report, deltas)


# Names in SDXL's own numbering, which its trainers use, and what diffusers calls the same layers.
SDXL_NAMES = {
    "input_blocks_0_0": "conv_in",
    "input_blocks_2_0_in_layers_2": "down_blocks.0.resnets.1.conv1",
    "input_blocks_3_0_op": "down_blocks.0.downsamplers.0.conv",
    "input_blocks_4_0_skip_connection": "down_blocks.1.resnets.0.conv_shortcut",
    "input_blocks_4_1_proj_in": "down_blocks.1.attentions.0.proj_in",
    "input_blocks_8_1_transformer_blocks_2_attn2_to_v": "down_blocks.2.attentions.1.transformer_blocks.2.attn2.to_v",
    "middle_block_0_out_layers_3": "mid_block.resnets.0.conv2",
    "middle_block_1_transformer_blocks_0_attn1_to_q": "mid_block.attentions.0.transformer_blocks.0.attn1.to_q",
    "middle_block_2_in_layers_2": "mid_block.resnets.1.conv1",
    "output_blocks_0_1_transformer_blocks_1_ff_net_2": "up_blocks.0.attentions.0.transformer_blocks.1.ff.net.2",
    "output_blocks_2_2_conv": "up_blocks.0.upsamplers.0.conv",
    "output_blocks_5_1_transformer_blocks_0_ff_net_2": "up_blocks.1.attentions.2.transformer_blocks.0.ff.net.2",
    "output_blocks_8_0_in_layers_2": "up_blocks.2.resnets.2.conv1",
    "out_2": "conv_out",
}  # fmt: skip


def test_sdxl_layers_are_known_by_their_first_names(sdxl: Model, tmp_path: Path) -> None:
    """Blocks counted through, as SDXL's trainers count them, are the right layers of diffusers' blocks."""
    file, deltas = _write(tmp_path, sdxl, kohya, list(SDXL_NAMES.values()))
    names = {f"lora_unet_{new.replace('.', '_')}": f"lora_unet_{old}" for old, new in SDXL_NAMES.items()}
    _rename(file, lambda name: f"{names[name.partition('.')[0]]}.{name.partition('.')[2]}")
    report = _import(sdxl, file)
    assert sorted(report.layers) == sorted(SDXL_NAMES.values())
    _assert_acts_as(sdxl, report, deltas)


def test_sdxl_adapter_acts_as_diffusers_reads_it(sdxl: Model, tmp_path: Path) -> None:
    """On attention alone, which diffusers' own conversion handles, both agree."""
    names = {old: new for old, new in SDXL_NAMES.items() if "attn" in old}
    file, _ = _write(tmp_path, sdxl, kohya, list(names.values()))
    spelled = {f"lora_unet_{new.replace('.', '_')}": f"lora_unet_{old}" for old, new in names.items()}
    _rename(file, lambda name: f"{spelled[name.partition('.')[0]]}.{name.partition('.')[2]}")
    outputs = []
    for path in (file, _import(sdxl, file).path):
        pipeline = sdxl.fresh()
        pipeline.load_lora_weights(str(path.parent), weight_name=path.name, local_files_only=True)
        outputs.append(sdxl.denoise(pipeline.unet))
    effect = (outputs[0] - sdxl.denoise(sdxl.denoiser)).norm()
    assert (outputs[1] - outputs[0]).norm() < TOLERANCE * effect


# Flux's makers have one layer for what are several in diffusers.
FLUX_NAMES = {
    "double_blocks.1.img_attn.qkv": [f"transformer_blocks.1.attn.to_{part}" for part in "qkv"],
    "double_blocks.0.txt_attn.qkv": [f"transformer_blocks.0.attn.add_{part}_proj" for part in "qkv"],
    "double_blocks.0.img_attn.proj": ["transformer_blocks.0.attn.to_out.0"],
    "double_blocks.0.txt_attn.proj": ["transformer_blocks.0.attn.to_add_out"],
    "double_blocks.1.img_mlp.0": ["transformer_blocks.1.ff.net.0.proj"],
    "double_blocks.0.txt_mlp.2": ["transformer_blocks.0.ff_context.net.2"],
    "single_blocks.1.linear1": [
        *(f"single_transformer_blocks.1.attn.to_{part}" for part in "qkv"),
        "single_transformer_blocks.1.proj_mlp",
    ],
    "single_blocks.0.linear2": ["single_transformer_blocks.0.proj_out"],
    "final_layer.linear": ["proj_out"],
    "img_in": ["x_embedder"],
}


@pytest.mark.parametrize("form", ["kohya", "dotted", "lokr"])
def test_fused_layers_of_flux_are_parted(flux: Model, tmp_path: Path, form: str) -> None:
    """One matrix for queries, keys and values acts on each of them as it did on all."""
    rng = np.random.default_rng(5)
    tensors: dict[str, Array] = {}
    deltas: dict[str, Array] = {}
    for old, layers in FLUX_NAMES.items():
        shapes = [flux.shape(layer) for layer in layers]
        shape = (sum(shape[0] for shape in shapes), shapes[0][1])
        parts, delta = (lokr if form == "lokr" else kohya)(old, shape, rng)
        tensors |= parts
        deltas |= dict(zip(layers, np.split(delta, np.cumsum([shape[0] for shape in shapes])[:-1]), strict=True))
    file = _save(tmp_path, tensors)
    if form == "dotted":
        names = {f"lora_unet_{old.replace('.', '_')}": f"diffusion_model.{old}" for old in FLUX_NAMES}
        _rename(file, lambda name: f"{names[name.partition('.')[0]]}.{name.partition('.')[2]}")
    report = _import(flux, file)
    assert inspect_foreign(file).family == "Flux"
    assert inspect_foreign(file).notation == {"kohya": "kohya", "dotted": "flux-bfl", "lokr": "lycoris"}[form]
    assert set(report.layers) == {layer for layers in FLUX_NAMES.values() for layer in layers}
    _assert_acts_as(flux, report, deltas)


def test_parts_of_a_fused_layer_that_are_zero_cost_no_rank(flux: Model, tmp_path: Path) -> None:
    """Where queries, keys and values were trained apart and then fused, each gets its own rank back."""
    width = flux.shape("transformer_blocks.0.attn.to_q")[0]
    up = np.kron(np.eye(3, dtype=np.float32), np.ones((width, 2), np.float32))
    stem = "lora_unet_double_blocks_0_img_attn_qkv"
    file = _save(tmp_path, {f"{stem}.lora_down.weight": np.ones((6, width), np.float32), f"{stem}.lora_up.weight": up})
    assert _import(flux, file).ranks == (2, 2, 2)


def test_strength_follows_alpha(sd15: Model, tmp_path: Path) -> None:
    """Four times the alpha is four times the change, at weight 1."""
    file, _ = _write(tmp_path, sd15, kohya, LINEAR)
    changes = []
    for alpha in (_number(1.0), _number(4.0)):
        _change(
            file, lambda _, tensor: tensor, add={f"lora_unet_{name.replace('.', '_')}.alpha": alpha for name in LINEAR}
        )
        changes.append(_changes(_import(sd15, file).path))
    for layer, change in changes[0].items():
        assert _is_near(changes[1][layer], 4 * change)


def test_small_numbers_survive_fp16(sd15: Model, tmp_path: Path) -> None:
    """A change whose one matrix is below what fp16 can tell from zero keeps its accuracy."""
    file, deltas = _write(tmp_path, sd15, kohya, LINEAR[:1])
    _change(file, lambda name, tensor: tensor * np.float32({"up": 1e-8, "wn": 1e4}.get(name[-9:-7], 1.0)))
    [(layer, change)] = _changes(_import(sd15, file).path).items()
    assert _is_near(change * 1e4, deltas[layer])


@pytest.mark.parametrize(
    ("said", "scale"),
    [
        ({"unet.lora_alpha": 6, "unet.r": 3}, 2.0),
        ({"unet.lora_alpha": 6, "unet.use_rslora": True}, 6 / 3**0.5),
        ({"unet.lora_alpha": 6, "unet.alpha_pattern": {"attn1.to_q": 1.5}}, 0.5),
        ({"unet.lora_alpha": 6, "unet.alpha_pattern": {"^conv_in": 1.5}}, 2.0),
    ],
)
def test_strength_follows_what_peft_says(sd15: Model, tmp_path: Path, said: dict[str, Any], scale: float) -> None:
    """A file of today's diffusers tells its alphas in its metadata."""
    file, deltas = _write(tmp_path, sd15, diffusers, LINEAR[:1])
    _change(file, lambda _, tensor: tensor, metadata={"lora_adapter_metadata": json.dumps(said)})
    [(layer, change)] = _changes(_import(sd15, file).path).items()
    assert _is_near(change, scale * deltas[layer])


def test_peft_file_without_its_alpha_is_told(sd15: Model, tmp_path: Path) -> None:
    """Without the file that says it, alpha is taken as the rank, and said to be."""
    file, deltas = _write(tmp_path, sd15, peft, LINEAR)
    report = _import(sd15, file)
    assert [warning for warning in report.warnings if "adapter_config.json" in warning]
    assert _is_near(_changes(report.path)[LINEAR[0]], deltas[LINEAR[0]] / 2)


def test_what_the_engine_cannot_weigh_is_left_out_and_told(sd15: Model, tmp_path: Path) -> None:
    """Text encoders and time embeddings are named with their share of the norm; the rest is taken over."""
    flat = "mid_block.resnets.0.time_emb_proj"
    file, deltas = _write(tmp_path, sd15, kohya, [*LINEAR, flat])
    tensors, text = kohya("x", (32, 32), np.random.default_rng(0))
    added = {
        name.replace("lora_unet_x", "lora_te_text_model_encoder_layers_0_mlp_fc1"): tensors[name] for name in tensors
    }
    _change(file, lambda _, tensor: tensor, add=added)
    report = _import(sd15, file)
    assert set(report.layers) == set(LINEAR)
    whole = sum(float(np.sum(delta**2)) for delta in (*deltas.values(), text))
    assert report.text_encoder_share == pytest.approx((np.sum(text**2) / whole) ** 0.5, rel=1e-4)
    [left_out] = report.left_out
    assert left_out.layer == flat
    assert left_out.share == pytest.approx((np.sum(deltas[flat] ** 2) / whole) ** 0.5, rel=1e-4)
    assert [word for word in ("text encoders", "one vector") if not any(word in line for line in report.warnings)] == []
    assert "text encoder" in report.source.parts
    del deltas[flat]
    _assert_acts_as(sd15, report, deltas)


def test_layer_that_the_model_has_not_is_listed(sd15: Model, tmp_path: Path) -> None:
    """A few unknown layers do not keep the others out."""
    file, _ = _write(tmp_path, sd15, kohya, LINEAR)
    _rename(file, lambda name: name.replace("attn2", "attn9"))
    report = _import(sd15, file)
    assert [left_out.layer for left_out in report.left_out] == [LINEAR[1].replace(".", "_").replace("attn2", "attn9")]
    assert len(report.layers) == 3


def test_adapter_of_another_model_is_refused_by_its_family(
    sd15: Model, sdxl: Model, flux: Model, tmp_path: Path
) -> None:
    """Layers that are not there, or of another size, say what it was made for and what to do."""
    file, _ = _write(tmp_path, sdxl, kohya, [name for name in SDXL_NAMES.values() if "transformer" in name])
    with pytest.raises(BadAdapterError, match=r"made for SDXL, the loaded model is .*VERNISSAGE_MODEL"):
        _import(flux, file)
    file, _ = _write(tmp_path, sd15, kohya, LINEAR)
    _change(file, lambda name, tensor: tensor[:, :-1] if "lora_down" in name else tensor)
    with pytest.raises(BadAdapterError, match=r"16 x 15 in the file and 16 x 16 there.*VERNISSAGE_MODEL"):
        _import(sd15, file)


def test_layer_named_in_two_spellings_is_refused(sdxl: Model, tmp_path: Path) -> None:
    """Two changes of one layer are not silently one of them."""
    file, _ = _write(tmp_path, sdxl, kohya, ["conv_in", "conv_out"])
    _rename(file, lambda name: name.replace("conv_out", "input_blocks_0_0"))
    with pytest.raises(BadAdapterError, match=r"same layer|there"):
        _import(sdxl, file)


def test_adapter_that_changes_nothing_is_refused(sd15: Model, tmp_path: Path) -> None:
    """All zeros are told before anything is written."""
    file, _ = _write(tmp_path, sd15, kohya, LINEAR)
    _change(file, lambda _, tensor: np.zeros_like(tensor))
    with pytest.raises(BadAdapterError, match="nothing of it is left"):
        _import(sd15, file)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_own_adapter_stays_what_it_is(tiny_model: Path, write_lora: Callable[..., Path], tmp_path: Path) -> None:
    """A file in our own form is imported whole, and again to the same bytes."""
    file = write_lora(tmp_path / "own.safetensors", seed=3)
    first = import_adapter(file, tmp_path / "first.safetensors", str(tiny_model))
    second = import_adapter(first.path, tmp_path / "second.safetensors", str(tiny_model))
    assert len(first.layers) == check_adapter_file(file)
    assert (first.left_out, first.warnings, first.source.notation) == ((), (), "diffusers")
    assert second.digest == first.digest
    for layer, change in _changes(file).items():
        assert _is_near(_changes(first.path)[layer], change)


def _assert_acts_as(model: Model, report: ImportReport, deltas: Mapping[str, Array]) -> None:
    """Compare the import, loaded by diffusers and by the engine, with weights changed by hand."""
    by_hand = copy.deepcopy(model.denoiser)
    for layer, delta in deltas.items():
        weight = by_hand.get_submodule(layer).weight
        weight.data += torch.from_numpy(delta.astype(np.float32)).reshape(weight.shape)
    base, expected = model.denoise(model.denoiser), model.denoise(by_hand)
    effect = (expected - base).norm()
    assert effect > 0.005 * base.norm()

    stock = model.fresh()
    stock.load_lora_weights(
        str(report.path.parent), weight_name=report.path.name, local_files_only=True, use_safetensors=True
    )
    loaded = getattr(stock, model.component)
    assert (model.denoise(loaded) - expected).norm() < TOLERANCE * effect

    pipeline = model.fresh()
    info = ModelInfo(id="tiny", digest="0" * 64, width=64, height=64, steps=1, guidance=1.0)
    adapters = Adapters(LoadedModel(pipeline, getattr(pipeline, model.component), torch.device("cpu"), info))
    adapters.load(report.digest, report.path)
    with adapters.mixed([{report.digest: 1.0}, {}]):
        mixed = model.denoise(getattr(pipeline, model.component))
    assert (mixed[0] - expected[0]).norm() < TOLERANCE * (expected[0] - base[0]).norm()
    assert torch.allclose(mixed[1], base[1], atol=1e-5)


def _write(folder: Path, model: Model, write: Writer, layers: Sequence[str]) -> tuple[Path, dict[str, Array]]:
    """Write a file of random changes of these layers; returns it and the changes."""
    rng = np.random.default_rng(len(layers))
    tensors: dict[str, Array] = {}
    deltas = {}
    for layer in layers:
        parts, deltas[layer] = write(layer, model.shape(layer), rng)
        tensors |= parts
    return _save(folder, tensors), deltas


def _save(folder: Path, tensors: Mapping[str, Array], metadata: dict[str, str] | None = None) -> Path:
    file = folder / "foreign.safetensors"
    save_file({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, file, metadata)
    return file


def _rename(file: Path, rename: Callable[[str], str]) -> None:
    _save(file.parent, {rename(name): tensor for name, tensor in load_file(file).items()})


def _change(
    file: Path,
    change: Callable[[str, Array], Array],
    *,
    add: Mapping[str, Array] | None = None,
    metadata: dict[str, str] | None = None,
) -> None:
    tensors = {name: change(name, tensor) for name, tensor in load_file(file).items()}
    _save(file.parent, {**tensors, **(add or {})}, metadata)


def _changes(file: Path) -> dict[str, Array]:
    """Multiply an adapter in our own form out, by layer."""
    tensors = {name: tensor.astype(np.float32) for name, tensor in load_file(file).items()}
    return {
        name.partition(".")[2].removesuffix(".lora_A.weight"): _product(up, down)
        for name, down in tensors.items()
        if name.endswith("lora_A.weight") and (up := tensors[name.replace("lora_A", "lora_B")]) is not None
    }


def _import(model: Model, file: Path) -> ImportReport:
    report = import_adapter(file, file.with_name("imported.safetensors"), str(model.folder))
    assert check_adapter_file(report.path) == len(report.layers)
    assert report.digest == file_digest(report.path)
    return report


def _is_near(change: Array, expected: Array) -> bool:
    """Compare to what fp16 keeps."""
    return bool(np.abs(change - expected).max() < 2e-3 * np.abs(expected).max())


def _normal(rng: np.random.Generator, *shape: int) -> Array:
    return rng.normal(size=shape, scale=0.3).astype(np.float32)


def _number(value: float) -> Array:
    return np.array(value, np.float32)


def _named(stem: str, parts: Mapping[str, Array]) -> dict[str, Array]:
    return {f"{stem}.{part}": numbers for part, numbers in parts.items()}


def _product(up: Array, down: Array) -> Array:
    product: Array = np.tensordot(up.reshape(up.shape[:2]), down, 1)
    return product
