from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alert import AlertSource, SilenceState
from bot.domain.alert_card import AlertCard, LinkedIncident
from bot.domain.errors import InvalidError
from bot.views.alert import alert_card
from bot.views.alert_buttons import (
    ACKNOWLEDGE,
    BUSINESS_DAY,
    DAY,
    DECLARE,
    ESCALATE,
    FOUR_HOURS,
    HOUR,
    LIST,
    MORE,
    SILENCE,
    UNACKNOWLEDGE,
    UNSILENCE,
    Pressed,
    decode,
    encode,
)
from tests.support.alert_cards import (
    ID,
    a_group,
    a_silence,
    a_storm,
    acknowledged,
    an_alert,
    an_alert_card,
    resolved,
    silenced,
)
from tests.support.cards import after
from tests.support.goldens import check_golden

NEW_YORK = ZoneInfo("America/New_York")
REASON = "#security-incidents is public: no details are posted here. Make it private."


def elements(shown: AlertCard) -> list[dict[str, Any]]:
    blocks = alert_card(shown).blocks
    return [one for block in blocks if block["type"] == "actions" for one in block["elements"]]


def visible(shown: AlertCard) -> list[Pressed]:
    return [decode(one["value"]) for one in elements(shown) if one["type"] == "button"]


def menu(shown: AlertCard) -> list[Pressed]:
    (overflow,) = [one for one in elements(shown) if one["type"] == "overflow"]
    assert overflow["action_id"] == MORE
    return [decode(option["value"]) for option in overflow["options"]]


def what(pressed: list[Pressed]) -> list[tuple[str, str]]:
    return [(one.action, one.length) for one in pressed]


def words(shown: AlertCard) -> str:
    return str(alert_card(shown, zone=NEW_YORK).blocks)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("alert-firing", an_alert_card()),
        ("alert-acknowledged", acknowledged()),
        ("alert-silenced", silenced()),
        ("alert-resolved", resolved()),
        ("alert-storm", a_storm()),
        ("alert-one", an_alert_card(alerts=(an_alert("node-1:9100"),), group=a_group(firing=1, resolved=0))),
    ],
)
def test_a_card_is_as_it_was_last_looked_at(name: str, shown: AlertCard) -> None:
    check_golden(name, alert_card(shown, zone=NEW_YORK))


def test_a_security_alert_where_outsiders_read_shows_its_number_and_why() -> None:
    shown = an_alert_card(group=a_group(security=True, summary="root login from 203.0.113.9"))

    card = alert_card(shown, redacted=REASON, zone=NEW_YORK)

    check_golden("alert-redacted", card)
    told = str(card.to_json())
    assert "Security alert A12" in told
    assert not any(secret in told for secret in ("root login", "HighErrorRate", "API Gateway", "node-"))


def test_two_buttons_are_seen_and_the_rest_is_in_the_menu() -> None:
    assert what(visible(an_alert_card())) == [(ACKNOWLEDGE, ""), (SILENCE, HOUR)]
    assert what(menu(an_alert_card())) == [
        (SILENCE, FOUR_HOURS),
        (SILENCE, DAY),
        (SILENCE, BUSINESS_DAY),
        (DECLARE, ""),
        (ESCALATE, ""),
    ]


def test_who_has_taken_it_can_give_it_back_and_need_not_take_it_again() -> None:
    assert what(visible(acknowledged())) == [(SILENCE, HOUR), (DECLARE, "")]
    assert (UNACKNOWLEDGE, "") in what(menu(acknowledged()))


def test_a_silence_can_be_ended_or_made_longer() -> None:
    assert what(visible(silenced())) == [(UNSILENCE, "")]
    assert (SILENCE, DAY) in what(menu(silenced()))


def test_what_is_over_has_no_buttons() -> None:
    assert elements(resolved()) == []


@pytest.mark.parametrize("source", [AlertSource.STORM, AlertSource.WATCHDOG])
def test_what_alertmanager_does_not_know_cannot_be_silenced(source: AlertSource) -> None:
    shown = an_alert_card(group=a_group(source=source))

    assert SILENCE not in {one.action for one in (*visible(shown), *menu(shown))}


def test_a_storm_is_acknowledged_at_once_and_listed() -> None:
    assert what(visible(a_storm())) == [(ACKNOWLEDGE, ""), (LIST, "")]


