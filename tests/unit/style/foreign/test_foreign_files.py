"""Adapter files of unknown origin: what is said of them, and that none of them does harm."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from style.adapter import check_adapter_file
from style.errors import BadAdapterError, BadModelError
from style.foreign import factors, import_adapter, inspect_foreign
from style.foreign.forms import Extent, Form

Array = NDArray[Any]

STEM = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn"
QUERY = f"{STEM}1_to_q"
WIDTH = 12


def _ones(*shape: int) -> Array:
    return np.ones(shape, np.float32)


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A folder with the headers of a U-Net of a few layers; nothing more of a model is looked at."""
    block = "down_blocks.0.attentions.0.transformer_blocks.0"
    names = [f"{block}.attn{number}.to_{part}.weight" for number in "12" for part in "qkv"]
    (tmp_path / "model" / "unet").mkdir(parents=True)
    layers = {name: np.zeros((WIDTH, WIDTH), np.float16) for name in (*names, "down_blocks.0.resnets.0.conv1.weight")}
    save_file(layers, tmp_path / "model" / "unet" / "diffusion_pytorch_model.safetensors")
    return str(tmp_path / "model")


def test_kohya_file_is_described(tmp_path: Path) -> None:
    """Notation, family, ranks, alphas, parts and the trainer's words come from the header alone."""
    tags = {"10_arch": {"archstyle": 30, "tower": 12, "sky": 4}, "5_more": {"archstyle": 10, "tower": 1}}
    metadata = {
        "ss_base_model_version": "sd_v1", "ss_network_module": "networks.lora", "ss_num_train_images": "40",
        "ss_tag_frequency": json.dumps(tags), "ss_training_comment": "not kept", "ss_output_name": "a\nb" + "c" * 500,
    }  # fmt: skip
    tensors = {**_layer(f"{STEM}2_to_k", columns=768, alpha=1.0), **_layer(QUERY, rank=2, alpha=8.0)}
    tensors |= _layer("lora_te_text_model_encoder_layers_0_mlp_fc1", alpha=1.0)
    found = inspect_foreign(_save(tmp_path, tensors, metadata))
    assert (found.notation, found.family, found.layers) == ("kohya", "SD 1.x", 3)
    assert (found.ranks, found.alphas) == ((2, 4), (1.0, 8.0))
    assert (set(found.parts), found.problems) == ({"lora", "text encoder"}, ())
    assert (found.tags, found.trigger_words) == (("archstyle", "tower", "sky"), ("archstyle",))
    assert "ss_training_comment" not in found.metadata
    assert found.metadata["ss_output_name"].startswith("a\N{REPLACEMENT CHARACTER}b")
    assert len(found.metadata["ss_output_name"]) == 120


@pytest.mark.parametrize(
    ("name", "width", "metadata", "family"),
    [
        ("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k", 1024, {}, "SD 2.x"),
        ("lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_v", 2048, {}, "SDXL"),
        ("lora_unet_input_blocks_8_1_transformer_blocks_9_attn1_to_q", 1280, {}, "SDXL"),
        ("lora_unet_input_blocks_1_0_in_layers_2", 320, {"modelspec.architecture": "stable-diffusion-xl-v1"}, "SDXL"),
        ("lora_unet_down_blocks_0_attentions_0_proj_in", 320, {"ss_base_model_version": "sd_v2_768_v"}, "SD 2.x"),
        ("lora_unet_down_blocks_0_attentions_0_proj_in", 320, {}, "another U-Net"),
        ("lora_unet_single_blocks_0_linear1", 3072, {}, "Flux"),
        ("transformer.transformer_blocks.0.attn.add_q_proj", 1536, {}, "SD 3"),
        ("transformer.layers.0.attention.to_q", 64, {}, "another transformer"),
    ],
)  # fmt: skip
def test_family_is_guessed(tmp_path: Path, name: str, width: int, metadata: dict[str, str], family: str) -> None:
    """Widths and names of layers, then the trainer's word, tell what a file was made for."""
    assert inspect_foreign(_save(tmp_path, _layer(name, columns=width), metadata)).family == family


def test_dora_is_a_problem_with_a_reason(model: str, tmp_path: Path) -> None:
    """A DoRA is described, and refused with what would help."""
    file = _save(tmp_path, {**_layer(QUERY), f"{QUERY}.dora_scale": np.ones((WIDTH, 1), np.float32)})
    found = inspect_foreign(file)
    assert "dora" in found.parts
    assert "base model's weights" in found.problems[0]
    with pytest.raises(BadAdapterError, match=r"DoRA.*ask its maker for a plain LoRA"):
        _import(file, model)


