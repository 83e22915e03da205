"""What the stand-ins keep in a file is there again when they are started on it."""

from __future__ import annotations

import asyncio
import json
import pickle
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.alertmanager import AlertmanagerStandIn
from bot.sandbox.alertmanager.alerts import Alert
from bot.sandbox.alertmanager.matchers import Matcher
from bot.sandbox.alertmanager.silences import Silence
from bot.sandbox.alertmanager.times import HOUR, MILLISECOND
from bot.sandbox.feed import Feed
from bot.sandbox.kept import Keepable, Keeper
from bot.sandbox.pagerduty import PagerDutyStandIn
from bot.sandbox.prometheus import PrometheusStandIn
from bot.sandbox.slack import App, SlackStandIn
from bot.sandbox.slack.dump import dump
from tests.support.alertmanager import TOKEN, RecordingBot, recording_bot
from tests.support.pagerduty import served
from tests.support.slack import SteppedClock, slack_stand_in

ALERTS = "C0ALERTS1"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Ack"}, "action_id": "ack", "value": "1"}
PATIENCE_SECONDS = 20.0


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "stand-in.state"


async def handed_on(file: Path, old: Keepable, new: Any) -> Any:
    """`new`, which goes on from what `old` leaves."""
    await Keeper(file, old).save()
    Keeper(file, new).restore()
    return new


# The file


@dataclass(slots=True)
class Counter:
    """A stand-in that knows one number."""

    number: int = 0
    feed: Feed = field(default_factory=Feed)

    def kept(self) -> int:
        return self.number

    def restore(self, kept: int) -> None:
        self.number = kept

    def count(self) -> None:
        self.number += 1
        self.feed.publish("counted", {})


@asynccontextmanager
async def kept(file: Path, stand_in: Keepable, *, pause: float = 0.0) -> AsyncIterator[None]:
    app = web.Application()
    app.cleanup_ctx.append(Keeper(file, stand_in, pause=pause).running)
    async with served(app):
        yield


