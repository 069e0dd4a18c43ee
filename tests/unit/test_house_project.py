from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
DATA = (
    "storage/migrations/*.sql",
    "sandbox/static/**/*",
    "sandbox/*.html",
    "style/packs/**/*",
    "style/bundled/**/*",
    "style/report/*.html",
)


def pins() -> dict[str, str]:
    """Read constraints.txt: normalised name to version."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [re.fullmatch(r"([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.]*)", line) for line in lines]
    assert all(found), [line for line, match in zip(lines, found, strict=True) if not match]
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def test_every_constraint_is_one_exact_version() -> None:
    """Each line pins one package by ==, without a local build, and torch is the version that all was tested with."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(pins()) == len(lines)
    assert pins()["torch"] == "2.13.0"


def test_every_direct_dependency_is_pinned_to_a_version_that_it_allows() -> None:
    """The program's dependencies and those of its extras stand in constraints.txt, within their ranges."""
    project = PROJECT["project"]
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    for requirement in map(Requirement, wanted):
        version = pins().get(canonicalize_name(requirement.name))
        assert version is not None, requirement
        assert requirement.specifier.contains(Version(version)), requirement


def test_the_wheel_holds_every_file_that_the_program_reads() -> None:
    """Hatch packs what lies in the packages, except what git ignores: so none of our data may be ignored."""
    target = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(target) == {"packages"}, "a rule that leaves files out needs another test than this"
    files = [path.relative_to(ROOT).as_posix() for pattern in DATA for path in ROOT.glob(pattern) if path.is_file()]
    for folder in ("storage/migrations/", "sandbox/static/", "style/packs/", "style/bundled/"):
        assert any(file.startswith(folder) for file in files), folder
    assert {file.split("/")[0] for file in files} <= set(PACKAGES)
    if not (ROOT / ".git").exists():
        pytest.skip("what is ignored is known to git alone")
    check = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],  # noqa: S607 - git is wherever it is
        cwd=ROOT,
        input="\n".join(file for file in files if "__pycache__" not in file),
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.stdout.splitlines() == []


def test_the_image_is_built_from_the_same_packages() -> None:
    """The Dockerfile copies each package, and .dockerignore lets all that it copies through."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = {name for line in re.findall(r"^COPY (?!--)(.+) \S+$", dockerfile, re.MULTILINE) for name in line.split()}
    assert set(PACKAGES) <= copied
    let_through = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(let_through) == copied
