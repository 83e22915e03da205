from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.card import IncidentCard, NextStep
from bot.domain.errors import InvalidError
from bot.domain.incident import Status
from bot.domain.severity import Severity
from bot.views.incident import (
    ACKNOWLEDGE,
    CHANGE_SEVERITY,
    DO_MORE,
    ESCALATE,
    GIVE_ROLES,
    MITIGATE,
    MORE,
    REOPEN,
    RESOLVE,
    Choice,
    Target,
    card,
    decode_choice,
    decode_target,
    encode_choice,
    encode_target,
)
from tests.support.cards import ANA, DECLARED, SILENT, a_card, a_page, after, an_incident
from tests.support.goldens import check_golden

NEW_YORK = ZoneInfo("America/New_York")
REASON = "#security-incidents is public: no details are posted here. Make it private."


def acknowledged() -> IncidentCard:
    incident = an_incident(status=Status.ACKNOWLEDGED, acknowledged_by=ANA, acknowledged_at=after(3))
    return a_card(incident=incident, next_step=None)


def resolved() -> IncidentCard:
    incident = replace(
        acknowledged().incident,
        status=Status.RESOLVED,
        ended_by=ANA,
        ended_at=after(40),
        update="rolled back, error rate falling",
    )
    return a_card(incident=incident, next_step=None)


def elements(shown: IncidentCard) -> list[dict[str, Any]]:
    return [one for block in card(shown).blocks if block["type"] == "actions" for one in block["elements"]]


def menu(shown: IncidentCard) -> list[Choice]:
    (overflow,) = [element for element in elements(shown) if element["type"] == "overflow"]
    assert overflow["action_id"] == MORE
    return [decode_choice(option["value"]) for option in overflow["options"]]


def words(shown: IncidentCard) -> str:
    return str(card(shown, zone=NEW_YORK).blocks)


def test_a_triggered_card_is_as_it_was_last_looked_at() -> None:
    check_golden("card-triggered", card(a_card(), zone=NEW_YORK))


def test_an_acknowledged_card_is_as_it_was_last_looked_at() -> None:
    check_golden("card-acknowledged", card(acknowledged(), zone=NEW_YORK))


def test_a_mitigated_card_is_as_it_was_last_looked_at() -> None:
    incident = replace(acknowledged().incident, status=Status.MITIGATED, mitigated_at=after(20))
    check_golden("card-mitigated", card(a_card(incident=incident, next_step=None), zone=NEW_YORK))


def test_a_resolved_card_is_as_it_was_last_looked_at() -> None:
    check_golden("card-resolved", card(resolved(), zone=NEW_YORK))


def test_a_cancelled_card_is_as_it_was_last_looked_at() -> None:
    incident = an_incident(status=Status.CANCELLED, ended_by=ANA, ended_at=after(4))
    check_golden("card-cancelled", card(a_card(incident=incident, next_step=None), zone=NEW_YORK))


def test_a_merged_card_is_as_it_was_last_looked_at() -> None:
    incident = an_incident(status=Status.MERGED, merged_into=41, ended_by=ANA, ended_at=after(4))
    url = "https://example-ops.slack.com/archives/C1/p1"
    check_golden("card-merged", card(a_card(incident=incident, merged_url=url), zone=NEW_YORK))


def test_a_card_that_pages_nobody_is_as_it_was_last_looked_at() -> None:
    incident = an_incident(severity=Severity.P3, path=SILENT, next_step=0, service=None)
    step = NextStep(title="Platform Team", due=after(60 * 24), pages=False)
    shown = a_card(incident=incident, next_step=step, pages=(), service=None, dashboards=())
    check_golden("card-p3", card(shown, zone=NEW_YORK))


def test_a_redacted_card_is_as_it_was_last_looked_at() -> None:
    incident = an_incident(security=True, title="token leaked", channel="security-incidents")
    check_golden("card-redacted", card(a_card(incident=incident), redacted=REASON, zone=NEW_YORK))


def test_a_card_of_every_kind_of_page_is_as_it_was_last_looked_at() -> None:
    pages = (
        a_page(0, DECLARED),
        a_page(1, after(15), told_at=after(16)),
        a_page(2, after(30), via=None, accepted_at=None),
        a_page(3, after(45), tier="boss", title="Boss", accepted_at=None),
        a_page(4, after(60), tier="chief", title="Chief", accepted_at=None, told_at=after(61)),
        a_page(5, after(75), tier="owner", title="Owner", accepted_at=None, dropped_at=after(76)),
        a_page(0, after(80), epoch=0),
    )
    check_golden("card-pages", card(a_card(pages=pages), zone=NEW_YORK))