async def holds(file: Path, number: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = Counter()
            Keeper(file, found).restore()
            if found.number == number:
                return
            await asyncio.sleep(0.01)


async def test_a_change_is_written_soon_after_it(file: Path) -> None:
    counter = Counter()
    async with kept(file, counter):
        counter.count()
        await holds(file, 1)
        counter.count()
        await holds(file, 2)


async def test_what_is_there_in_the_end_is_written_even_where_no_feed_told_of_it(file: Path) -> None:
    async with kept(file, counter := Counter(), pause=PATIENCE_SECONDS):
        counter.number = 7
    await holds(file, 7)
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_nobody_else_on_the_machine_can_read_it(file: Path) -> None:
    asyncio.run(Keeper(file, Counter()).save())
    assert file.stat().st_mode & 0o077 == 0


async def test_a_file_that_cannot_be_written_is_said_and_harms_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await Keeper(tmp_path / "nowhere" / "stand-in.state", Counter()).save()
    assert "cannot be written" in capsys.readouterr().err


def test_without_a_file_the_start_is_an_empty_one(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Keeper(file, counter := Counter(number=3)).restore()
    assert (counter.number, capsys.readouterr().err) == (3, "")


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flipped(content: bytes) -> bytes:
    return content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]


def _of_another_version(content: bytes) -> bytes:
    return content.replace(b"Counter 1 ", b"Counter 0 ", 1)


def _of_another_stand_in(content: bytes) -> bytes:
    return content.replace(b"Counter", b"SlackStandIn", 1)


def _with_foreign_code(content: bytes) -> bytes:
    body = pickle.dumps(asyncio.run)
    return f"opsbot sandbox Counter 1 {zlib.crc32(body)}\n".encode() + body


@pytest.mark.parametrize(
    "spoilt", [_half, _flipped, _of_another_version, _of_another_stand_in, _with_foreign_code, lambda _: b""]
)
def test_a_file_that_cannot_be_read_is_put_aside_and_said(
    file: Path, capsys: pytest.CaptureFixture[str], spoilt: Any
) -> None:
    asyncio.run(Keeper(file, Counter(number=5)).save())
    content = spoilt(file.read_bytes())
    file.write_bytes(content)

    Keeper(file, counter := Counter()).restore()

    assert counter.number == 0
    assert not file.exists()
    assert file.with_name("stand-in.state.unreadable").read_bytes() == content
    assert "stand-in.state cannot be read" in capsys.readouterr().err


def test_fields_that_are_gone_make_a_file_one_of_another_version(
    file: Path, clock: SteppedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(Keeper(file, PrometheusStandIn(clock=clock)).save())
    head, _, body = file.read_bytes().partition(b"\n")
    body = body.replace(b"changes", b"chances")
    file.write_bytes(b"%s %d\n%s" % (head.rpartition(b" ")[0], zlib.crc32(body), body))

    Keeper(file, PrometheusStandIn(clock=clock)).restore()

    assert "Kept has no chances" in capsys.readouterr().err


# Slack


def shown(slack: SlackStandIn) -> dict[str, Any]:
    workspace = dump(slack.world, slack.transport, None)
    return {name: value for name, value in workspace.items() if name not in {"cursor", "now"}}


def new_slack(clock: SteppedClock) -> SlackStandIn:
    return SlackStandIn(app=App(), clock=clock)


async def lived_in(slack: SlackStandIn) -> None:
    """People talk and the bot does what it can, so that there is something of everything."""
    client = AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    card = await client.chat_postMessage(channel=ALERTS, text="card", blocks=blocks)
    ts = str(card["ts"])
    await client.chat_update(channel=ALERTS, ts=ts, text="card, edited", blocks=blocks)
    await client.chat_postEphemeral(channel=ALERTS, user="U0ANA0001", text="only for you")
    await client.pins_add(channel=ALERTS, timestamp=ts)
    await client.reactions_add(channel=ALERTS, timestamp=ts, name="eyes")
    await client.bookmarks_add(channel_id=ALERTS, title="Guide", type="link", link="https://example.com")
    made = await client.conversations_create(name="inc-1", is_private=True)
    room = made["channel"]["id"]
    await client.conversations_invite(channel=room, users="U0ANA0001")
    await client.conversations_setTopic(channel=room, topic="checkout is down")
    await client.files_upload_v2(content=PNG, filename="slo.png", channel=ALERTS)
    await client.views_publish(user_id="U0ANA0001", view={"type": "home", "blocks": blocks})
    slack.say("lee", ALERTS, "on it", thread_ts=ts)
    slack.say("lee", ALERTS, "said by mistake")
    slack.delete("lee", ALERTS, slack.messages_in(ALERTS)[-1].ts)
    slack.world.workspace.groups["S0ONCALL1"].users.append("U0LEE0001")


async def test_slack_shows_what_it_showed(file: Path, clock: SteppedClock) -> None:
    async with slack_stand_in(new_slack(clock)) as slack:
        slack.connect(None)
        await lived_in(slack)
        again = await handed_on(file, slack, new_slack(clock))
        assert shown(again) == shown(slack)
        assert shown(slack) != shown(new_slack(clock))


async def test_slack_gives_no_timestamp_and_no_name_of_a_block_twice(file: Path, clock: SteppedClock) -> None:
    slack = new_slack(clock)
    slack.say("ana", ALERTS, "first")
    slack.world.workspace.name_blocks(first := [{"type": "divider"}])
    again = await handed_on(file, slack, new_slack(clock))

    again.say("ana", ALERTS, "second")
    again.world.workspace.name_blocks(second := [{"type": "divider"}])

    assert [message.text for message in again.messages] == ["first", "second"]
    assert first != second


async def test_slack_keeps_what_files_hold_and_reaches_them_where_it_is_now(
    file: Path, clock: SteppedClock
) -> None:
    async with slack_stand_in(new_slack(clock)) as slack:
        await lived_in(slack)
        again = await handed_on(file, slack, new_slack(clock))
    again.served_at("http://127.0.0.1:1")
    (held,) = again.workspace.files
    (link,) = [each["url_private"] for message in again.messages for each in message.files]
    assert held.data == PNG
    assert link == again.workspace.files.to_json(held)["url_private"]
    assert link.startswith("http://127.0.0.1:1/")


async def test_a_message_from_before_is_edited_and_another_one_is_not_found(
    file: Path, clock: SteppedClock
) -> None:
    old = new_slack(clock)
    ts = old.say("ana", ALERTS, "hello").ts
    async with slack_stand_in(await handed_on(file, old, new_slack(clock))) as slack:
        assert slack.edit("ana", ALERTS, ts, "hello again").text == "hello again"
        client = AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])
        with pytest.raises(SlackApiError, match="message_not_found"):
            await client.chat_update(channel=ALERTS, ts="1.000001", text="nothing")