@pytest.mark.parametrize("suffix", [".pt", ".bin", ".ckpt", ".pth"])
def test_pickled_file_is_never_opened(model: str, tmp_path: Path, suffix: str) -> None:
    """Files that can run code are refused by their name, with the cure; they need not even exist."""
    with pytest.raises(BadAdapterError, match=r"can run code.*\.safetensors"):
        _import(tmp_path / f"style{suffix}", model)


HEADER = '{"__metadata__":{"format":"pt"},"a.lora_A.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "header's length"),
        (b"\x80\x04\x95pickle", "header's length"),
        ((2**63).to_bytes(8, "little") + b"{}", "header's length"),
        ((100 * 1024**2).to_bytes(8, "little") + b"{}", "header's length"),
        ((2).to_bytes(8, "little") + b"{}", "holds no layers"),
        (b"[" * 60_000, "header's length"),
        ((60_000).to_bytes(8, "little") + b"[" * 60_000, "cannot be read"),
        ((2).to_bytes(8, "little") + b"[]", "cannot be read"),
    ],
)
def test_file_that_is_no_safetensors_is_refused(model: str, tmp_path: Path, content: bytes, told: str) -> None:
    """Rubbish, pickles and impossible headers are told apart from adapters before anything is read."""
    file = tmp_path / "foreign.safetensors"
    file.write_bytes(content)
    with pytest.raises(BadAdapterError, match=told):
        _import(file, model)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"F32"', '"F64"', "F64, expected one of"),
        ('"F32"', '"I8"', "I8, expected one of"),
        ('"F32"', '["F32"]', "dtype must be text"),
        ("[1,2]", "[1,3]", "do not fit its shape"),
        ("[1,2]", "[-1,-2]", "whole numbers"),
        ("[1,2]", "[1,2.0]", "whole numbers"),
        ("[1,2]", f"[{10**40},2]", "whole numbers"),
        ("[1,2]", "[1,1,1,1,1,1,1,1,2]", "9 dimensions"),
        ("[0,8]", "[0,4]", "do not fit its shape"),
        ("[0,8]", "[8,16]", "do not fit its shape"),
        ('"pt"', "7", "metadata must be text"),
        ('"__metadata__":{"format":"pt"}', '"a.lora_A.weight":{}', "stands twice"),
        ("a.lora_A.weight", "../../etc/passwd", "in no spelling"),
        ("a.lora_A.weight", "../../etc/passwd.lora_A.weight", "names no layer"),
        ("a.lora_A.weight", "a\\n\\u202e.lora_A.weight", "names no layer"),
        ("a.lora_A.weight", "a" * 600, "600 letters"),
        ("a.lora_A.weight", "model.layers.0.weight", "whole weights"),
        ("a.lora_A.weight", "a.oft_blocks", "OFT"),
    ],
)
def test_header_that_lies_is_refused(model: str, tmp_path: Path, old: str, new: str, told: str) -> None:
    """Dtypes, shapes, offsets and names are checked before a number is read; the message stays short."""
    file = tmp_path / "foreign.safetensors"
    header = HEADER.replace(old, new).encode()
    file.write_bytes(len(header).to_bytes(8, "little") + header + bytes(8))
    with pytest.raises(BadAdapterError, match=told) as caught:
        _import(file, model)
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"lora_down.weight": _ones(300, WIDTH), "lora_up.weight": _ones(WIDTH, 300)}, "rank 300"),
        ({"lora_up.weight": _ones(WIDTH, 3)}, "ranks 4 and 3"),
        ({"lora_up.weight": _ones(WIDTH, 4, 3, 3)}, "a convolution and a matrix"),
        ({"lora_up.weight": _ones(WIDTH + 1, 4)}, "13 x 12 in the file and 12 x 12"),
        ({"lora_up.weight": _ones(0, 4)}, "changes 0 x 12"),
        ({"lora_mid.weight": _ones(4, 5, 3, 3)}, "its core"),
        ({"hada_t1": _ones(4, 5, 3, 3)}, "do not belong together"),
        ({"alpha": _ones(2)}, "not one number"),
        ({"alpha": _ones(0)}, "not one number"),
        ({"alpha": _ones() * np.nan}, "not finite"),
        ({"lora_up.weight": _ones(WIDTH, 4) * np.inf}, "not finite"),
        ({"lora_up.weight": _ones(WIDTH, 4) * 1e30}, "beyond 65504"),
        (
            {
                "lora_up.weight": _ones(WIDTH, 4) * 6e4,
                "lora_down.weight": _ones(4, WIDTH) * 6e4,
                "alpha": _ones() * 6e4,
            },
            "too large for fp16",
        ),
        ({"lora_A.weight": _ones(4, WIDTH)}, "same part of one layer"),
    ],
)
def test_part_that_does_not_fit_is_refused(model: str, tmp_path: Path, parts: dict[str, Array], told: str) -> None:
    """Ranks, shapes and numbers that make no LoRA of this model are told with a cure."""
    tensors = {**_layer(QUERY, alpha=1.0), **{f"{QUERY}.{part}": numbers for part, numbers in parts.items()}}
    file = _save(tmp_path, tensors)
    with pytest.raises(BadAdapterError, match=told):
        _import(file, model)
    assert not (tmp_path / "out.safetensors").exists()


