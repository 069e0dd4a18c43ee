from bot.handlers import COMMANDS
from bot.words import words_for

WORDS = words_for("en")


def test_help_names_every_command_of_the_menu() -> None:
    """Whoever reads /help knows all that can be said."""
    assert [one.command for one in COMMANDS if f"/{one.command}" not in WORDS.help] == []
    assert len({one.command for one in COMMANDS}) == len(COMMANDS)


def test_the_menu_holds_what_a_person_keeps() -> None:
    """Taste, family tree, originals, the model as a file both ways, and forgetting."""
    kept = {"taste", "lineage", "original", "export", "import", "forget"}
    assert kept <= {one.command for one in COMMANDS}