async def test_the_app_is_called_as_its_manifest_says_now(file: Path, clock: SteppedClock) -> None:
    renamed = SlackStandIn(app=App(name="pagerbot"), clock=clock)
    again = await handed_on(file, new_slack(clock), renamed)
    assert again.workspace.users[again.world.identity.bot_user].name == "pagerbot"


# PagerDuty


def event(summary: str, severity: str = "critical") -> dict[str, Any]:
    return {"payload": {"summary": summary, "severity": severity, "custom_details": {"number": 42}}}


def paged(clock: SteppedClock) -> PagerDutyStandIn:
    """An account in which everything has happened."""
    pagerduty = PagerDutyStandIn(clock=clock)
    service = pagerduty.account.service_for("on-call")
    for key in ("a", "b", "c"):
        pagerduty.account.trigger(service, key, event(f"{key} is down"))
        clock.forward(seconds=1)
    pagerduty.escalate("a")
    pagerduty.acknowledge("a", "Lee Novak")
    pagerduty.annotate("a", "looking at it")
    pagerduty.prioritize("a", "P1")
    pagerduty.merge("b", into="c")
    pagerduty.merge("c", into="b")  # a circle of what went into what
    pagerduty.put_service("on-call", levels=(("Dia Mensah",),))
    return pagerduty


def without_feed(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name != "feed"}


async def test_pagerduty_shows_what_it_showed(file: Path, clock: SteppedClock) -> None:
    old = paged(clock)
    again = await handed_on(file, old, PagerDutyStandIn(clock=clock))
    assert without_feed(again.state()) == without_feed(old.state())
    assert len(again.notifications) == 4


async def test_an_open_page_from_before_is_still_under_its_key(file: Path, clock: SteppedClock) -> None:
    again = await handed_on(file, paged(clock), PagerDutyStandIn(clock=clock))
    service = again.account.service_for("on-call")
    again.account.trigger(service, "a", event("a is down"))
    again.account.resolve_event(service, "a")
    again.account.trigger(service, "d", event("d is down"))
    assert [(each.number, each.triggers) for each in again.account.under("a")] == [(1, 2)]
    assert again.incident("a").status == "resolved"
    assert again.incident("d").number == 4


async def test_only_what_is_new_is_told_to_those_who_watch(file: Path, clock: SteppedClock) -> None:
    again = await handed_on(file, paged(clock), PagerDutyStandIn(clock=clock))
    again.account.trigger(again.account.service_for("director"), "d", event("d is down"))
    assert [change.kind for change in again.feed.since(0)] == ["notification", "incident"]


async def test_a_webhook_that_was_still_owed_is_given_up(file: Path, clock: SteppedClock) -> None:
    old = PagerDutyStandIn(clock=clock)
    old.subscribe("http://127.0.0.1:1/", "secret")
    old.account.trigger(old.account.services[0], "a", event("a is down"))
    again = await handed_on(file, old, PagerDutyStandIn(clock=clock))
    assert [each.state for each in again.webhooks.deliveries] == ["discarded"]


def test_no_secret_is_kept(file: Path, clock: SteppedClock) -> None:
    stand_in = PagerDutyStandIn(clock=clock, api_key="key-of-before")
    stand_in.subscribe("http://127.0.0.1:1/", "secret-of-before")
    stand_in.account.trigger(stand_in.account.services[0], "a", event("a is down"))
    asyncio.run(Keeper(file, stand_in).save())
    assert b"-of-before" not in file.read_bytes()


# Alertmanager


def new_alertmanager(clock: SteppedClock, bot: RecordingBot) -> AlertmanagerStandIn:
    return AlertmanagerStandIn(clock=clock, webhook_url=bot.url, webhook_token=TOKEN, tick_seconds=None)