def test_the_first_three_blocks_say_what_counts_at_night() -> None:
    headline, situation, buttons = card(a_card()).blocks[:3]
    assert headline["text"]["text"] == "P0 #42 · checkout is down"
    assert "Not acknowledged" in situation["text"]["text"]
    assert "*Team Lead* is paged" in situation["text"]["text"]
    assert buttons["elements"][0]["action_id"] == ACKNOWLEDGE


def test_a_triggered_card_offers_to_acknowledge_and_to_resolve() -> None:
    assert [one["action_id"] for one in elements(a_card())] == [ACKNOWLEDGE, RESOLVE, MORE]


def test_an_acknowledged_card_offers_only_to_resolve() -> None:
    assert [one["action_id"] for one in elements(acknowledged())] == [RESOLVE, MORE]


def test_a_card_that_is_over_offers_only_to_reopen() -> None:
    assert [one["action_id"] for one in elements(resolved())] == [REOPEN]


def test_resolving_asks_first() -> None:
    assert elements(a_card())[1]["confirm"]["title"]["text"] == "Resolve P0 #42?"


def test_the_menu_has_the_rest() -> None:
    chosen = [choice.action for choice in menu(a_card())]
    assert chosen == [ESCALATE, MITIGATE, CHANGE_SEVERITY, GIVE_ROLES, DO_MORE]


def test_buttons_and_menu_carry_incident_and_epoch() -> None:
    shown = a_card(incident=an_incident(epoch=7))
    target = Target(id=shown.incident.id, epoch=7)
    assert decode_target(elements(shown)[0]["value"]) == target
    assert {choice.target for choice in menu(shown)} == {target}


def test_a_runbook_without_an_address_is_no_dead_link() -> None:
    shown = a_card(runbook=replace(a_card().runbook, url=None))
    assert "Payment Service Operations (set `runbooks.base`" in words(shown)


def test_links_of_the_guide_keep_their_scheme() -> None:
    assert "<http://grafana.example.com/d/health?a=1&amp;b=2|Service Health>" in words(a_card())


def test_a_link_that_is_no_web_address_is_only_its_name() -> None:
    shown = a_card(runbook=replace(a_card().runbook, url="javascript:alert(1)"))
    assert "javascript" not in words(shown)


def test_a_page_that_cannot_be_confirmed_says_so() -> None:
    shown = a_card(pages=(a_page(0, DECLARED),), confirmable=False)
    assert "accepted, not confirmable" in words(shown)


def test_repeated_pages_of_a_tier_are_one_part_of_the_line() -> None:
    shown = a_card(pages=tuple(a_page(step, after(15 * step)) for step in range(2, 6)))
    assert "Director paged 4 times, last <!date^" in words(shown)


def test_a_redacted_card_holds_no_text_of_people() -> None:
    incident = an_incident(security=True, title="token leaked", update="rotating it", acknowledged_by=ANA)
    shown = a_card(incident=replace(incident, status=Status.ACKNOWLEDGED), service="Vault")
    body = str(card(shown, redacted=REASON).to_json())
    assert "Security incident 42, P0" in body
    for secret in ("token", "rotating", "Ana", "Kim", "Vault", "grafana", "runbook", "Payment"):
        assert secret.lower() not in body.lower()


def test_a_title_longer_than_a_headline_is_shown_whole_below_it() -> None:
    title = "word " * 39 + "end"
    shown = a_card(incident=an_incident(title=title))
    assert card(shown).blocks[1]["text"]["text"] == title


@pytest.mark.parametrize("value", ["", "abc", ":1", "abc:", "abc:x", "abc:-1", "abc:٣", "abc:99999999999"])
def test_a_value_that_is_none_of_ours_is_refused(value: str) -> None:
    with pytest.raises(InvalidError):
        decode_target(value)


@pytest.mark.parametrize(
    "value",
    ["", "a|b", "incident.escalate|a", "incident.escalate|:1", "incident.cancel|a:1", "x|a:1"],
)
def test_a_choice_that_is_none_of_ours_is_refused(value: str) -> None:
    with pytest.raises(InvalidError):
        decode_choice(value)


def test_what_is_encoded_is_decoded() -> None:
    choice = Choice(action=CHANGE_SEVERITY, target=Target(id="a:b", epoch=3))
    assert decode_choice(encode_choice(choice)) == choice
    assert decode_target(encode_target("a:b", 3)) == Target(id="a:b", epoch=3)
