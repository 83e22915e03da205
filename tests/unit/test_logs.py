from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

from bot.logs import configure

SECRET = "hunter2-very-secret"
log = logging.getLogger("bot.services.deliveries")


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()


@dataclass
class Output:
    """What has been written to standard error."""

    capture: pytest.CaptureFixture[str]

    def text(self) -> str:
        return self.capture.readouterr().err

    def line(self) -> dict[str, Any]:
        (line,) = self.text().splitlines()
        parsed: dict[str, Any] = json.loads(line)
        return parsed


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Output:
    return Output(capsys)


def test_a_line_is_json_with_level_logger_time_and_the_facts_beside_it(output: Output) -> None:
    configure(as_json=True)
    log.warning("a page is refused", extra={"incident": "i42", "attempts": 3})
    line = output.line()
    assert line["event"] == "a page is refused"
    assert (line["level"], line["logger"]) == ("warning", "bot.services.deliveries")
    assert (line["incident"], line["attempts"]) == ("i42", 3)
    assert line["timestamp"].endswith("Z")


def test_what_is_not_a_terminal_gets_json(output: Output) -> None:
    configure()
    log.info("up")
    assert output.line()["event"] == "up"


def test_people_at_a_terminal_read_text(output: Output) -> None:
    configure(as_json=False)
    log.info("up")
    text = output.text()
    assert "up" in text
    assert not text.startswith("{")


def test_facts_that_are_bound_stand_in_every_line(output: Output) -> None:
    configure(as_json=True)
    with structlog.contextvars.bound_contextvars(incident="i42"):
        log.info("claimed")
    assert output.line()["incident"] == "i42"


def test_configuring_twice_logs_once(output: Output) -> None:
    configure(as_json=True)
    configure(as_json=True)
    log.info("up")
    assert output.line()["event"] == "up"


def test_what_libraries_chat_about_is_left_out(output: Output) -> None:
    configure(as_json=True)
    logging.getLogger("slack_sdk.web").info("sending")
    logging.getLogger("apscheduler.executors").info("running")
    log.debug("details")
    assert output.text() == ""


@pytest.mark.parametrize("as_json", [True, False])
def test_a_known_secret_never_shows_in_a_message(output: Output, *, as_json: bool) -> None:
    configure(secrets=[SECRET], as_json=as_json)
    log.info("refused: %s", SECRET)
    text = output.text()
    assert SECRET not in text
    assert "refused: ***" in text


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    "fact",
    [
        SECRET,
        {"token": SECRET},
        {"headers": [{"Authorization": SECRET}]},
        (SECRET, 1),
        {SECRET},
        SECRET.encode(),
        ValueError(SECRET),
        {SECRET: 1},
    ],
    ids=["text", "mapping", "nested", "tuple", "set", "bytes", "object", "key"],
)
def test_a_known_secret_never_shows_in_the_facts_beside_it(
    output: Output, fact: object, *, as_json: bool
) -> None:
    configure(secrets=[SECRET], as_json=as_json)
    log.info("refused", extra={"fact": fact})
    text = output.text()
    assert SECRET not in text
    assert "***" in text


@pytest.mark.parametrize("as_json", [True, False])
def test_a_known_secret_never_shows_in_a_traceback(output: Output, *, as_json: bool) -> None:
    configure(secrets=[SECRET], as_json=as_json)
    try:
        int(SECRET)
    except ValueError:
        log.exception("a loop failed")
    text = output.text()
    assert "ValueError: invalid literal for int() with base 10: '***'" in text
    assert SECRET not in text


def test_a_known_secret_never_shows_in_facts_that_are_bound(output: Output) -> None:
    configure(secrets=[SECRET], as_json=True)
    with structlog.contextvars.bound_contextvars(lane=f"pagerduty/{SECRET}"):
        log.info("claimed")
    assert output.line()["lane"] == "pagerduty/***"


def test_a_secret_that_contains_another_is_hidden_whole(output: Output) -> None:
    configure(secrets=["abc", "abcdef"], as_json=True)
    log.info("refused: abcdef")
    assert output.line()["event"] == "refused: ***"


def test_secrets_with_signs_of_patterns_are_taken_by_their_letters(output: Output) -> None:
    configure(secrets=["a.c*(", ""], as_json=True)
    log.info("abc a.c*( abcc")
    assert output.line()["event"] == "abc *** abcc"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("token xoxb-1-2-abc refused", "token *** refused"),
        ("token xoxe.xoxp-1-abc refused", "token xoxe.*** refused"),
        ("token xapp-1-A1-abc refused", "token *** refused"),
        ("at postgresql+asyncpg://ops:pa55@db/ops", "at postgresql+asyncpg://***@db/ops"),
        ("to https://hooks.slack.com/commands/T1/2/abc now", "to *** now"),
        ("wss://wss-primary.slack.com/link/?ticket=abc-1&app_id=A1", None),
        ("Authorization: Token token=abc123", "Authorization: Token token=***"),
        ("Authorization: Bearer abc.123-x", "Authorization: Bearer ***"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_even_where_it_is_not_known(
    output: Output, said: str, shown: str | None
) -> None:
    configure(as_json=True)
    log.info(said)
    expected = shown or "wss://wss-primary.slack.com/link/?ticket=***&app_id=A1"
    assert output.line()["event"] == expected


def test_what_is_no_secret_is_shown_as_it_is(output: Output) -> None:
    configure(secrets=[SECRET], as_json=True)
    facts = {"count": 3, "ratio": 0.5, "ok": True, "none": None, "all": ["a", 1], "url": "https://db:5432/x"}
    log.info("at https://slack.com/api/", extra={"facts": facts})
    line = output.line()
    assert line["facts"] == facts
    assert line["event"] == "at https://slack.com/api/"