def test_what_belongs_to_an_open_incident_is_not_declared_again() -> None:
    incident = LinkedIncident(label="P0 #42", is_open=True, url="https://x.slack.com/archives/C1/p1")
    shown = an_alert_card(incident=incident)

    assert DECLARE not in {one.action for one in (*visible(shown), *menu(shown))}
    assert "Part of <https://x.slack.com/archives/C1/p1|P0 #42>" in words(shown)
    assert "part of P0 #42" in alert_card(shown).text


def test_it_is_named_when_it_comes_and_goes() -> None:
    shown = an_alert_card(group=a_group(flaps=3), flapping=True)

    assert "Firing, flapping" in words(shown)
    assert "fired 4 times" in words(shown)


def test_how_many_are_not_shown_is_said() -> None:
    shown = an_alert_card(more=37, group=a_group(truncated=5))

    assert "and 37 more, 5 of which Alertmanager left out" in words(shown)


def test_what_all_alerts_have_is_said_once() -> None:
    assert words(an_alert_card()).count("service=api-gateway") == 1


def test_a_silence_that_alertmanager_does_not_take_is_told_once_that_is_known() -> None:
    asked = a_silence(state=SilenceState.WANTED)
    told = replace(asked, told_at=after(6))

    assert "has not taken the silence" not in words(replace(silenced(), silence=asked))
    assert "has not taken the silence yet" in words(replace(silenced(), silence=told))


def test_a_silence_that_was_made_in_alertmanager_is_said_to_be() -> None:
    assert "in Alertmanager itself" in words(replace(silenced(), silence=a_silence(foreign=True)))


def test_a_refused_silence_is_told() -> None:
    shown = an_alert_card(silence=a_silence(state=SilenceState.FAILED))

    assert "Alertmanager refused the silence" in words(shown)


def test_why_it_is_silenced_is_said() -> None:
    shown = replace(silenced(), silence=a_silence(comment="deploying <!channel>"))

    assert "deploying &lt;!channel&gt;" in words(shown)


def test_a_host_that_may_not_be_linked_is_named() -> None:
    assert "wiki.example.net" in words(an_alert_card(unlinked=("wiki.example.net",)))


def test_a_service_that_the_guide_does_not_have_is_named() -> None:
    assert "Service “paymnt” is not in the guide" in words(an_alert_card(unknown_service="paymnt"))


def test_where_nobody_is_paged_that_is_said() -> None:
    assert "Nobody is paged for it" in words(an_alert_card(next_step=None, pages=()))


def test_where_its_incident_is_paged_nobody_is_said_to_be_unreached() -> None:
    incident = LinkedIncident(label="P0 #42", is_open=True)
    shown = an_alert_card(next_step=None, pages=(), incident=incident)

    assert "Nobody is paged" not in words(shown)
    assert "Nobody is paged" in words(replace(shown, incident=replace(incident, is_open=False)))


def test_a_link_that_takes_too_much_room_is_left_out() -> None:
    graph = f"https://prometheus.example.com/graph?{'a' * 1800}"

    assert "prometheus" not in words(an_alert_card(graph_url=graph))


def test_a_button_carries_group_and_epoch() -> None:
    shown = an_alert_card(group=a_group(epoch=7))

    assert {(one.id, one.epoch) for one in (*visible(shown), *menu(shown))} == {(ID, 7)}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "alert.acknowledge",
        f"alert.acknowledge||{ID}",
        f"alert.acknowledge|1h|{ID}:1",
        f"alert.silence||{ID}:1",
        f"alert.silence|10y|{ID}:1",
        f"alert.delete||{ID}:1",
        f"alert.list|1|{ID}:1",
        "alert.acknowledge||:1",
        f"alert.acknowledge||{ID}:٣",
        f"alert.acknowledge||{ID}:99999999999",
    ],
)
def test_a_value_of_no_card_is_refused(value: str) -> None:
    with pytest.raises(InvalidError, match="cannot be read"):
        decode(value)


def test_a_value_is_read_as_it_was_written() -> None:
    pressed = Pressed(action=SILENCE, id=ID, epoch=3, length=BUSINESS_DAY)

    assert decode(encode(pressed)) == pressed


def test_what_began_on_another_day_is_dated() -> None:
    group = a_group(changed_at=after(60 * 48))

    assert "2026-03-10" in words(an_alert_card(group=group))
