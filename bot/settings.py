"""The settings: reads the environment and `.env`, once, into one frozen value. Nothing else reads them.

Does not know what the settings are for; that a model or a folder can be used is found out by whoever opens it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import Problem, SettingsError

PREFIX = "VERNISSAGE_"
TELEGRAM_API_URL = "https://api.telegram.org"
DEFAULT_WEBHOOK_PORT = 8443
"""What the webhook's server listens on when neither VERNISSAGE_WEBHOOK_PORT nor the URL names a port."""

_TOKEN = re.compile(r"\d+:[\w-]{5,}")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB)?")
_UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

_CURES = {
    "token": "Ask @BotFather on Telegram for one (/newbot), or try without: vernissage demo",
    "api_url": f"Leave it out for Telegram's own ({TELEGRAM_API_URL}), or give a URL such as http://127.0.0.1:8081",
    "data": "Give the path of a folder, such as ./data",
    "operators": "Give Telegram user ids, separated by commas, such as 1001,1002 (/help tells you yours)",
    "model": "Give `bundled`, a diffusers model's folder, or its id with a revision, such as owner/model@0123abc",
    "device": "Give auto, cpu or cuda",
    "webhook_url": "Leave it out for polling, or give an https URL that Telegram reaches",
    "webhook_secret": "Give 1 to 256 letters, digits, _ and -: the webhook is refused to whoever does not know it",
    "webhook_listen": "Give the address to listen on: 127.0.0.1 behind a proxy, 0.0.0.0 in a container",
    "webhook_port": "Give a port from 1 to 65535",
    "allowed_chats": "Give chat ids, separated by commas, such as 1001,-2001; leave it out to allow every chat",
    "log": "Give text or json",
    "disk_budget": "Give how much pictures may take, such as 10 GB or 500 MB",
    "keep_days": "Give how many days pictures that nobody can reach are kept, such as 30",
    "metrics_port": "Give a port from 1 to 65535; leave it out for no metrics",
}


def _split_ids(value: object) -> object:
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _read_size(value: object) -> object:
    """Read "10 GB" as bytes; what is no such text is left to be refused."""
    found = _SIZE.fullmatch(value.strip().upper()) if isinstance(value, str) else None
    return value if found is None else round(float(found[1]) * _UNITS[found[2] or "B"])


Ids = Annotated[frozenset[int], NoDecode, BeforeValidator(_split_ids)]


class Settings(BaseSettings):
    """Everything that can be set, each `VERNISSAGE_<NAME>` in the environment; frozen.

    `webhook_listen` and `webhook_port` are where the webhook's server listens; `webhook_url` is where Telegram reaches
    it, often a proxy's address. `disk_budget` is in bytes.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    token: SecretStr = SecretStr("")
    api_url: str = TELEGRAM_API_URL
    data: Path = Path("data")
    operators: Ids = frozenset()
    model: str = "bundled"
    device: Annotated[Literal["auto", "cpu", "cuda"], BeforeValidator(_lower)] = "auto"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = Field(default=None, validate_default=True)
    webhook_listen: str = "127.0.0.1"
    webhook_port: int | None = Field(default=None, ge=1, le=65535)
    allowed_chats: Ids = frozenset()
    disk_budget: Annotated[int, BeforeValidator(_read_size)] = Field(default=10 * 10**9, gt=0)
    keep_days: int = Field(default=30, ge=1)
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    log: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = "text"

    @field_validator("token", mode="after")
    @classmethod
    def _check_token(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("not a bot token; expected digits, a colon, then letters and digits")
        return token

    @field_validator("webhook_secret", mode="after")
    @classmethod
    def _check_secret(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is None and info.data.get("webhook_url"):
            raise ValueError(f"it is not set, and {PREFIX}WEBHOOK_URL is")
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("not a webhook secret that Telegram takes")
        return secret

    @field_validator("api_url", "webhook_url", mode="after")
    @classmethod
    def _check_url(cls, url: str | None) -> str | None:
        if url is None:
            return None
        try:
            parts = urlsplit(url)
            named = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            named = False
        if not named:
            raise ValueError(f"not an http or https URL: {url!r}")
        return url.rstrip("/")

    @field_validator("model", mode="after")
    @classmethod
    def _check_model(cls, model: str) -> str:
        if not model.strip() or "\n" in model:
            raise ValueError("names no model")
        return model.strip()

    @property
    def base_url(self) -> str:
        """The Bot API's address, to which the token and a method's name are appended."""
        return f"{self.api_url}/bot"

    @property
    def base_file_url(self) -> str:
        """The address of files, to which the token and a file's path are appended."""
        return f"{self.api_url}/file/bot"

    @property
    def listen_port(self) -> int:
        """The port of the webhook's server: as set, else the port that the webhook's URL names, else the default."""
        named = urlsplit(self.webhook_url).port if self.webhook_url else None
        return self.webhook_port or named or DEFAULT_WEBHOOK_PORT


class _SettingsWithToken(Settings):
    """The settings of a program that talks to Telegram."""

    token: SecretStr


def load_settings(*, need_token: bool = True, env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings from the environment, then from `env_file`; the environment wins.

    Args:
        need_token: a missing token is a problem; commands that meet no chat do without.
        env_file: None reads the environment alone.

    Raises:
        SettingsError: names every bad or missing setting, each with its cure.
    """
    kind = _SettingsWithToken if need_token else Settings
    try:
        return kind(_env_file=env_file)
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False, include_context=False)
        raise SettingsError([_problem(str(detail["loc"][0]), detail["msg"]) for detail in details]) from None


def _problem(name: str, message: str) -> Problem:
    what = "it is not set" if message == "Field required" else message.removeprefix("Value error, ")
    return Problem(PREFIX + name.upper(), what[:1].lower() + what[1:], _CURES[name])
