from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.browser.access import faint, nameless
from tests.browser.screen import Screen, shows
from tests.support.browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def listed(screen: Screen, name: str) -> Locator:
    """What a list of the part for alerts holds."""
    return screen.alerts.get_by_role("list", name=name).get_by_role("listitem")


async def test_an_alert_is_sent_silenced_in_alertmanager_and_resolved(screen: Screen) -> None:
    await screen.unfold(screen.alerts)
    await screen.button("Send", screen.alerts).first.click()
    await shows(screen.alerts, "1 firing")
    await shows(screen.alerts, "opsbot took the notification (1 firing).")
    await screen.button("Silence HighErrorRate for an hour", screen.alerts).click()
    await shows(screen.alerts, "1 firing, 1 silenced")
    await shows(listed(screen, "Silences"), "alertname=HighErrorRate, service=")
    await screen.button("Expire the silence", screen.alerts).click()
    await expect(listed(screen, "Silences")).to_have_count(0)
    await screen.button("Resolve HighErrorRate", screen.alerts).click()
    await shows(screen.alerts, "Nothing is firing.")


async def test_an_alert_is_sent_and_everybody_sees_on_its_card_who_acknowledged(screen: Screen) -> None:
    await screen.unfold(screen.alerts)
    await screen.alerts.get_by_label("Alert", exact=True).select_option("payment-errors")
    await screen.button("Send", screen.alerts).first.click()
    await shows(screen.messages, "12.4% of the Payment Service's requests fail")
    await shows(screen.paging, "Ana Ortiz")
    await screen.become("Lee Novak")
    await screen.button("Acknowledge", screen.messages).click()
    await screen.become("Ana Ortiz")
    await shows(screen.messages, "Acknowledged by lee")
    await shows(screen.paging, "Acknowledged through opsbot")


async def test_an_alert_is_silenced_on_its_card_and_the_silence_ended_in_alertmanager(screen: Screen) -> None:
    await screen.unfold(screen.alerts)
    await screen.button("Send", screen.alerts).first.click()
    await screen.button("Silence 1 h", screen.messages).click()
    await shows(listed(screen, "Silences"), "alertname=HighErrorRate, service=")
    await shows(screen.messages, "Silenced")
    await screen.button("Expire the silence", screen.alerts).click()
    await expect(listed(screen, "Silences")).to_have_count(0)


async def test_an_incident_is_declared_from_a_card(screen: Screen) -> None:
    await screen.unfold(screen.alerts)
    await screen.button("Send", screen.alerts).first.click()
    await screen.messages.get_by_label("More actions").click()
    await screen.messages.get_by_text("Declare incident", exact=True).click()
    await screen.button("Declare", screen.dialog).click()
    await shows(screen.messages, "Not acknowledged")
    await shows(screen.messages, "#1")


@pytest.mark.parametrize("look", [PHONE])
async def test_a_storm_is_sent_and_all_of_it_resolved(screen: Screen) -> None:
    await screen.page.get_by_role("button", name="Paging").click()
    await screen.unfold(screen.alerts)
    await screen.button("Send the storm", screen.alerts).click()
    await shows(screen.alerts, "120 firing")
    await shows(listed(screen, "Firing").last, "and 90 more")
    assert await nameless(screen.page) == []
    assert await faint(screen.page) == []
    await screen.button("Resolve all 120", screen.alerts).click()
    await shows(screen.alerts, "none firing")


async def test_a_great_storm_is_counted_while_it_comes(screen: Screen) -> None:
    await screen.unfold(screen.alerts)
    await screen.alerts.get_by_label("Storm", exact=True).select_option(
        "of 10,000 alerts in 500 groups, within 60 s"
    )
    await screen.button("Send the storm", screen.alerts).click()
    await screen.settled()
    await screen.forward("+1 min")
    await shows(screen.alerts, "10,000 firing")
    await shows(listed(screen, "Firing").last, "and 9,970 more")


async def test_an_alert_flaps_by_itself(screen: Screen) -> None:
    await screen.unfold(screen.alerts)
    await screen.button("Flap", screen.alerts).click()
    for says in ("1 firing", "none firing", "1 firing"):
        await shows(screen.alerts, says)
        await screen.forward("+1 min")
