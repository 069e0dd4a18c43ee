from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.data_folder import DataFolder
from bot.errors import DataFolderError, DataFolderInUseError

HOLD = """
import sys, time
from pathlib import Path
from bot.data_folder import DataFolder
with DataFolder(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_instance_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    """While another process holds the folder, its process id is in the error."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(DataFolderInUseError, match=str(first.pid)), DataFolder(tmp_path).held():
            pass
        first.send_signal(signal.SIGKILL)
        first.wait()
    with DataFolder(tmp_path).held():
        assert int((tmp_path / "vernissage.lock").read_text()) == os.getpid()


def test_the_folder_is_made(tmp_path: Path) -> None:
    """A first run needs no folder; a second one finds it free."""
    folder = DataFolder(tmp_path / "a" / "b")
    for _ in range(2):
        with folder.held():
            assert folder.lock.exists()


def test_a_place_that_is_no_folder_is_named_with_its_cure(tmp_path: Path) -> None:
    """A file where the folder should be gives an error that says what to set."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataFolderError, match="VERNISSAGE_DATA"), DataFolder(tmp_path / "file").held():
        pass
