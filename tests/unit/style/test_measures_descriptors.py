"""Style descriptors, on a tiny random tower under the names of the published weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from style.errors import BadModelError
from style.measures.descriptors import load_style_judge, style_similarity
from style.measures.learned import to_pixels
from style.procedural import draw, random_spec

if TYPE_CHECKING:
    from torch import Tensor

WIDTH, PATCH, BLOCKS = 64, 8, 2


def described(parts: dict[str, Tensor], pixels: Tensor) -> Tensor:
    """Compute what the authors' network gives, written down anew from its parts alone."""
    import torch
    import torch.nn.functional as F

    def norm(x: Tensor, name: str) -> Tensor:
        return F.layer_norm(x, (WIDTH,), parts[f"{name}.weight"], parts[f"{name}.bias"])

    patches = F.conv2d(pixels, parts["backbone.conv1.weight"], stride=PATCH).flatten(2).transpose(1, 2)
    first = parts["backbone.class_embedding"].expand(len(pixels), 1, WIDTH)
    x = norm(torch.cat([first, patches], dim=1) + parts["backbone.positional_embedding"], "backbone.ln_pre")
    for k in range(BLOCKS):
        block = f"backbone.transformer.resblocks.{k}"
        attention = torch.nn.MultiheadAttention(WIDTH, 1, batch_first=True)
        own = {name.removeprefix(f"{block}.attn."): part for name, part in parts.items() if f"{block}.attn." in name}
        attention.load_state_dict(own)
        seen = norm(x, f"{block}.ln_1")
        x = x + attention(seen, seen, seen, need_weights=False)[0]
        hidden = F.linear(norm(x, f"{block}.ln_2"), parts[f"{block}.mlp.c_fc.weight"], parts[f"{block}.mlp.c_fc.bias"])
        hidden = hidden * torch.sigmoid(1.702 * hidden)
        x = x + F.linear(hidden, parts[f"{block}.mlp.c_proj.weight"], parts[f"{block}.mlp.c_proj.bias"])
    return F.normalize(norm(x[:, 0], "backbone.ln_post") @ parts["last_layer_style"], dim=1)


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.uint8]:
    """Six drawn pictures."""
    return np.stack([draw(random_spec(k), 48, 1) for k in range(6)])


def test_tower_gives_what_the_authors_network_gives(
    csd: Path, csd_parts: dict[str, Tensor], pictures: NDArray[np.uint8]
) -> None:
    """Put into transformers' tower, the weights give the descriptors of the network that they were trained in."""
    import torch

    with torch.no_grad():
        expected = described(csd_parts, to_pixels(pictures, 32))
    found = load_style_judge(str(csd)).describe(pictures)
    assert found.shape == (6, 12)
    assert torch.allclose(found, expected, atol=1e-5)
    alone = load_style_judge(str(csd / "model.safetensors")).describe(pictures[2:3])
    assert torch.allclose(alone, expected[2:3], atol=1e-5)


def test_a_picture_is_most_like_itself(csd: Path, pictures: NDArray[np.uint8]) -> None:
    """Similarity is the mean cosine: 1 to a set of copies, less to any other."""
    judge = load_style_judge(str(csd))
    copies = np.repeat(pictures[:1], 3, axis=0)
    found = style_similarity(judge, pictures, copies)
    assert found[0] == pytest.approx(1.0, abs=1e-5)
    assert (found[1:] < found[0]).all()


def test_what_is_no_descriptor_is_refused(csd_parts: dict[str, Tensor], tmp_path: Path) -> None:
    """A missing file, another model's weights and a part too few all name what to do."""
    from safetensors.torch import save_file

    with pytest.raises(BadModelError, match=r"allow the download"):
        load_style_judge("nobody/nothing")
    parts = csd_parts
    for broken in ({"weight": parts["last_layer_style"]}, {k: v for k, v in parts.items() if "ln_post" not in k}):
        save_file(broken, tmp_path / "model.safetensors")
        with pytest.raises(BadModelError, match=r"model\.safetensors"):
            load_style_judge(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"nothing of the kind")
    with pytest.raises(BadModelError, match="no style descriptors"):
        load_style_judge(str(tmp_path))
