"""Who did what: the log that only grows, read by an operator."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from bot.app import StartError
from bot.app.auditing import AuditAsked, audit
from bot.domain.audit import Period
from bot.domain.event import EventKind
from bot.ports.store import Transaction
from tests.support.alert_engine import begins
from tests.support.builders import ANA, a_call, a_change, a_run, a_span
from tests.support.commands import opsbot
from tests.support.harness import World

SECURITY = "security-incidents"


async def _read(world: World, **asked: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    given = {
        "period": Period(),
        "of": None,
        "actor": None,
        "format": "json",
        "redact": False,
    }
    await audit(world.setup.database_url, AuditAsked(**{**given, **asked}), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


async def test_everything_is_there_with_who_and_when_while_the_bot_runs(either_world: World) -> None:
    world = either_world
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=16)
    await world.ana.presses("Acknowledge")
    await world.gus.types("/incident resolve 1")
    log = await _read(world)
    kinds = [one["kind"] for one in log]
    assert (kinds[0], kinds[-1]) == ("declared", "refused")
    assert {"paged", "page_confirmed", "acknowledged", "role_given"} <= set(kinds)
    assert {one["incident"] for one in log} == {1}
    assert (log[0]["actor"], log[0]["name"], log[0]["data"]) == (
        *("U0KIM0001", "kim"),
        {"title": "checkout is down"},
    )
    assert (log[-1]["name"], log[-1]["data"]["asked"]) == ("gus", "resolve")


async def test_one_incident_or_one_person_or_a_while(world: World) -> None:
    await world.kim.types("/incident p1 checkout is down")
    await world.forward(minutes=5)
    before = world.clock.now()
    await world.ana.types("/incident p2 mail is slow")
    await world.ana.types("/incident ack 1")
    assert {one["incident"] for one in await _read(world, of=("incident", 2))} == {2}
    assert {one["name"] for one in await _read(world, actor="U0ANA0001")} == {"ana"}
    assert {one["name"] for one in await _read(world, actor="kim")} == {"kim"}
    assert not [one for one in await _read(world, period=Period(since=before)) if one["name"] == "kim"]
    with pytest.raises(StartError, match="There is no incident #9"):
        await _read(world, of=("incident", 9))


async def test_alert_groups_are_in_it_too_and_security_alerts_keep_their_secret(either_world: World) -> None:
    world = either_world
    await begins(world, id="open", name="HighErrorRate")
    await begins(world, id="secret", name="ZebraTokenLeaked", security=True, channel=SECURITY)
    assert {(one["incident"], one["alert"]) for one in await _read(world, of=("alert", 1))} == {(None, 1)}
    assert "ZebraTokenLeaked" in json.dumps(await _read(world, of=("alert", 2)))
    redacted = await _read(world, redact=True)
    assert "HighErrorRate" in json.dumps(redacted)
    assert "Zebra" not in json.dumps(redacted)
    with pytest.raises(StartError, match="There is no alert A9"):
        await _read(world, of=("alert", 9))


async def test_runs_of_checklists_are_in_it_too_and_what_people_write_of_security_stays(
    either_world: World,
) -> None:
    world = either_world

    def body(tx: Transaction) -> None:
        for number, security in ((1, False), (2, True)):
            run = tx.runs.add(a_run(id=f"run-{number}", checklist=f"list-{number}", security=security))
            assert run is not None
            facts = {"text": f"zebra {number}"}
            tx.events.append(run.id, at=world.clock.now(), actor=ANA, kind=EventKind.CHECK_NOTED, data=facts)

    await world.bot.store.transaction("runs", body)
    assert [(one["run"], one["data"]["text"]) for one in await _read(world, of=("run", 2))] == [
        (2, "zebra 2")
    ]
    redacted = json.dumps(await _read(world, redact=True))
    assert "zebra 1" in redacted
    assert "zebra 2" not in redacted
    with pytest.raises(StartError, match="There is no run C9"):
        await _read(world, of=("run", 9))


async def test_changes_and_the_calendar_are_in_it_too(either_world: World) -> None:
    world = either_world

    def body(tx: Transaction) -> None:
        change, span = tx.changes.add(a_change()), tx.spans.add(a_span())
        now = world.clock.now()
        tx.events.append(change.id, at=now, actor=ANA, kind=EventKind.CHANGE_NOTED, data={"text": "zebra"})
        tx.events.append(span.id, at=now, actor=ANA, kind=EventKind.SPAN_ADDED, data={"title": "Yak"})

    await world.bot.store.transaction("changes", body)
    assert [(one["change"], one["data"]["text"]) for one in await _read(world, of=("change", 1))] == [
        (1, "zebra")
    ]
    assert [(one["span"], one["data"]["title"]) for one in await _read(world, of=("span", 1))] == [
        ("F1", "Yak")
    ]
    assert {one["change"] or one["span"] for one in await _read(world)} == {1, "F1"}
    with pytest.raises(StartError, match="There is no change CH9"):
        await _read(world, of=("change", 9))
    with pytest.raises(StartError, match="There is no window W9"):
        await _read(world, of=("span", 9))


async def test_somebody_who_was_paged_is_in_it_too(either_world: World) -> None:
    world = either_world

    def body(tx: Transaction) -> None:
        call = tx.calls.add(a_call())
        assert call is not None
        data = {"reason": call.reason}
        tx.events.append(call.id, at=call.called_at, actor=ANA, kind=EventKind.CALLED, data=data)

    await world.bot.store.transaction("call", body)
    log = await _read(world, of=("page", 1))
    assert [(one["page"], one["kind"], one["name"]) for one in log] == [(1, "called", "Ana")]
    with pytest.raises(StartError, match="There is no page PG9"):
        await _read(world, of=("page", 9))


async def test_security_incidents_are_whole_unless_they_are_to_be_left_out(world: World) -> None:
    await world.sam.types("/incident p0 zebra token leaked", channel=SECURITY)
    await world.sam.types("/incident drill p2 checkout is down")
    assert "zebra" in str(await _read(world))
    shown = await _read(world, redact=True)
    mine = [one for one in shown if one["incident"] == 1]
    assert "zebra" not in str(shown)
    assert {(one["name"], one["actor"], str(one["data"])) for one in mine} == {("", "", "{}")}
    assert [one["drill"] for one in shown] == [one["incident"] == 2 for one in shown]


async def test_the_command_prints_and_says_what_is_wrong(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    variables = {"DATABASE_URL": world.setup.database_url}
    printed = await opsbot("audit", "--format", "csv", variables=variables)
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.splitlines()[0].startswith("at,incident,subject")
    wrong = await opsbot("audit", "--since", "yesterday", variables=variables)
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("opsbot: 'yesterday' is no time: write 30d")
    for word in ("CH9", "ch9", "9"):
        missing = await opsbot("audit", "--change", word, variables=variables)
        assert (missing.code, missing.err) == (1, "opsbot: There is no change CH9.\n")
    unknown = await opsbot("audit", "--incident", "9", variables=variables)
    assert (unknown.code, unknown.err) == (1, "opsbot: There is no incident #9.\n")


async def test_an_address_that_does_not_answer_is_said_without_its_password(world: World) -> None:
    url = "postgresql+asyncpg://u:hunter2@127.0.0.1:9/none"
    ran = await opsbot("audit", variables={"DATABASE_URL": url})
    assert ran.code == 1
    assert "does not answer" in ran.err
    assert "hunter2" not in ran.err + ran.out