@pytest.fixture
async def bot() -> AsyncIterator[RecordingBot]:
    async with recording_bot() as recording:
        yield recording


async def ticked(stand_in: AlertmanagerStandIn) -> None:
    stand_in.tick()
    await stand_in.settled()


def silence(alert: Alert, clock: SteppedClock) -> Silence:
    now = clock() * MILLISECOND
    return Silence(
        id="",
        matchers=(Matcher(name="alertname", value=alert.labels["alertname"]),),
        starts_at=now,
        ends_at=now + HOUR,
        updated_at=now,
        created_by="ana",
        comment="known",
    )


async def test_alertmanager_shows_what_it_showed(file: Path, clock: SteppedClock, bot: RecordingBot) -> None:
    old = new_alertmanager(clock, bot)
    alerts = old.storm(3)
    old.put_silence(silence(alerts[0], clock))
    old.watchdog(on=True)
    old.resolve(alerts[1].fingerprint)
    clock.forward(seconds=2)
    await ticked(old)
    again = await handed_on(file, old, new_alertmanager(clock, bot))
    assert without_feed(again.state()) == without_feed(old.state())
    await old.teller.close()


async def test_what_flaps_goes_on_flapping(file: Path, clock: SteppedClock, bot: RecordingBot) -> None:
    old = new_alertmanager(clock, bot)
    old.flap("payment-errors")
    again = await handed_on(file, old, new_alertmanager(clock, bot))
    clock.forward(seconds=60)
    await ticked(again)
    assert again.state()["counts"] == {"resolved": 1}
    await again.teller.close()


async def test_what_was_notified_is_not_notified_again_until_it_ends(
    file: Path, clock: SteppedClock, bot: RecordingBot
) -> None:
    old = new_alertmanager(clock, bot)
    fired = old.storm(1)[0]
    clock.forward(seconds=2)
    await ticked(old)
    again = await handed_on(file, old, new_alertmanager(clock, bot))
    await old.teller.close()

    clock.forward(seconds=3600)  # longer than an alert lasts that is not posted again
    await ticked(again)
    before_its_end = len(bot.received)
    again.resolve(fired.fingerprint)
    clock.forward(seconds=60)
    await ticked(again)
    await again.teller.close()

    assert before_its_end == 1
    assert [each.body["status"] for each in bot.received] == ["firing", "resolved"]


async def test_a_notification_that_was_under_way_is_sent_anew(
    file: Path, clock: SteppedClock, bot: RecordingBot
) -> None:
    old = new_alertmanager(clock, bot)
    old.storm(1)
    clock.forward(seconds=2)
    old.tick()
    again = await handed_on(file, old, new_alertmanager(clock, bot))
    await old.teller.close()
    received = len(bot.received)

    clock.forward(seconds=60)
    await ticked(again)

    assert [(each.number, each.state) for each in again.notifications] == [(1, "failed"), (2, "taken")]
    assert len(bot.received) == received + 1
    await again.teller.close()


# Prometheus


def series(stand_in: PrometheusStandIn) -> list[Any]:
    """Every series with its value at a few instants."""
    now = stand_in.clock()
    present = stand_in.database.present(now)
    return [
        (each.labels, [each.latest(0, now - ago) for ago in (0, 60_000, 3_600_000)])
        for each in present.select(())
    ]


async def test_prometheus_shows_and_answers_what_it_did(file: Path, clock: SteppedClock) -> None:
    old = PrometheusStandIn(clock=clock)
    old.set_service("payment", error_ratio=0.3, for_minutes=5)
    clock.forward(seconds=90)
    old.set_service("payment", latency=4)
    old.set_service("identity", error_ratio=1)
    clock.forward(seconds=3600)
    old.reset()
    old.set_service("content", error_ratio=0.5, for_minutes=30)
    clock.forward(seconds=600)

    again = await handed_on(file, old, PrometheusStandIn(clock=clock))

    assert without_feed(again.state()) == without_feed(old.state())
    assert json.dumps(series(again), default=str) == json.dumps(series(old), default=str)
    third = await handed_on(file, again, PrometheusStandIn(clock=clock))
    assert third.kept() == old.kept()
