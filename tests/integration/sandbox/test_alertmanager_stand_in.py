"""Alertmanager's stand-in by itself: in the sandbox's time, with people at its controls."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

import manifests
from bot.domain.slo.rules import ALERT, BurnAlert, rule_groups
from bot.guide.load import load_guide
from bot.sandbox.alertmanager.catalogue import CATALOGUE
from bot.sandbox.alertmanager.labels import fingerprint, quoted
from bot.sandbox.alertmanager.times import parsed, with_nanoseconds
from bot.sandbox.alertmanager.watchers import MOST_SHOWN
from bot.sandbox.feed import Feed
from tests.support.alertmanager import (
    PATIENCE_SECONDS,
    TOKEN,
    RecordingBot,
    ServedAlertmanager,
    recording_bot,
    served_alertmanager,
)

MANY = 1000
PLATFORM_TEAM = "platform-team"
NOON = 1_773_676_800_000  # Monday 16 March 2026, 12:00 in New York
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000


class SandboxTime:
    """The sandbox's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        return self.now


class Sandbox:
    """The stand-in, its clock and the bot: a test moves time and sees what the bot got."""

    def __init__(self, time: SandboxTime, bot: RecordingBot, served: ServedAlertmanager) -> None:
        self.time, self.bot, self.stand_in = time, bot, served.stand_in

    async def forward(self, milliseconds: int) -> None:
        """Time goes on, and all that is due happens."""
        self.time.now += milliseconds
        self.stand_in.tick()
        await self.stand_in.settled()

    def told(self) -> list[tuple[str, int]]:
        """Of each notification that came: its status and how many alerts it had."""
        bodies = [each.body for each in self.bot.received]
        return [(body["status"], len(body["alerts"])) for body in bodies]


@pytest.fixture
async def time() -> SandboxTime:
    return SandboxTime()


@pytest.fixture
async def bot() -> AsyncIterator[RecordingBot]:
    async with recording_bot() as recording:
        yield recording


@pytest.fixture
async def served_one(time: SandboxTime, bot: RecordingBot) -> AsyncIterator[ServedAlertmanager]:
    options = {"webhook_url": bot.url, "webhook_token": TOKEN, "first_pause": 0.01}
    async with served_alertmanager(clock=time, tick_seconds=None, **options) as one:
        yield one


@pytest.fixture
def sandbox(time: SandboxTime, bot: RecordingBot, served_one: ServedAlertmanager) -> Sandbox:
    return Sandbox(time, bot, served_one)


@pytest.fixture
async def http(served_one: ServedAlertmanager) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(served_one.url) as session:
        yield session


async def control(http: aiohttp.ClientSession, name: str, /, **body: Any) -> tuple[int, Any]:
    async with http.post(f"/control/{name}", json=body) as answer:
        return answer.status, await answer.json()


async def get(http: aiohttp.ClientSession, path: str) -> Any:
    async with http.get(path) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def post(http: aiohttp.ClientSession, *alerts: dict[str, Any]) -> None:
    async with http.post("/api/v2/alerts", json=list(alerts)) as answer:
        assert answer.status == 200, await answer.text()


