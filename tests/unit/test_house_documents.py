from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).parents[2]
NAMES = {PREFIX + name.upper() for name in Settings.model_fields}
DOCUMENTS = sorted(path for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "adr") for path in folder.glob("*.md"))


def named(text: str) -> set[str]:
    """Find what looks like the name of a setting."""
    return set(re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]\b", text))


@pytest.mark.parametrize("document", ["README.md", ".env.example"])
def test_every_setting_is_explained_and_no_other_is(document: str) -> None:
    """Who reads the document knows all settings, and none that there is not."""
    assert named((ROOT / document).read_text(encoding="utf-8")) == NAMES


def test_the_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With every # taken away, the example changes nothing."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    file = tmp_path / ".env"
    file.write_text(re.sub(rf"^#(?={PREFIX})", "", text, flags=re.MULTILINE), encoding="utf-8")
    shown = load_settings(need_token=False, env_file=file)
    plain = load_settings(need_token=False, env_file=None)
    assert shown.listen_port == plain.listen_port
    assert shown.model_copy(update={"webhook_port": None}) == plain


def test_the_readme_names_every_command() -> None:
    """What the program can do can be read without running it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"vernissage {name}" not in readme] == []


def test_contributing_names_every_make_target() -> None:
    """Whoever works on the code finds each target explained."""
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert targets
    assert [target for target in targets if f"`make {target}" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    """Each relative link names a file that is there."""
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))
    ours = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in ours if not (document.parent / link).exists()] == []
