import pytest

from bot.menu import COMMANDS, menu
from bot.words import CATALOGUES


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_help_names_every_command_of_the_menu(language: str) -> None:
    """Whoever reads /help knows all that can be said, in each language."""
    words = CATALOGUES[language]
    assert [name for name in COMMANDS if f"/{name}" not in words.help] == []
    assert [command.command for command in menu(words)] == list(COMMANDS)
    assert len(set(COMMANDS)) == len(COMMANDS)


def test_the_menu_holds_what_a_person_keeps() -> None:
    """Taste, family tree, originals, the model as a file both ways, and forgetting."""
    kept = {"taste", "lineage", "original", "export", "import", "forget"}
    assert kept <= set(COMMANDS)
