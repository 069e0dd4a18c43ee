import io
from typing import Any

import pytest
from PIL import Image

from bot.originals import PARAMETERS_KEY, RECIPE_KEY, NotAPngError, parameters, with_recipe
from style.recipe import AdapterUse, Recipe

USES = (AdapterUse("kandinsky", "a" * 64, 1.2), AdapterUse("brightness", "b" * 64, -0.25))
RECIPE = Recipe("kandinsky", "kandinsky, curve line", 42, 256, 192, 4, 1.0, USES, "bundled", "c" * 64)


def _png(mode: str = "RGB") -> bytes:
    image = Image.effect_noise((16, 12), 80).convert(mode)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _fields(png: bytes) -> dict[Any, Any]:
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        return dict(image.info)


def test_a_recipe_goes_into_a_png_whose_pixels_stay_bit_for_bit() -> None:
    """The compressed pixels are the same bytes, and what the recipe says can be read back."""
    png = _png()
    written = with_recipe(png, RECIPE)
    assert png[33:] == written[-len(png) + 33 :]
    fields = _fields(written)
    assert Recipe.from_json(str(fields[RECIPE_KEY])) == RECIPE
    assert fields[PARAMETERS_KEY] == parameters(RECIPE)


def test_parameters_are_written_as_other_programs_read_them() -> None:
    """Prompt and LoRA weights first, then one line of settings, quoted where commas would part them."""
    assert parameters(RECIPE, "DPMSolverMultistepScheduler") == (
        "kandinsky, curve line <lora:kandinsky:1.2> <lora:brightness:-0.25>\n"
        "Steps: 4, Sampler: DPM++ 2M, CFG scale: 1, Seed: 42, Size: 256x192, Model hash: cccccccccc, Model: bundled, "
        'Lora hashes: "kandinsky: aaaaaaaaaa, brightness: bbbbbbbbbb", Version: vernissage'
    )


def test_a_recipe_beyond_latin_letters_survives() -> None:
    """Words of any script come back as they were."""
    recipe = Recipe("s", "линия 线", 1, 16, 16, 3, 2.0, (), "m", "0" * 64)
    fields = _fields(with_recipe(_png("L"), recipe))
    assert Recipe.from_json(str(fields[RECIPE_KEY])) == recipe
    assert str(fields[PARAMETERS_KEY]).startswith("линия 线\nSteps: 3")


def test_a_second_recipe_takes_the_place_of_the_first() -> None:
    """Writing twice is writing once."""
    png = _png()
    assert with_recipe(with_recipe(png, RECIPE), RECIPE) == with_recipe(png, RECIPE)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n\0\0"])
def test_what_is_no_png_is_refused(content: bytes) -> None:
    """Nothing is written into other files, nor into ones that break off."""
    with pytest.raises(NotAPngError):
        with_recipe(content, RECIPE)
