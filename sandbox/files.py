"""Owns what was uploaded: photos re-encoded in sizes as Telegram does, documents as they came. Knows no messages."""

import base64
import hashlib
import io
import mimetypes
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps

from sandbox.errors import ApiError, BreachError

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
REFUSED_PICTURES = ("IMAGE_PROCESS_FAILED", "PHOTO_INVALID_DIMENSIONS")
_MAX_SIDES_PX = 10_000
_MAX_RATIO = 20
_JPEG_QUALITY = 87
_BOXES_PX = (90, 320, 800, 1280)


@dataclass(frozen=True)
class StoredFile:
    """One file that can be fetched by its `file_id`."""

    file_id: str
    unique_id: str
    path: str
    mime_type: str
    data: bytes
    width: int = 0
    height: int = 0

    def to_api(self) -> dict[str, Any]:
        """Return the fields that every file object of the Bot API has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


@dataclass(frozen=True)
class Photo:
    """A photo in its sizes, smallest first."""

    sizes: tuple[StoredFile, ...]

    @property
    def largest(self) -> StoredFile:
        """Return the size that the chat shows."""
        return self.sizes[-1]

    def to_api(self) -> list[dict[str, Any]]:
        """Return the Bot API's array of `PhotoSize`."""
        return [{**size.to_api(), "width": size.width, "height": size.height} for size in self.sizes]


@dataclass(frozen=True)
class Document:
    """A file as it came, with the name that its sender gave."""

    file: StoredFile
    name: str

    def to_api(self) -> dict[str, Any]:
        """Return the Bot API's `Document`."""
        return {**self.file.to_api(), "file_name": self.name, "mime_type": self.file.mime_type}


def encode_sizes(data: bytes) -> list[tuple[bytes, int, int]]:
    """Re-encode an uploaded picture as JPEG in Telegram's sizes: (bytes, width, height), smallest first.

    Raises:
        BreachError: it is too heavy, not a picture, or of a shape that Telegram refuses.
    """
    if len(data) > MAX_PHOTO_BYTES:
        size = f"file of size {len(data)} bytes is too big for a photo"
        raise BreachError(f"{size}; the maximum size is {MAX_PHOTO_BYTES} bytes")
    try:
        with Image.open(io.BytesIO(data)) as opened:
            width, height = opened.size
            if width + height > _MAX_SIDES_PX or max(width, height) > _MAX_RATIO * min(width, height):
                raise BreachError("PHOTO_INVALID_DIMENSIONS")
            picture = _flatten(ImageOps.exif_transpose(opened))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        # Pillow reports a broken picture with any of these
        raise BreachError("IMAGE_PROCESS_FAILED") from error
    longest = max(picture.size)
    boxes = [box for box in _BOXES_PX if box < longest] + [min(longest, _BOXES_PX[-1])]
    return [_encode(picture, box) for box in dict.fromkeys(boxes)]


def _flatten(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def _encode(picture: Image.Image, box_px: int) -> tuple[bytes, int, int]:
    scaled = picture
    if max(picture.size) > box_px:
        scale = box_px / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        scaled = picture.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    scaled.save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue(), scaled.width, scaled.height


class Files:
    """All files, by `file_id` and by the path that `getFile` tells."""

    def __init__(self) -> None:
        self._count = 0
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._media: dict[str, Photo | Document] = {}

    def add_photo(self, sizes: list[tuple[bytes, int, int]]) -> Photo:
        """Keep a photo that `encode_sizes` has made."""
        photo = Photo(tuple(self._store("AgAC", "photos", ".jpg", "image/jpeg", *size) for size in sizes))
        for size in photo.sizes:
            self._media[size.file_id] = photo
        return photo

    def add_document(self, data: bytes, name: str) -> Document:
        """Keep a document; its type follows from its name.

        Raises:
            BreachError: it is empty.
            ApiError: it is heavier than a bot may send.
        """
        if not data:
            raise BreachError("file must be non-empty")
        if len(data) > MAX_DOCUMENT_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        suffix = f".{name.rsplit('.', 1)[1]}" if "." in name else ""
        document = Document(self._store("BQAC", "documents", suffix, mime_type, data), name)
        self._media[document.file.file_id] = document
        return document

    def get(self, file_id: str) -> StoredFile | None:
        """Return the file of that id, or None."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """Return the file at a path that `getFile` told, or None."""
        return self._by_path.get(path)

    def media(self, file_id: str) -> Photo | Document | None:
        """Return the photo or document that a `file_id` belongs to, or None."""
        return self._media.get(file_id)

    def _store(
        self, prefix: str, folder: str, suffix: str, mime_type: str, data: bytes, width: int = 0, height: int = 0
    ) -> StoredFile:
        self._count += 1
        digest = hashlib.sha256(f"{folder}/{self._count}/".encode() + data).digest()
        text = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        path = f"{folder}/file_{self._count}{suffix}"
        stored = StoredFile(f"{prefix}AgIAAxkBAAM{text}", f"AQAD{text[:12]}", path, mime_type, data, width, height)
        self._by_id[stored.file_id] = self._by_path[path] = stored
        return stored
