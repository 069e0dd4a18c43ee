import io

from PIL import Image

from bot.keeps.drawing import LIKED
from bot.keeps.family import Relative, Row
from bot.keeps.family_tree import THUMBNAIL_PX, draw_family, thumbnail


def _rows(likes: int) -> list[Row]:
    first = Row(1, (Relative("a", likes, 0), Relative("b", 0, 1)))
    return [first, Row(2, (Relative("a", 0, 0, ((0, 0),)), Relative(None, 0, 0)))]


def _pixels(tree: bytes) -> tuple[tuple[int, int], set[object]]:
    with Image.open(io.BytesIO(tree)) as image:
        return image.size, {colour for _, colour in image.getcolors(1 << 22) or ()}


def test_the_tree_has_a_row_for_each_generation() -> None:
    """It is 1080 px wide, grows by the same for each row, and draws without thumbnails too."""
    one, two = _pixels(draw_family(_rows(1)[:1], {}))[0], _pixels(draw_family(_rows(1), {}))[0]
    assert one[0] == two[0] == 1080
    assert 200 < two[1] - one[1] < 400


def test_only_what_is_liked_is_framed() -> None:
    """The colour of the frame is there with a like, and not without."""
    small = {"a": Image.new("RGB", (THUMBNAIL_PX, THUMBNAIL_PX), (200, 200, 200))}
    assert LIKED in _pixels(draw_family(_rows(1), small))[1]
    assert LIKED not in _pixels(draw_family(_rows(0), small))[1]


def test_thumbnails_are_square_and_small() -> None:
    """A wide picture keeps its middle."""
    out = io.BytesIO()
    wide = Image.new("RGB", (400, 100), (255, 0, 0))
    wide.paste((0, 0, 255), (150, 0, 250, 100))
    wide.save(out, "PNG")
    small = thumbnail(out.getvalue())
    assert small.size == (THUMBNAIL_PX, THUMBNAIL_PX)
    assert small.getpixel((THUMBNAIL_PX // 2, THUMBNAIL_PX // 2)) == (0, 0, 255)
    assert small.getpixel((2, 2)) == (0, 0, 255)
