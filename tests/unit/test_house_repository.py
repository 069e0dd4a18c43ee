from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from sandbox.state import DEFAULT_TOKEN

ROOT = Path(__file__).parents[2]
# The example in the Bot API's documentation, which opens nothing; in two parts, or this file would be found as well.
EXAMPLE_TOKEN = "123456789:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
TOKEN = re.compile(r"\b\d{6,}:[A-Za-z0-9_-]{20,}")
# Folders of one machine, and hosts of package and model registries: which to use is the machine's own affair.
ELSEWHERE = re.compile(
    r"(?<![\w.])/(?:work|root|home)(?![\w])|\b(?:pypi|pythonhosted|download\.pytorch|huggingface|hf|docker|ghcr|quay|nvcr)"
    r"\.(?:org|co|io)\b"
)
PICTURES = (".png", ".jpg", ".webp", ".safetensors")


def tracked() -> list[tuple[str, str]]:
    """Read every file that git knows, but pictures and weights: (name, text)."""
    if not (ROOT / ".git").exists():
        pytest.skip("what belongs to the repository is known to git alone")
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - git is wherever it is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [name for name in listed.stdout.split("\0") if name and not name.endswith(PICTURES)]
    files = [(name, ROOT / name) for name in names]
    return [(name, path.read_text(encoding="utf-8")) for name, path in files if path.is_file()]


def test_no_token_is_in_the_repository() -> None:
    """Nothing that looks like a bot's token is there but the sandbox's own and the documentation's example."""
    allowed = {DEFAULT_TOKEN, EXAMPLE_TOKEN}
    found = [(name, token[:12]) for name, text in tracked() for token in TOKEN.findall(text) if token not in allowed]
    assert found == []


def test_nothing_names_a_folder_of_one_machine_or_a_registry() -> None:
    """A clone works anywhere: no file depends on where it was written."""
    here = Path(__file__).relative_to(ROOT).as_posix()
    found = [(name, match[0]) for name, text in tracked() if name != here for match in ELSEWHERE.finditer(text)]
    assert found == []
