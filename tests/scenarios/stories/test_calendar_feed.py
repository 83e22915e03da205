"""The calendar of changes as a feed that other calendars subscribe to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import aiohttp
from icalendar import Calendar

from bot.domain.changes.change import ChangeState
from bot.domain.changes.span import SpanKind
from bot.ports.store import Transaction
from tests.support.builders import a_change, a_plan, a_span
from tests.support.clock import MONDAY_NOON as NOW
from tests.support.harness import CALENDAR_TOKEN, World
from tests.support.ics import events_of

PATH = f"/calendar/{CALENDAR_TOKEN}/changes.ics"
Answer = tuple[int, Mapping[str, str], bytes]


async def asked(world: World, path: str = PATH, **headers: str) -> Answer:
    given = {key.replace("_", "-"): value for key, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{world.url}{path}", headers=given) as response,
    ):
        return response.status, response.headers.copy(), await response.read()


async def planned(world: World) -> None:
    """A change, one that was called off, a window and a freeze, all of them hostile in words."""

    def body(tx: Transaction) -> None:
        tx.changes.add(a_change(a_plan(title="New\r\ncheckout; BEGIN:VEVENT, \\n"), number=0))
        off = a_change(id="off", number=0, state=ChangeState.CANCELLED, closed=NOW)
        tx.changes.add(off)
        tx.spans.add(a_span(number=0, title="Sale\nEND:VCALENDAR"))
        window = a_span(id="w", number=0, kind=SpanKind.WINDOW, change_kind="major")
        tx.spans.add(replace(window, removed=NOW, removed_by=window.by))

    await world.bot.store.transaction("plan", body)


async def test_the_feed_has_what_stands_and_what_was_called_off_and_weekly_windows(world: World) -> None:
    await planned(world)
    status, headers, file = await asked(world)
    assert status == 200
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = {str(one["uid"]): one for one in Calendar.from_ical(file).walk("VEVENT")}
    by_letter = {one["UID"]: one for one in events_of(file)}
    assert events.keys() == by_letter.keys()
    change = by_letter["ch12@opsbot"]
    assert change["SUMMARY"] == "CH1 New checkout; BEGIN:VEVENT, \\n (requested)"
    assert (change["STATUS"], change["LOCATION"]) == ("TENTATIVE", "Payment Service")
    assert by_letter["off@opsbot"]["STATUS"] == "CANCELLED"
    assert by_letter["sp4@opsbot"]["SUMMARY"] == "F1 Freeze: Sale END:VCALENDAR"
    assert by_letter["w@opsbot"]["STATUS"] == "CANCELLED"
    assert len([uid for uid in events if uid.startswith("window-standard-")]) == 18


async def test_whoever_has_it_already_is_told_so_until_something_changes(world: World) -> None:
    await planned(world)
    _, headers, _ = await asked(world)
    status, again, file = await asked(world, If_None_Match=headers["ETag"])
    assert (status, file, again["ETag"]) == (304, b"", headers["ETag"])
    await world.forward(minutes=30)
    status, _, _ = await asked(world, If_None_Match=f'"other", {headers["ETag"]}')
    assert status == 304, "time alone changes nothing of it"

    def lift(tx: Transaction) -> None:
        freeze = tx.spans.by_id("sp4")
        assert freeze is not None
        tx.spans.save(replace(freeze, removed=NOW + timedelta(hours=1), removed_by=freeze.by))

    await world.bot.store.transaction("lift", lift)
    status, _, _ = await asked(world, If_None_Match=headers["ETag"])
    assert status == 304, "what was read a moment ago is good enough"
    await world.forward(seconds=15)
    status, news, _ = await asked(world, If_None_Match=headers["ETag"])
    assert status == 200
    assert news["ETag"] != headers["ETag"]


async def test_who_does_not_know_the_secret_path_finds_nothing(world: World) -> None:
    for path in ("/calendar/wrong/changes.ics", "/calendar/changes.ics", f"/calendar/{CALENDAR_TOKEN}/x.ics"):
        status, _, body = await asked(world, path)
        assert (status, body) == (404, b"404: Not Found")


async def test_without_a_token_the_feed_is_off_and_says_so(world: World) -> None:
    await world.stop()
    world.setup = replace(world.setup, calendar=False)
    await world.start()
    status, _, body = await asked(world)
    assert status == 404
    assert b"set OPSBOT_CALENDAR_TOKEN" in body
