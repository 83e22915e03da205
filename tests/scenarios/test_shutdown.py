"""How the bot ends, and when it does not even begin."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.sandbox.faults import FaultKind
from bot.sandbox.pagerduty.faults import EVENTS
from tests.support.bot_process import HOST, Installation, free_port, replica
from tests.support.commands import opsbot
from tests.support.databases import PostgresqlServer
from tests.support.keeper import LEASE_SECONDS, Keeper
from tests.support.story import Plan, Story, begin, finish
from tests.support.verdict import judge

LISTENING = "listening on"


def settings(folder: Path, **variables: str) -> dict[str, str]:
    """Everything that `serve` needs, with a database in `folder`; nothing of it leads anywhere."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-nobody",
        "SLACK_SIGNING_SECRET": "a-signing-secret",
        "SLACK_API_URL": f"http://{HOST}:9/api/",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/opsbot.db",
        "OPSBOT_PORT": "0",
        **variables,
    }


def is_empty(folder: Path) -> bool:
    """Whether no file was made there."""
    return not any(folder.iterdir())


@pytest.mark.parametrize(
    "milliseconds", [pytest.param(1_500, id="that_are_answered"), pytest.param(20_000, id="that_hang")]
)
async def test_sigterm_amid_sends_ends_it_in_time_and_loses_nothing(
    home: Installation, milliseconds: int
) -> None:
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot)
        stories = [Story(Plan(title="checkout is down"), home, keeper) for _ in range(3)]
        home.pagerduty.faults.add(FaultKind.DELAY, EVENTS, delay_ms=milliseconds)
        home.slack.faults.add(FaultKind.DELAY, "chat.postMessage", delay_ms=milliseconds)
        await begin(stories)  # nobody has answered the bot yet
        assert await bot.terminate() == 0
        assert '"level": "error"' not in bot.log()
        home.pagerduty.faults.clear()
        home.slack.faults.clear()
        home.forward(seconds=LEASE_SECONDS)
        assert await bot.start()
        await finish(home, stories)
        assert await bot.terminate() == 0
    verdict = await judge(home, stories)
    assert verdict.well, verdict


async def test_a_second_process_on_the_same_file_refuses(alone: Installation) -> None:
    async with replica(alone) as bot:
        assert await bot.start()
        second = await opsbot("serve", variables=alone.variables(free_port()))
        assert bot.running
    assert second.code == 2
    assert "opsbot.db is in use by another opsbot" in second.err
    assert "DATABASE_URL to PostgreSQL" in second.err
    assert LISTENING not in second.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "", "SLACK_BOT_TOKEN: missing; expected the bot's token"),
        ("SLACK_BOT_TOKEN", "xoxp-a-persons", "SLACK_BOT_TOKEN: is not a token of this kind"),
        ("SLACK_SIGNING_SECRET", "", "SLACK_SIGNING_SECRET: missing"),
        ("SLACK_API_URL", "slack.com", "SLACK_API_URL: is not an address"),
        ("PAGERDUTY_API_KEY", "a-key", "PAGERDUTY_FROM_EMAIL: missing"),
        ("PROMETHEUS_URL", "https://ana:secret-word@prometheus", "PROMETHEUS_URL: holds a user or password"),
        ("DATABASE_URL", "mysql://root:secret-word@db/opsbot", "DATABASE_URL: names no database"),
        ("OPSBOT_PORT", "99999", "OPSBOT_PORT: "),
    ],
)
async def test_a_setting_that_cannot_be_is_named_before_anything_is_open(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    ran = await opsbot("serve", variables=settings(tmp_path, **{name: value}))
    assert ran.code == 2
    assert said in ran.err
    assert not any(secret in ran.err for secret in ("a-signing-secret", "xoxb-nobody", "secret-word"))
    assert LISTENING not in ran.err
    assert is_empty(tmp_path)


async def test_a_guide_that_cannot_be_is_shown_by_file_and_line(tmp_path: Path) -> None:
    guide = tmp_path / "guide.yaml"
    guide.write_text("organization:\n  zone: Nowhere/Atlantis\n", encoding="utf-8")
    ran = await opsbot("serve", variables=settings(tmp_path, OPSBOT_GUIDE=str(guide)))
    assert ran.code == 2
    assert f"{guide}:" in ran.err
    assert LISTENING not in ran.err


@pytest.mark.parametrize("role", ["web", "worker"])
async def test_a_role_of_its_own_is_refused_on_sqlite(tmp_path: Path, role: str) -> None:
    ran = await opsbot("serve", "--role", role, variables=settings(tmp_path))
    assert ran.code == 2
    assert f"--role {role} needs PostgreSQL" in ran.err
    assert is_empty(tmp_path)


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = await opsbot("serve", variables=settings(tmp_path, OPSBOT_PORT=port))
    assert ran.code == 2
    assert f"opsbot: OPSBOT_PORT: cannot listen on {HOST}:{port}: " in ran.err


async def test_migrate_says_what_it_has_done(tmp_path: Path) -> None:
    variables = {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/opsbot.db"}
    first, again = await opsbot("migrate", variables=variables), await opsbot("migrate", variables=variables)
    assert (first.code, first.out) == (0, "The database is brought to this version's schema.\n")
    assert (again.code, again.out) == (0, "Nothing to do: it is up to date.\n")


@pytest.mark.postgresql
async def test_serve_refuses_an_older_schema_until_migrate_has_run(
    tmp_path: Path, postgresql_server: PostgresqlServer
) -> None:
    url = postgresql_server.url(postgresql_server.fresh(migrated=False))
    with socket.create_server((HOST, 0)) as taken:  # once it gets so far, it ends at the port
        port = str(taken.getsockname()[1])
        variables = settings(tmp_path, DATABASE_URL=url, OPSBOT_PORT=port)
        before = await opsbot("serve", variables=variables)
        migrated = await opsbot("migrate", variables=variables)
        after = await opsbot("serve", variables=variables)
    assert before.code == 2
    assert "Run `opsbot migrate` with the same DATABASE_URL" in before.err
    assert (migrated.code, migrated.out) == (0, "The database is brought to this version's schema.\n")
    assert "OPSBOT_PORT: cannot listen" in after.err


async def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://opsbot:secret-word@127.0.0.1:9/opsbot"
    ran = await opsbot("serve", variables=settings(tmp_path, DATABASE_URL=url))
    assert ran.code == 2
    assert "127.0.0.1" in ran.err
    assert "secret-word" not in ran.err