@pytest.mark.parametrize(
    ("layer", "parts", "told"),
    [
        (QUERY, {"alpha": ()}, "alpha alone"),
        (QUERY, {"lora_up.weight": (WIDTH, 4)}, "do not belong together"),
        (QUERY, {"lokr_w1": (2, 2)}, "side 2"),
        (QUERY, {"lokr_w1": (2, 2), "lokr_w1_a": (2, 2), "lokr_w2": (6, 6)}, "side 1"),
        (QUERY, {"lokr_w1": (2, 2), "lokr_w2_a": (6, 1)}, "has only one of"),
        (QUERY, {"lokr_w1": (2,), "lokr_w2": (6, 6)}, "lokr_w1 has shape"),
        (QUERY, {"hada_w1_a": (9, 2), "hada_w1_b": (3, 9), "hada_w2_a": (9, 2), "hada_w2_b": (2, 9)}, "ranks 2 and 3"),
        (
            QUERY,
            {"hada_w1_a": (9, 2), "hada_w1_b": (2, 9), "hada_w2_a": (9, 2), "hada_w2_b": (2, 8)},
            "9 x 9 and 9 x 8",
        ),
        ("lora_te_x", {"lora_down.weight": (2, 8), "lora_up.weight": (8, 2)}, "text encoders only"),
        ("lora_unet_x", {"lora_down.weight": (2, 8), "lora_up.weight": (8, 2)}, r"1 of its 1 layers.*VERNISSAGE_MODEL"),
    ],
)
def test_layer_of_wrong_parts_is_refused(
    model: str, tmp_path: Path, layer: str, parts: dict[str, tuple[int, ...]], told: str
) -> None:
    """Parts that are missing or do not belong together, and layers that are not there, are told with a cure."""
    file = _save(tmp_path, {f"{layer}.{part}": _ones(*shape) for part, shape in parts.items()})
    with pytest.raises(BadAdapterError, match=told):
        _import(file, model)


@pytest.mark.parametrize("cut", [1, 100, -1])
def test_cut_or_padded_file_is_refused(model: str, tmp_path: Path, cut: int) -> None:
    """A download that broke off is told from a whole one."""
    file = _save(tmp_path, _layer(QUERY))
    content = file.read_bytes()
    file.write_bytes(content[:-cut] if cut > 0 else content + bytes(-cut))
    with pytest.raises(BadAdapterError, match="the file is cut"):
        _import(file, model)


def test_file_that_is_not_there_is_told(model: str, tmp_path: Path) -> None:
    """Neither a missing file nor a folder of that name is a traceback."""
    (tmp_path / "folder.safetensors").mkdir()
    for name, told in (("none.safetensors", "cannot be read"), ("folder.safetensors", "not a file")):
        with pytest.raises(BadAdapterError, match=told):
            _import(tmp_path / name, model)


def test_place_that_cannot_be_written_is_told(model: str, tmp_path: Path) -> None:
    """The cure is in the message, and nothing is left behind."""
    file = _save(tmp_path, _layer(QUERY))
    for name, told in (("none/out.safetensors", "cannot be written"), ("out.bin", "ends in .safetensors")):
        with pytest.raises(BadAdapterError, match=told):
            import_adapter(file, tmp_path / name, model)
    with pytest.raises(BadModelError, match="unet/ or transformer/"):
        _import(file, str(tmp_path))