async def until_told(feed: Feed, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait until the feed tells of such a notification."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for batch in feed.watch(0):
            for change in batch:
                if change.kind == "notification" and wanted(change.data):
                    return change.data
    raise AssertionError("the feed has ended")


async def silence(http: aiohttp.ClientSession, *, starts: int, ends: int, **label: str) -> str:
    matchers = [{"name": name, "value": value, "isRegex": False} for name, value in label.items()]
    body = {
        "matchers": matchers,
        "startsAt": with_nanoseconds(starts * 1_000_000),
        "endsAt": with_nanoseconds(ends * 1_000_000),
        "createdBy": "ana",
        "comment": "known",
    }
    async with http.post("/api/v2/silences", json=body) as answer:
        identity: str = (await answer.json())["silenceID"]
        return identity


def labels(**more: str) -> dict[str, str]:
    return {"alertname": "HighErrorRate", "service": "payment", "severity": "critical", **more}


# Time


async def test_a_group_is_told_when_it_has_waited_for_more(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    await post(http, {"labels": labels(instance="a")}, {"labels": labels(instance="b")})
    await sandbox.forward(SECOND - 1)
    before = sandbox.told()
    await sandbox.forward(1)

    assert (before, sandbox.told()) == ([], [("firing", 2)])


async def test_alerts_of_different_services_are_told_apart(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    await post(http, {"labels": labels()}, {"labels": labels(service="identity")})
    await sandbox.forward(SECOND)

    assert sandbox.told() == [("firing", 1), ("firing", 1)]


async def test_what_joins_a_group_is_told_at_its_next_interval(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    await post(http, {"labels": labels(instance="a")})
    await sandbox.forward(SECOND)
    await post(http, {"labels": labels(instance="b")})
    await sandbox.forward(29 * SECOND)
    before = sandbox.told()
    await sandbox.forward(SECOND)

    assert (before, sandbox.told()) == ([("firing", 1)], [("firing", 1), ("firing", 2)])


async def test_what_does_not_change_is_told_again_after_four_hours(sandbox: Sandbox) -> None:
    sandbox.stand_in.fire("payment-errors")
    await sandbox.forward(SECOND)
    await sandbox.forward(4 * HOUR)
    before = sandbox.told()
    await sandbox.forward(30 * SECOND)

    assert (before, sandbox.told()) == ([("firing", 1)], [("firing", 1), ("firing", 1)])


async def test_it_is_known_when_something_is_told_next(sandbox: Sandbox) -> None:
    assert sandbox.stand_in.soonest() is None
    fired = sandbox.stand_in.fire("payment-errors")
    assert sandbox.stand_in.soonest() == NOON + SECOND, "its group waits for a moment"
    await sandbox.forward(SECOND)

    reminder = sandbox.time.now + 4 * HOUR
    assert sandbox.stand_in.soonest() == reminder + 1
    sandbox.stand_in.resolve(fired.fingerprint)
    assert sandbox.stand_in.soonest() == NOON + 31 * SECOND, "news waits for the group's interval"
    await sandbox.forward(30 * SECOND)

    assert sandbox.stand_in.soonest() is None


async def test_an_alert_that_is_not_posted_again_is_over_after_five_minutes(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    await post(http, {"labels": labels()})
    await sandbox.forward(SECOND)
    await sandbox.forward(5 * MINUTE)

    assert sandbox.told() == [("firing", 1), ("resolved", 1)]
    assert await get(http, "/api/v2/alerts") == []


async def test_what_a_person_fires_goes_on_however_far_time_is_moved(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    fired = sandbox.stand_in.fire("payment-errors")
    await sandbox.forward(SECOND)
    sandbox.time.now += 3 * HOUR

    (alert,) = await get(http, "/api/v2/alerts")
    await sandbox.forward(0)

    assert (alert["fingerprint"], alert["status"]["state"]) == (fired.fingerprint, "active")
    assert sandbox.told() == [("firing", 1)]


async def test_a_silence_holds_from_its_start_to_its_end(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    made = await silence(http, starts=NOON + MINUTE, ends=NOON + HOUR, service="payment")
    states = []
    for step in (0, MINUTE, HOUR - MINUTE):
        await sandbox.forward(step)
        states.append((await get(http, f"/api/v2/silence/{made}"))["status"]["state"])

    assert states == ["pending", "active", "expired"]


async def test_a_silenced_alert_is_told_when_the_silence_is_over(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    await silence(http, starts=NOON, ends=NOON + HOUR, alertname="HighErrorRate")
    sandbox.stand_in.fire("payment-errors")
    await sandbox.forward(30 * MINUTE)
    (alert,) = await get(http, "/api/v2/alerts")
    before = sandbox.told()
    await sandbox.forward(HOUR)

    assert (alert["status"]["state"], before, sandbox.told()) == ("suppressed", [], [("firing", 1)])


async def test_an_alert_is_forgotten_half_an_hour_after_its_end(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    fired = sandbox.stand_in.fire("payment-errors")
    sandbox.stand_in.resolve(fired.fingerprint)
    kept = (await get(http, "/control/state"))["alerts"][0]["state"]
    await sandbox.forward(30 * MINUTE)

    assert (kept, (await get(http, "/control/state"))["alerts"]) == ("resolved", [])


# What the bot answers


async def test_a_notification_that_is_refused_says_so_and_is_not_tried_again_at_once(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    sandbox.bot.answers = [404]
    sandbox.stand_in.fire("payment-errors")
    await sandbox.forward(SECOND)

    (shown,) = (await get(http, "/control/state"))["notifications"]
    assert (shown["status"], shown["state"], shown["attempts"]) == (404, "failed", 1)
    assert shown["error"] == f"unexpected status code 404: {sandbox.bot.url}"


async def test_what_was_refused_is_told_at_the_next_interval(sandbox: Sandbox) -> None:
    sandbox.bot.answers = [401]
    sandbox.stand_in.fire("payment-errors")
    await sandbox.forward(SECOND)
    await sandbox.forward(30 * SECOND)

    assert [each.status for each in sandbox.stand_in.notifications] == [401, 200]


async def test_a_broken_bot_is_tried_until_it_answers(sandbox: Sandbox) -> None:
    sandbox.bot.answers = [503, 500]
    sandbox.stand_in.fire("payment-errors")
    await sandbox.forward(SECOND)

    (notification,) = sandbox.stand_in.notifications
    assert (notification.attempts, notification.state, notification.error) == (3, "taken", None)


async def test_a_bot_that_is_down_is_named_by_its_address(time: SandboxTime, unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/webhooks/alertmanager"
    async with served_alertmanager(clock=time, tick_seconds=None, webhook_url=url) as one:
        one.stand_in.fire("payment-errors")
        time.now += SECOND
        one.stand_in.tick()
        failed = await until_told(one.stand_in.feed, lambda told: told["attempts"] == 1)

    assert (failed["state"], failed["status"]) == ("sending", None)
    assert failed["error"].startswith(f'Post "{url}": ')


async def test_without_a_webhook_nobody_is_told(time: SandboxTime) -> None:
    async with served_alertmanager(clock=time, tick_seconds=None) as one:
        one.stand_in.fire("payment-errors")
        time.now += SECOND
        one.stand_in.tick()
        await one.stand_in.settled()

        assert one.stand_in.notifications == []


# People


def test_budgets_burn_as_the_rules_say_that_are_made_of_the_guide() -> None:
    generated = {
        (rule.labels["service"], rule.labels["slo"], rule.labels["window"]): rule
        for group in rule_groups(load_guide(None))
        for rule in group.rules
        if isinstance(rule, BurnAlert)
    }
    budgets = [rule for rule in CATALOGUE if rule.labels["alertname"] == ALERT]
    for shown in budgets:
        rule = generated[shown.labels["service"], shown.labels["slo"], shown.labels["window"]]
        burn = rule.annotations["burn"]
        assert shown.labels == {"alertname": rule.alert, **rule.labels}
        assert shown.annotations.keys() == rule.annotations.keys() | {"runbook_url"}
        assert shown.annotations["description"] == rule.annotations["description"]
        assert shown.annotations["summary"] == rule.annotations["summary"].replace(
            burn, shown.annotations["burn"]
        )
        assert quote(rule.expression.splitlines()[0], safe="") in shown.generator_url
    assert len(budgets) == 2


async def test_every_alert_of_the_catalogue_is_of_the_guide(http: aiohttp.ClientSession) -> None:
    guide = manifests_guide()
    for rule in CATALOGUE:
        links = rule.annotations["runbook_url"].rpartition("/")[2], rule.annotations["dashboard_url"]
        assert f"\n  {rule.labels['service']}:\n" in guide
        assert f"\n  {rule.labels.get('team', PLATFORM_TEAM)}:\n" in guide
        assert f"file: {links[0]}" in guide
        assert f"url: {links[1].partition('?')[0].replace('https:', 'http:')}\n" in guide
    shown = (await get(http, "/control/state"))["catalogue"]
    assert len({each["name"] for each in shown}) == len(shown)


async def test_a_storm_is_of_as_many_different_alerts_as_asked(http: aiohttp.ClientSession) -> None:
    status, answer = await control(http, "storm", count=100)

    alerts = await get(http, "/api/v2/alerts")
    groups = await get(http, "/api/v2/alerts/groups")
    assert (status, answer, len(alerts), len(groups)) == (200, {"fired": 100}, 100, 12)


async def test_a_storm_comes_in_few_notifications(sandbox: Sandbox) -> None:
    sandbox.stand_in.storm(MANY)
    await sandbox.forward(SECOND)

    assert (len(sandbox.told()), sum(number for _, number in sandbox.told())) == (12, MANY)


async def test_a_storm_comes_over_a_while_and_in_as_many_groups_as_asked(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    await control(http, "storm", count=200, groups=40, seconds=10)
    first = len(await get(http, "/api/v2/alerts"))
    await sandbox.forward(10 * SECOND)

    groups = await get(http, "/api/v2/alerts/groups")
    assert (first, len(groups), {len(each["alerts"]) for each in groups}) == (20, 40, {5})


async def test_of_a_great_storm_the_newest_are_shown_and_all_are_counted(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    after = sandbox.stand_in.feed.last
    await control(http, "storm", count=MANY, groups=100)

    state = await get(http, "/control/state")
    assert (len(state["alerts"]), state["counts"]) == (MOST_SHOWN, {"active": MANY})
    assert [each.kind for each in sandbox.stand_in.feed.since(after)] == ["reset"]


async def test_what_flaps_fires_and_ends_three_times(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    await control(http, "flap", name="payment-errors")
    for _ in range(40):
        await sandbox.forward(10 * SECOND)

    assert sandbox.told() == [("firing", 1), ("resolved", 1)] * 3


async def test_nothing_is_to_come_once_all_is_resolved(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    await control(http, "flap", name="payment-errors")
    await control(http, "resolve", all=True)
    await sandbox.forward(5 * MINUTE)

    assert [each["state"] for each in (await get(http, "/control/state"))["alerts"]] == ["resolved"]


async def test_a_person_silences_a_group_in_alertmanager_and_ends_that(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    fired = sandbox.stand_in.fire("payment-errors")
    _, made = await control(http, "silence", fingerprint=fired.fingerprint, minutes=60)
    (silence,) = (await get(http, "/control/state"))["silences"]
    (quiet,) = (await get(http, "/control/state"))["alerts"]
    await control(http, "expire", silence=made["silence"])
    (loud,) = (await get(http, "/control/state"))["alerts"]

    matched = {each["name"]: each["value"] for each in silence["matchers"]}
    assert matched == {"alertname": "HighErrorRate", "service": "payment"}
    assert (quiet["silencedBy"], loud["silencedBy"]) == ([silence["id"]], [])


async def test_a_person_fires_an_alert_of_their_own_and_resolves_it(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    _, fired = await control(http, "fire", labels=labels(), annotations={"summary": "It is broken"})
    await sandbox.forward(SECOND)
    _, resolved = await control(http, "resolve", fingerprint=fired["fingerprint"])
    await sandbox.forward(30 * SECOND)

    assert fired == resolved == {"fingerprint": fingerprint(labels())}
    assert sandbox.told() == [("firing", 1), ("resolved", 1)]


async def test_all_is_resolved_but_the_watchdog(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    await control(http, "watchdog", on=True)
    await control(http, "storm", count=5)
    _, answer = await control(http, "resolve", all=True)

    states = Counter(each["state"] for each in (await get(http, "/control/state"))["alerts"])
    assert (answer, states) == ({"resolved": 5}, {"resolved": 5, "active": 1})


async def test_the_watchdog_is_told_again_and_again_until_it_is_switched_off(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    await control(http, "watchdog", on=True)
    for step in (SECOND, 90 * SECOND, 90 * SECOND):
        await sandbox.forward(step)
    await control(http, "watchdog", on=False)
    await sandbox.forward(90 * SECOND)

    assert sandbox.told() == [("firing", 1)] * 3 + [("resolved", 1)]
    assert (await get(http, "/control/state"))["watchdog"] is False


@pytest.mark.parametrize(
    ("act", "body", "said"),
    [
        ("fire", {"name": "nothing"}, "No alert is called 'nothing': one of payment-errors"),
        ("fire", {}, "at least one label pair required"),
        ("fire", {"labels": {"a-b": "c"}}, 'invalid label set: invalid name "a-b"'),
        ("fire", {"labels": {"a": 1}}, "labels must be an object of texts"),
        ("storm", {}, "missing field: count"),
        ("storm", {"count": 0}, "count must be an integer from 1 to 10000"),
        ("storm", {"count": "9"}, "count must be an integer"),
        ("storm", {"count": 9, "groups": 501}, "groups must be an integer from 1 to 500"),
        ("storm", {"count": 9, "seconds": -1}, "seconds must be an integer from 0 to 3600"),
        ("flap", {"name": "nothing"}, "No alert is called 'nothing'"),
        ("silence", {"fingerprint": "00", "minutes": 60}, "There is no alert"),
        ("expire", {"silence": "00"}, "silence not found"),
        ("resolve", {"fingerprint": "00"}, "There is no alert with the fingerprint '00'."),
        ("watchdog", {"on": "yes"}, "on must be true or false"),
        ("faults", {"kind": "drop"}, "'drop' does not happen here"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    http: aiohttp.ClientSession, act: str, body: dict[str, Any], said: str
) -> None:
    status, answer = await control(http, act, **body)

    assert status == 400
    assert answer["error"].startswith(said)


async def test_faults_befall_the_api_and_not_control(http: aiohttp.ClientSession) -> None:
    await control(http, "faults", kind="status", api="silences", status=502, count=1)
    async with http.get("/api/v2/silences") as broken, http.get("/api/v2/alerts") as well:
        statuses = broken.status, well.status

    assert statuses == (502, 200)
    assert (await get(http, "/control/state"))["faults"] == []


async def test_reset_forgets_all(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    await silence(http, starts=NOON, ends=NOON + HOUR, service="identity")
    await control(http, "storm", count=3)
    await sandbox.forward(SECOND)
    await control(http, "reset")

    state = await get(http, "/control/state")
    assert [state[each] for each in ("alerts", "silences", "notifications")] == [[], [], []]


async def test_those_who_watch_are_told_of_every_change_once(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    feed = sandbox.stand_in.feed
    sandbox.stand_in.fire("payment-errors")
    await silence(http, starts=NOON + 2 * MINUTE, ends=NOON + HOUR, service="payment")
    await sandbox.forward(SECOND)
    await sandbox.forward(2 * MINUTE)
    await sandbox.forward(MINUTE)

    seen = [(each.kind, each.data.get("state")) for each in feed.since(0) if each.kind != "silence"]
    silences = [each.data["status"]["state"] for each in feed.since(0) if each.kind == "silence"]
    assert seen == [
        ("alert", "active"),
        ("notification", "sending"),
        ("notification", "taken"),
        ("alert", "suppressed"),
    ]
    assert silences == ["pending", "active"]


async def test_the_feed_is_a_stream_of_events(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    async with http.get("/control/feed?after=0") as stream:
        sandbox.stand_in.fire("content-disk")
        lines = [await stream.content.readline() for _ in range(5)]

    assert lines[3] == b"event: alert\n"
    assert json.loads(lines[4].removeprefix(b"data: "))["labels"]["alertname"] == "DiskWillFill"


# How things are written


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-16T16:00:00Z",
        "2026-03-16T16:00:00.1Z",
        "2026-03-16T16:00:00.123456789Z",
        "0001-01-01T00:00:00Z",
    ],
)
def test_an_instant_is_written_with_as_many_digits_as_it_has(written: str) -> None:
    assert with_nanoseconds(parsed(written)) == written


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    assert parsed("2026-03-16T12:00:00-04:00") == parsed("2026-03-16T16:00:00Z") == NOON * 1_000_000


@pytest.mark.parametrize("text", ["", "today", "2026-13-01T00:00:00Z", "2026-03-16", "2026-03-16T16:00:00"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="parsing time"):
        parsed(text)


def test_texts_are_quoted_as_go_does() -> None:
    assert quoted('a "b"\n\\\x00ä') == '"a \\"b\\"\\n\\\\\\x00ä"'


# As a process


async def test_as_a_process_it_tells_by_itself_when_the_clock_file_moves(
    tmp_path: Path, bot: RecordingBot
) -> None:
    clock = tmp_path / "clock"
    arguments = (f"--clock={clock}", f"--webhook-url={bot.url}", "--webhook-token=t", "--group-wait=3600")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox.alertmanager", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip().rpartition(" ")[2]
        async with aiohttp.ClientSession(url) as http:
            await control(http, "fire", name="payment-errors")
        clock.write_text(str(HOUR))
        received = await bot.until_received(1)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()

    assert (received.headers["Authorization"], received.body["externalURL"]) == ("Bearer t", url)


def manifests_guide() -> str:
    (folder,) = manifests.__path__
    return (Path(folder) / "operations-guide.yaml").read_text()
