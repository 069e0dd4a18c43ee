import asyncio
import errno
import hashlib
import os
from pathlib import Path

import pytest

from storage.errors import BadDigestError, CorruptPictureError, DiskFullError, MissingPictureError, PictureError
from storage.pictures import PictureStore

CONTENT = b"\x89PNG and so on"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path / "pictures")


async def test_picture_comes_back_by_its_digest(store: PictureStore) -> None:
    """What is put under its content's sha256 is given again, from a file of that name."""
    assert await store.put(CONTENT) == DIGEST
    assert await store.get(DIGEST) == CONTENT
    assert (store.folder / DIGEST[:2] / f"{DIGEST[2:]}.png").read_bytes() == CONTENT


async def test_same_picture_many_times_is_one_file(store: PictureStore) -> None:
    """Putting the same content at once and again leaves one file and no temporary one."""
    assert set(await asyncio.gather(*(store.put(CONTENT) for _ in range(20)))) == {DIGEST}
    assert [path for path in store.folder.rglob("*") if path.is_file()] == [store.path(DIGEST)]


async def test_missing_picture_is_named(store: PictureStore) -> None:
    """A digest of nothing stored gives an error that names it."""
    with pytest.raises(MissingPictureError, match=DIGEST):
        await store.get(DIGEST)


async def test_damaged_picture_is_told_and_mended(store: PictureStore) -> None:
    """Changed content is never given out, and putting the picture again mends it."""
    await store.put(CONTENT)
    store.path(DIGEST).write_bytes(CONTENT[:-1])
    with pytest.raises(CorruptPictureError, match="damaged"):
        await store.get(DIGEST)
    await store.put(CONTENT)
    assert await store.get(DIGEST) == CONTENT


@pytest.mark.parametrize("digest", ["", "../" * 21 + "x", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n", "٠" * 64])
async def test_only_digests_name_pictures(store: PictureStore, digest: str) -> None:
    """Nothing but 64 lower-case hexadecimal characters ever becomes a path."""
    with pytest.raises(BadDigestError):
        store.path(digest)
    with pytest.raises(BadDigestError):
        await store.get(digest)


async def test_full_disk_leaves_nothing(store: PictureStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full the error says so, and no half picture or temporary file stays."""

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DiskFullError, match="make room"):
        await store.put(CONTENT)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


async def test_unusable_folder_is_named(tmp_path: Path) -> None:
    """A folder that cannot be one gives an error with its path."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PictureError, match="file"):
        await PictureStore(tmp_path / "file").put(CONTENT)


async def test_a_removed_picture_is_gone_and_a_second_time_is_nothing(tmp_path: Path) -> None:
    """Others stay."""
    store = PictureStore(tmp_path)
    digest, other = await store.put(b"one"), await store.put(b"two")
    await store.remove(digest)
    await store.remove(digest)
    with pytest.raises(MissingPictureError):
        await store.get(digest)
    assert await store.get(other) == b"two"


async def test_what_is_stored_can_be_listed_with_size_and_age(tmp_path: Path) -> None:
    """Each picture once, other files not at all; storing it again makes it young."""
    store = PictureStore(tmp_path / "pictures")
    assert await store.stored() == ()
    digest = await store.put(b"four")
    os.utime(store.path(digest), (0, 0))
    (store.path(digest).parent / "note.txt").write_text("none of ours")
    (listed,) = await store.stored()
    assert (listed.digest, listed.size_bytes, listed.written_at.year) == (digest, 4, 1970)
    await store.put(b"four")
    (again,) = await store.stored()
    assert again.written_at.year > 1970