def test_brain_float_is_read(model: str, tmp_path: Path) -> None:
    """bfloat16, which numpy has not, comes over as exactly as fp16 holds it."""
    tensors = _layer(QUERY)
    halves = {name: (tensor.view(np.uint32) >> 16).astype(np.uint16) for name, tensor in tensors.items()}
    save_file(halves, tmp_path / "foreign.safetensors")
    content = (tmp_path / "foreign.safetensors").read_bytes().replace(b'"U16"', b'"BF16"')
    # One letter more for each tensor, where the header is padded with spaces.
    length = int.from_bytes(content[:8], "little") + len(tensors)
    (tmp_path / "foreign.safetensors").write_bytes(length.to_bytes(8, "little") + content[8:])
    _import(tmp_path / "foreign.safetensors", model)
    lower, upper = (halves[f"{QUERY}.lora_{side}.weight"].astype(np.uint32) << 16 for side in ("down", "up"))
    expected = upper.view(np.float32) @ lower.view(np.float32)
    made = load_file(tmp_path / "out.safetensors")
    [down, up] = (made[name].astype(np.float32) for name in sorted(made))
    assert np.abs(up @ down - expected).max() < 2e-3 * np.abs(expected).max()


@pytest.mark.parametrize("bound", [3, 8])
def test_factoring_loses_no_more_than_it_must(monkeypatch: pytest.MonkeyPatch, bound: int) -> None:
    """Where a bounded rank is not enough, the best one is taken and its error said, for each form."""
    monkeypatch.setattr(factors, "MAX_FACTORED_RANK", bound)
    rng = np.random.default_rng(bound)
    kron = {"lokr_w1": rng.normal(size=(3, 4)), "lokr_w2": rng.normal(size=(10, 12))}
    small, large = _random_loha(rng, rank=4), _random_loha(rng, rank=9)
    cases = [(kron, np.kron(kron["lokr_w1"], kron["lokr_w2"])), (small, _hadamard(small)), (large, _hadamard(large))]
    for numbers, delta in cases:
        form: Form = "lokr" if "lokr_w1" in numbers else "loha"
        extent = Extent(form, len(delta), delta.shape[1], rank=2, has_core=False)
        made = factors.to_factors(extent, numbers, alpha=1.0)
        best = np.linalg.svd(delta / 2, compute_uv=False)
        assert len(made.down) == bound
        assert made.lost == pytest.approx(np.sqrt(np.sum(best[bound:] ** 2)), rel=0.02)
        assert np.linalg.norm(delta / 2 - made.up @ made.down) == pytest.approx(made.lost, rel=1e-3)
        assert factors.norm_of_change(extent, numbers, 1.0) == pytest.approx(np.linalg.norm(delta / 2), rel=1e-4)


def test_only_what_is_negligible_is_dropped() -> None:
    """Within the bound, a rank that carries two hundredths is kept, and one of a hundred-thousandth is not."""
    numbers = {"lokr_w1": np.eye(1, dtype=np.float32), "lokr_w2": np.diag([1.0, 0.02, 1e-5]).astype(np.float32)}
    made = factors.to_factors(Extent("lokr", 3, 3, rank=None, has_core=False), numbers, alpha=None)
    assert len(made.down) == 2
    assert made.lost == pytest.approx(1e-5, rel=0.01)


