"""Alert groups, alerts, silences and signs of life, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.actor import Actor
from bot.domain.alert import AlertStatus, Heartbeat, Silence, SilenceState
from bot.domain.card import MessageRef
from bot.domain.face import Face
from bot.domain.incident import Status
from bot.domain.severity import Severity
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.support.builders import an_alert, an_alert_group, an_incident
from tests.support.clock import MONDAY_NOON

ANA = Actor(id="U0ANA", name="Ana")
MINUTE = timedelta(minutes=1)
SILENCE = Silence(
    id="s1",
    group="g12",
    remote_id=None,
    matchers=(("alertname", 'a "quoted" näme'),),
    by=ANA,
    comment="deploying",
    starts_at=MONDAY_NOON,
    ends_at=MONDAY_NOON + timedelta(hours=1),
    state=SilenceState.WANTED,
)


async def test_a_group_is_read_again_as_it_was_saved(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        added = tx.alert_groups.add(an_alert_group())
        assert tx.alert_groups.by_id("g12", lock=True) == added
        changed = replace(
            added,
            status=AlertStatus.RESOLVED,
            acknowledged_by=ANA,
            acknowledged_at=MONDAY_NOON + MINUTE,
            silenced_by=ANA,
            silenced_until=MONDAY_NOON + 2 * MINUTE,
            resolved_at=MONDAY_NOON + MINUTE,
            incident="i1",
            incident_after=MINUTE,
            storm="g1",
            receiver="opsbot",
            carded_at=MONDAY_NOON,
            truncated=3,
            flaps=2,
        )
        tx.alert_groups.save(changed)
        assert tx.alert_groups.by_number(added.number, lock=True) == changed
        assert tx.alert_groups.lock_free(["g12", "unknown"]) == (changed,)
        assert tx.alert_groups.receivers() == {"opsbot"}
        assert tx.alert_groups.of_incident("i1") == tx.alert_groups.members("g1") == (changed,)
        assert tx.alert_groups.last_fired("i1") == MONDAY_NOON
        assert tx.alert_groups.last_fired("i2") is None

    await store.transaction("save", body)


async def test_the_newest_episode_of_a_key_is_found(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        group = an_alert_group()
        assert tx.alert_groups.newest_of(group.key) is None
        tx.alert_groups.add(replace(group, id="first", status=AlertStatus.RESOLVED))
        second = tx.alert_groups.add(replace(group, id="second"))
        tx.alert_groups.add(replace(group, id="other", key="another"))
        assert tx.alert_groups.newest_of(group.key) == second

    await store.transaction("find", body)


async def test_what_fires_is_listed_the_most_urgent_first(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[str]:
        for name, severity in (("b", Severity.P1), ("a", Severity.P0), ("c", Severity.P1)):
            tx.alert_groups.add(an_alert_group(id=name, severity=severity))
        tx.alert_groups.add(an_alert_group(id="over", status=AlertStatus.RESOLVED))
        tx.alert_groups.add(an_alert_group(id="taken", severity=Severity.P2, acknowledged_by=ANA))
        until = MONDAY_NOON + MINUTE
        tx.alert_groups.add(
            an_alert_group(id="quiet", severity=Severity.P3, acknowledged_by=ANA, silenced_until=until)
        )
        assert set(tx.alert_groups.counts()) == {
            ("P0", "firing", 1),
            ("P1", "firing", 2),
            ("P2", "acknowledged", 1),
            ("P3", "silenced", 1),
        }
        return [group.id for group in tx.alert_groups.firing()]

    assert await store.transaction("list", body) == ["a", "c", "b", "taken", "quiet"]


async def test_what_is_over_is_forgotten_after_a_while_with_all_that_is_kept_of_it(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        over = an_alert_group(status=AlertStatus.RESOLVED, resolved_at=MONDAY_NOON)
        for name, changes in (
            ("old", {}),
            ("new", {"changed_at": MONDAY_NOON + MINUTE}),
            ("firing", {"status": AlertStatus.FIRING}),
            ("linked", {"incident": "i1"}),
        ):
            group = tx.alert_groups.add(replace(over, id=name, **changes))
            tx.alerts.tell(group.id, [an_alert()])
            tx.silences.save(replace(SILENCE, id=f"s-{name}", group=name))
            tx.messages.save(name, Face.ALERT, MessageRef(channel="C1", ts=name))
        assert tx.alert_groups.forget(MONDAY_NOON + MINUTE) == 1
        for name in ("old", "new", "firing", "linked"):
            kept = name != "old"
            assert (tx.alert_groups.by_id(name) is not None) is kept
            assert bool(tx.alerts.of(name)) is bool(tx.silences.of(name)) is kept
            assert (tx.messages.of(name, Face.ALERT) is not None) is kept

    await store.transaction("forget", body)


async def test_what_a_storm_stands_for_is_counted(store: OpenStore) -> None:
    def body(tx: Transaction) -> set[tuple[str | None, Severity, AlertStatus, int]]:
        tx.alert_groups.add(an_alert_group(id="storm"))
        over = {"status": AlertStatus.RESOLVED, "resolved_at": MONDAY_NOON}
        others: list[dict[str, Any]] = [{}, {}, over, {"service": None}, {"severity": Severity.P0}]
        for n, changes in enumerate(others):
            tx.alert_groups.add(an_alert_group(id=f"m{n}", key=f"k{n}", storm="storm", **changes))
        tx.alert_groups.add(an_alert_group(id="other", key="other"))
        return set(tx.alert_groups.member_counts("storm"))

    assert await store.transaction("count", body) == {
        ("api-gateway", Severity.P1, AlertStatus.FIRING, 2),
        ("api-gateway", Severity.P1, AlertStatus.RESOLVED, 1),
        (None, Severity.P1, AlertStatus.FIRING, 1),
        ("api-gateway", Severity.P0, AlertStatus.FIRING, 1),
    }


async def test_cards_of_a_channel_are_counted_from_an_instant_on(store: OpenStore) -> None:
    def body(tx: Transaction) -> tuple[int, int]:
        for name, minutes in (("old", 0), ("new", 5), ("newer", 6)):
            tx.alert_groups.add(an_alert_group(id=name, carded_at=MONDAY_NOON + minutes * MINUTE))
        tx.alert_groups.add(
            an_alert_group(id="elsewhere", channel="leadership", carded_at=MONDAY_NOON + 9 * MINUTE)
        )
        tx.alert_groups.add(an_alert_group(id="without"))
        count = tx.alert_groups.carded_since
        return count("platform-alerts", MONDAY_NOON), count("leadership", MONDAY_NOON)

    assert await store.transaction("count", body) == (2, 1)


async def test_what_is_told_of_an_alert_is_written_over_and_when_it_was_first_had_stays(
    store: OpenStore,
) -> None:
    def body(tx: Transaction) -> None:
        first = an_alert()
        tx.alerts.tell("g12", [first, an_alert(fingerprint="f2")])
        over = replace(first, ends_at=MONDAY_NOON + MINUTE, seen_at=MONDAY_NOON + MINUTE)
        tx.alerts.tell("g12", [over])
        tx.alerts.tell("g12", [])
        told = {alert.fingerprint: alert for alert in tx.alerts.of("g12")}
        assert told["f1"] == replace(over, seen_at=first.seen_at)
        assert [alert.fingerprint for alert in tx.alerts.of("g12", firing=True)] == ["f2"]
        [firing] = tx.alerts.firing(10)
        assert (firing.group, firing.fingerprint, firing.seen_at) == ("g12", "f2", first.seen_at)
        assert tx.alerts.count("g12") == (1, 1)
        tx.alerts.end_all("g12", MONDAY_NOON + MINUTE)
        assert tx.alerts.count("g12") == (0, 2)
        assert tx.alerts.forget(MONDAY_NOON) == 0
        assert tx.alerts.forget(MONDAY_NOON + MINUTE) == 2

    await store.transaction("tell", body)


async def test_a_silence_is_kept_and_found_by_alertmanagers_id(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        tx.silences.save(SILENCE)
        active = replace(SILENCE, remote_id="r1", state=SilenceState.ACTIVE, told_at=MONDAY_NOON)
        tx.silences.save(active)
        over = replace(
            SILENCE, id="s2", state=SilenceState.OVER, starts_at=MONDAY_NOON + MINUTE, foreign=True
        )
        tx.silences.save(over)
        assert tx.silences.one("s1") == active
        assert tx.silences.by_remote("r1") == (active,)
        assert tx.silences.of("g12") == (over, active)
        assert tx.silences.standing() == (active,)
        assert tx.silences.one("s3") is None

    await store.transaction("silence", body)


async def test_the_newest_sign_of_life_is_kept_and_what_misses_it_stays(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        tx.heartbeats.miss("Watchdog", "nobody heard it yet")
        assert tx.heartbeats.all() == ()
        tx.heartbeats.beat("Watchdog", MONDAY_NOON)
        tx.heartbeats.miss("Watchdog", "g1")
        tx.heartbeats.beat("Watchdog", MONDAY_NOON + MINUTE)
        tx.heartbeats.beat("Another", MONDAY_NOON)
        [another, newest] = tx.heartbeats.all()
        assert newest == Heartbeat(name="Watchdog", at=MONDAY_NOON + MINUTE, group="g1")
        tx.heartbeats.miss("Watchdog", None)
        tx.heartbeats.forget("Another")
        assert another.group is None
        assert tx.heartbeats.all() == (Heartbeat(name="Watchdog", at=MONDAY_NOON + MINUTE),)

    await store.transaction("beat", body)


async def test_of_an_incidents_groups_some_are_read_and_all_are_counted(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        assert tx.alert_groups.count_of_incident("i1") == (0, 0)
        changes: list[dict[str, object]] = [
            {"severity": Severity.P0, "status": AlertStatus.RESOLVED},
            {"severity": Severity.P2},
            {"severity": Severity.P1},
            {"severity": Severity.P1},
            {"incident": "i2"},
        ]
        for number, change in enumerate(changes, start=1):
            group = an_alert_group(**{"id": f"g{number}", "key": f"k{number}", "incident": "i1", **change})
            tx.alert_groups.add(group)
        assert tx.alert_groups.count_of_incident("i1") == (3, 1)
        assert [one.id for one in tx.alert_groups.first_of_incident("i1", 9)] == ["g3", "g4", "g2", "g1"]
        assert [one.id for one in tx.alert_groups.first_of_incident("i1", 2)] == ["g3", "g4"]

    await store.transaction("read", body)


async def test_what_an_incident_was_told_of_its_alerts_is_kept_by_group(store: OpenStore) -> None:
    firing, resolved = AlertStatus.FIRING, AlertStatus.RESOLVED

    def body(tx: Transaction) -> None:
        tx.told_alerts.save("i1", {"g1": firing, "g2": firing})
        tx.told_alerts.save("i1", {"g2": resolved})
        assert tx.told_alerts.of("i1") == {"g1": firing, "g2": resolved}
        tx.told_alerts.save("i2", {"g1": firing})
        assert tx.told_alerts.of("i1") == {"g2": resolved}
        tx.told_alerts.forget("g2")
        assert tx.told_alerts.of("i1") == {}
        assert tx.told_alerts.of("i2") == {"g1": firing}

    await store.transaction("tell", body)


async def test_the_open_incidents_of_a_service_come_most_urgent_first(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        changes: list[dict[str, object]] = [
            {"severity": Severity.P1},
            {"severity": Severity.P0},
            {"severity": Severity.P1},
            {"service": "search"},
            {"drill": True},
            {"security": True},
            {"status": Status.RESOLVED},
        ]
        for number, change in enumerate(changes, start=1):
            tx.incidents.add(an_incident(id=f"i{number}", **change))
        found = tx.incidents.open_of("payment", security=False)
        assert [one.id for one in found] == ["i2", "i3", "i1"]
        assert [one.id for one in tx.incidents.open_of("payment", security=True)] == ["i6"]

    await store.transaction("find", body)


async def test_what_waits_to_be_acknowledged_is_counted_and_the_worst_comes_first(store: OpenStore) -> None:
    def body(tx: Transaction) -> tuple[list[str], int]:
        given: dict[str, dict[str, Any]] = {
            "p2": {"severity": Severity.P2},
            "p0": {"severity": Severity.P0},
            "newer p2": {"severity": Severity.P2},
            "taken": {"acknowledged_by": ANA, "acknowledged_at": MONDAY_NOON},
            "quiet": {"silenced_by": ANA, "silenced_until": MONDAY_NOON},
            "over": {"status": AlertStatus.RESOLVED},
            "in a storm": {"storm": "p0"},
        }
        for name, changes in given.items():
            tx.alert_groups.add(an_alert_group(id=name, key=name, **changes))
        first, count = tx.alert_groups.waiting(2)
        return [one.id for one in first], count

    assert await store.transaction("list", body) == (["p0", "newer p2"], 3)
