"""Owns the texts that a bot may set about itself, by language code; "" stands for every other language."""


class Profile:
    """Descriptions, short descriptions and names, each by language."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], str] = {}

    def set(self, field: str, language_code: str, text: str) -> None:
        """Set a text; an empty one removes it."""
        if text:
            self._texts[field, language_code] = text
        else:
            self._texts.pop((field, language_code), None)

    def get(self, field: str, language_code: str) -> str:
        """Return the text for a language, else the one for every other, else nothing."""
        return self._texts.get((field, language_code)) or self._texts.get((field, ""), "")
