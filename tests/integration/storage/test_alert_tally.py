"""What alerts cost people, counted on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.alert import AlertSource
from bot.domain.event import EventKind
from bot.domain.noise import Fired
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.support.builders import ANA, a_page, an_alert, an_alert_group
from tests.support.clock import MONDAY_NOON

MINUTE = timedelta(minutes=1)


async def test_what_began_to_fire_in_the_span_is_counted_with_its_pages(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        for name, changes in (
            ("loud", {}),
            ("taken", {"acknowledged_at": MONDAY_NOON}),
            ("taken-once", {"service": None}),
            ("secret", {"security": True, "channel": "security-incidents"}),
            ("before", {}),
            ("storm", {"source": AlertSource.STORM, "name": "Storm"}),
            ("old-storm", {"source": AlertSource.STORM, "started_at": MONDAY_NOON - MINUTE}),
        ):
            tx.alert_groups.add(an_alert_group(**{"id": name, "key": name, **changes}))
        tx.alerts.tell("loud", [an_alert(fingerprint=f"f{n}") for n in range(3)])
        tx.alerts.tell("loud", [an_alert(fingerprint="x", labels={"alertname": "Slow"})])
        tx.alerts.tell("loud", [an_alert(fingerprint="old", seen_at=MONDAY_NOON - MINUTE)])
        tx.alerts.tell("loud", [an_alert(fingerprint="new", seen_at=MONDAY_NOON + MINUTE)])
        for name in ("taken", "taken-once", "secret"):
            tx.alerts.tell(name, [an_alert()])
        tx.alerts.tell("before", [an_alert(seen_at=MONDAY_NOON - MINUTE)])
        tx.events.append("taken-once", at=MONDAY_NOON, actor=ANA, kind=EventKind.ACKNOWLEDGED, data={})
        page = replace(a_page(), subject="loud", sent_at=MONDAY_NOON, requested_at=MONDAY_NOON)
        tx.pages.add(page)
        tx.pages.add(replace(page, step=1, sent_at=None))
        tx.pages.add(replace(page, step=2, requested_at=MONDAY_NOON + MINUTE))
        found = tx.alert_tally.between(MONDAY_NOON, MONDAY_NOON + MINUTE)
        assert {(one.group, one.name, one.fired, one.pages, one.acknowledged) for one in found} == {
            ("loud", "HighErrorRate", 3, 1, False),
            ("loud", "Slow", 1, 0, False),
            ("taken", "HighErrorRate", 1, 0, True),
            ("taken-once", "HighErrorRate", 1, 0, True),
            ("secret", "HighErrorRate", 1, 0, False),
            ("storm", "Storm", 1, 0, False),
        }
        assert [one for one in found if one.security] == [
            Fired(
                group="secret",
                name="HighErrorRate",
                service="api-gateway",
                channel="security-incidents",
                security=True,
                fired=1,
                pages=0,
                acknowledged=False,
            )
        ]

    await store.transaction("tally", body)
