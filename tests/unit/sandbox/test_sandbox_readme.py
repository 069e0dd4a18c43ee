import re
from dataclasses import fields
from pathlib import Path

import sandbox
from sandbox.faults.rules import KINDS, Rule
from sandbox.methods.registry import METHODS
from sandbox.server import build_app
from sandbox.state import State

README = (Path(sandbox.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_every_emulated_method_is_listed() -> None:
    """Profile texts and commands are named in words; every other method by its name."""
    by_words = {name for name in METHODS if re.fullmatch(r"(get|set|delete)my\w+", name)}
    named = [method.name for name, method in METHODS.items() if name not in by_words]
    unlisted = [name for name in named if f"`{name}`" not in README]
    assert unlisted == []


async def test_every_path_of_the_people_is_listed() -> None:
    """As a request, with its parameters in braces."""
    paths = {route.resource.canonical for route in build_app(State()).router.routes() if route.resource is not None}
    unlisted = [path for path in paths if path.startswith("/api/") and path.replace("{fault}", "{id}") not in README]
    assert unlisted == []


def test_every_fault_and_its_fields_are_listed() -> None:
    """Kinds in the table, fields in it or below."""
    assert [kind for kind in KINDS if f"| `{kind}` |" not in README] == []
    assert [field.name for field in fields(Rule) if not re.search(rf"[`\"]{field.name}\b", README)] == []