def test_loss_is_told_and_too_much_of_it_refused(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A LoKr that no bounded LoRA comes near to is not passed off as one."""
    rng = np.random.default_rng(0)
    inner = np.diag([1.0, 0.3, 0.1, 0.0, 0.0, 0.0]).astype(np.float32)
    parts = {"lokr_w1": np.diag([1.0, 0.01]).astype(np.float32), "lokr_w2": inner}
    file = _save(tmp_path, {f"{QUERY}.{part}": numbers for part, numbers in parts.items()})
    monkeypatch.setattr(factors, "MAX_FACTORED_RANK", 2)
    report = _import(file, model)
    assert report.loss == pytest.approx(0.0958, rel=0.01)
    assert "10% of its norm is lost" in report.warnings[0]
    parts["lokr_w2"] = rng.normal(size=(6, 6)).astype(np.float32)
    parts["lokr_w1"] = np.eye(2, dtype=np.float32)
    file = _save(tmp_path, {f"{QUERY}.{part}": numbers for part, numbers in parts.items()})
    with pytest.raises(BadAdapterError, match="would be lost"):
        _import(file, model)


def test_import_needs_no_torch() -> None:
    """The bot's process can look at files and convert them."""
    program = "import sys, style.foreign; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
@example(content=b"\x02\0\0\0\0\0\0\0{}")
def test_random_bytes_are_refused(model: str, tmp_path: Path, content: bytes) -> None:
    """Whatever a file holds, nothing but our own error comes of it."""
    file = tmp_path / "random.safetensors"
    file.write_bytes(content)
    with pytest.raises(BadAdapterError):
        _import(file, model)


PARTS = (
    *("lora_down.weight", "lora_up.weight", "lora_mid.weight", "alpha", "dora_scale"),
    *(f"hada_{part}" for part in ("w1_a", "w1_b", "w2_a", "w2_b", "t1", "t2")),
    *(f"lokr_{part}" for part in ("w1", "w1_a", "w1_b", "w2", "w2_a", "w2_b", "t2")),
)
STEMS = (QUERY, f"{STEM}2_to_v", "lora_unet_down_blocks_0_resnets_0_conv1", "lora_te_x", "unet.conv_in", "")
SHAPES = st.lists(st.sampled_from([0, 1, 2, 4, 6, WIDTH]), max_size=5)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shapes=st.dictionaries(st.tuples(st.sampled_from(STEMS), st.sampled_from(PARTS)), SHAPES, min_size=1, max_size=6),
    fill=st.sampled_from([0.0, 1.0, -3e4, 1e30, np.nan]),
    said=st.sampled_from(
        ["", "{}", "[1]", '{"lora_alpha": 1e99}', '{"lora_alpha": null}', '{"alpha_pattern": 3, "lora_alpha": 1}']
    ),
)
def test_random_parts_are_imported_or_refused(
    model: str, tmp_path: Path, shapes: dict[tuple[str, str], list[int]], fill: float, said: str
) -> None:
    """Any parts of any shape under any layer either make an adapter that passes the strict check, or our own error."""
    tensors = {f"{stem}.{part}": np.full(shape, fill, np.float32) for (stem, part), shape in shapes.items()}
    file = _save(tmp_path, tensors, {"lora_adapter_metadata": said, "ss_tag_frequency": said})
    try:
        inspect_foreign(file)
        report = _import(file, model)
    except BadAdapterError:
        return
    assert check_adapter_file(report.path) == len(report.layers)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(min_value=0), byte=st.integers(0, 255), is_header=st.booleans())
def test_damaged_file_is_imported_or_refused(
    model: str, tmp_path: Path, place: int, byte: int, is_header: bool
) -> None:
    """A byte changed anywhere makes another adapter or our own error, never a crash."""
    file = _save(tmp_path, _layer(QUERY, alpha=2.0))
    content = bytearray(file.read_bytes())
    length = 8 + int.from_bytes(content[:8], "little") if is_header else len(content)
    content[place % length] = byte
    file.write_bytes(content)
    try:
        _import(file, model)
    except BadAdapterError:
        return


def _layer(stem: str, *, columns: int = WIDTH, rank: int = 4, alpha: float | None = None) -> dict[str, Array]:
    rng = np.random.default_rng(1)
    down = rng.normal(size=(rank, columns)).astype(np.float32)
    tensors = {f"{stem}.lora_down.weight": down, f"{stem}.lora_up.weight": _ones(WIDTH, rank) * np.float32(0.3)}
    return tensors if alpha is None else {**tensors, f"{stem}.alpha": _ones() * np.float32(alpha)}


def _save(folder: Path, tensors: Mapping[str, Array], metadata: dict[str, str] | None = None) -> Path:
    file = folder / "foreign.safetensors"
    save_file({name: np.array(tensor, np.float32, order="C") for name, tensor in tensors.items()}, file, metadata)
    return file


def _import(file: Path, model: str) -> Any:
    return import_adapter(file, file.with_name("out.safetensors"), model)


def _random_loha(rng: np.random.Generator, rank: int) -> dict[str, Array]:
    shapes = {"a": (40, rank), "b": (rank, 50)}
    return {f"hada_w{side}_{half}": rng.normal(size=shapes[half]) for side in "12" for half in "ab"}


def _hadamard(numbers: Mapping[str, Array]) -> Array:
    first, second = (numbers[f"hada_w{side}_a"] @ numbers[f"hada_w{side}_b"] for side in "12")
    product: Array = first * second
    return product
