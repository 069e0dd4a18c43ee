from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import DEFAULT_WEBHOOK_PORT, Settings, load_settings

TOKEN = "100000001:sandbox-token-for-nobody"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VERNISSAGE_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_only_the_token_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a token alone, everything else has the value that the README names."""
    monkeypatch.setenv("VERNISSAGE_TOKEN", TOKEN)
    settings = load_settings()
    assert settings.token.get_secret_value() == TOKEN
    assert (settings.base_url, settings.base_file_url) == (
        "https://api.telegram.org/bot",
        "https://api.telegram.org/file/bot",
    )
    assert (settings.data, settings.model, settings.device, settings.log) == (Path("data"), "bundled", "auto", "text")
    assert settings.operators == settings.allowed_chats == frozenset()
    assert settings.webhook_url is None


def test_every_problem_is_named_at_once_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five bad settings give five problems in one error, and each says what to do."""
    bad = {
        "TOKEN": "nonsense",
        "API_URL": "ftp://x",
        "OPERATORS": "1,ada",
        "DEVICE": "toaster",
        "WEBHOOK_PORT": "0",
    }
    for name, value in bad.items():
        monkeypatch.setenv(f"VERNISSAGE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert {problem.setting for problem in caught.value.problems} == {f"VERNISSAGE_{name}" for name in bad}
    assert all(problem.cure in str(caught.value) for problem in caught.value.problems)
    assert "nonsense" not in str(caught.value)


def test_missing_token_is_a_problem_only_where_one_is_needed() -> None:
    """Painting in a shell needs no token; talking to Telegram does."""
    assert load_settings(need_token=False).token.get_secret_value() == ""
    with pytest.raises(SettingsError, match="VERNISSAGE_TOKEN: it is not set"):
        load_settings()


def test_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook that anybody may call is refused."""
    monkeypatch.setenv("VERNISSAGE_TOKEN", TOKEN)
    monkeypatch.setenv("VERNISSAGE_WEBHOOK_URL", "https://example.org/hook")
    with pytest.raises(SettingsError, match="VERNISSAGE_WEBHOOK_SECRET"):
        load_settings()
    monkeypatch.setenv("VERNISSAGE_WEBHOOK_SECRET", "s3cret")
    assert load_settings().listen_port == DEFAULT_WEBHOOK_PORT


@pytest.mark.parametrize(
    ("url", "port", "listens"),
    [
        ("https://example.org:443/h", "9000", 9000),
        ("https://example.org:88/h", "", 88),
        ("https://example.org", "", 8443),
    ],
)
def test_webhook_listens_where_it_is_told(monkeypatch: pytest.MonkeyPatch, url: str, port: str, listens: int) -> None:
    """The set port goes before the URL's own, and that before the default."""
    monkeypatch.setenv("VERNISSAGE_WEBHOOK_URL", url)
    monkeypatch.setenv("VERNISSAGE_WEBHOOK_PORT", port)
    monkeypatch.setenv("VERNISSAGE_WEBHOOK_SECRET", "s")
    assert load_settings(need_token=False).listen_port == listens


def test_settings_come_from_the_file_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`.env` is read, other programs' lines in it are left alone, and a variable goes before it."""
    (tmp_path / ".env").write_text(
        f"OTHER=1\nVERNISSAGE_TOKEN={TOKEN}\nVERNISSAGE_OPERATORS=7, 8\nVERNISSAGE_LOG=json\n"
    )
    monkeypatch.setenv("VERNISSAGE_LOG", "text")
    settings = load_settings()
    assert settings.operators == {7, 8}
    assert settings.log == "text"


def test_settings_mask_their_secrets_and_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings shows no token, and nobody changes them."""
    monkeypatch.setenv("VERNISSAGE_TOKEN", TOKEN)
    settings = load_settings()
    assert TOKEN not in repr(settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.log = "json"  # type: ignore[misc]  # the assignment that must fail


@pytest.mark.parametrize(
    ("text", "expected"), [("10 GB", 10**10), ("500mb", 5 * 10**8), ("1.5 TB", 15 * 10**11), ("7", 7)]
)
def test_a_disk_budget_is_said_as_people_say_it(monkeypatch: pytest.MonkeyPatch, text: str, expected: int) -> None:
    """A number with a unit, or plain bytes."""
    monkeypatch.setenv("VERNISSAGE_DISK_BUDGET", text)
    assert load_settings(need_token=False).disk_budget == expected


@pytest.mark.parametrize("text", ["much", "0", "-5 GB", "ten GB"])
def test_a_budget_that_is_none_is_a_problem_with_a_cure(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """The cure shows how to say it."""
    monkeypatch.setenv("VERNISSAGE_DISK_BUDGET", text)
    with pytest.raises(SettingsError, match=r"VERNISSAGE_DISK_BUDGET.*10 GB"):
        load_settings(need_token=False)
