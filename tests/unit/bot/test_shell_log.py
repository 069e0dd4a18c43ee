from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot.log import MASK, set_up_log

SHORT = "1:short"
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = before


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_record_shows_a_token(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A token in the message, in an argument, in a URL and in a chained exception is masked each time."""
    set_up_log("json" if form == "json" else "text", secrets=(SHORT,))
    log = logging.getLogger("anybody")
    log.warning("token %s", TOKEN)
    log.warning(f"https://api.telegram.org/bot{TOKEN}/getMe and {SHORT}")
    try:
        try:
            raise OSError(f"cannot reach /bot{TOKEN}/getMe")
        except OSError as error:
            raise ValueError(SHORT) from error
    except ValueError:
        log.exception("it failed")
    written = capsys.readouterr().err
    assert written.count(MASK) == 5
    assert "AAHdq" not in written
    assert SHORT not in written


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A record with an exception of many lines is still one line of JSON."""
    set_up_log("json")
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("x.y").exception("failed: %d", 3)
    (line,) = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert (record["level"], record["logger"], record["message"]) == ("error", "x.y", "failed: 3")
    assert "ValueError: no" in record["exception"]


def test_libraries_chatter_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """What httpx tells of each request stays out; its warnings do not."""
    set_up_log("text")
    logging.getLogger("httpx").info("HTTP Request")
    logging.getLogger("apscheduler.scheduler").info("Scheduler started")
    logging.getLogger("httpx").warning("look")
    assert [line.split("httpx: ")[-1] for line in capsys.readouterr().err.splitlines()] == ["look"]
