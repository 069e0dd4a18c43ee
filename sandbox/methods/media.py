"""Owns how a parameter that means a file becomes a photo or a document: uploaded now, or sent before."""

import asyncio

from sandbox.errors import ApiError, BreachError
from sandbox.files import Document, Photo, encode_sizes
from sandbox.methods.method import Uploads
from sandbox.params import Upload
from sandbox.schema import ATTACH
from sandbox.state import State

_NO_FILE = "wrong file identifier/HTTP URL specified"


async def photo_of(state: State, value: str, uploads: Uploads) -> Photo:
    """Return the photo that a parameter means.

    Raises:
        ApiError: no such file; links are not followed.
        BreachError: what was uploaded is no photo that Telegram takes, or the file is a document.
    """
    upload = _upload(value, uploads)
    if upload is not None:
        # the picture is encoded beside the event loop: taps must not wait for it
        return state.files.add_photo(await asyncio.to_thread(encode_sizes, upload.data))
    media = _sent_before(state, value)
    if not isinstance(media, Photo):
        raise BreachError("can't use file of type Document as Photo")
    return media


def document_of(state: State, value: str, uploads: Uploads) -> Document:
    """Return the document that a parameter means.

    Raises:
        ApiError: no such file, or too heavy; links are not followed.
        BreachError: the upload is empty, or the file is a photo.
    """
    upload = _upload(value, uploads)
    if upload is not None:
        return state.files.add_document(upload.data, upload.filename)
    media = _sent_before(state, value)
    if not isinstance(media, Document):
        raise BreachError("can't use file of type Photo as Document")
    return media


def _sent_before(state: State, value: str) -> Photo | Document:
    media = state.files.media(value)
    if media is None:
        is_link = value.startswith(("http://", "https://"))
        raise ApiError(400, "failed to get HTTP URL content" if is_link else _NO_FILE)
    return media


def _upload(value: str, uploads: Uploads) -> Upload | None:
    return uploads[value.removeprefix(ATTACH)] if value.startswith(ATTACH) else None
