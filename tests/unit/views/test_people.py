"""Contacts, who is on call, and calls: as they were last looked at, and whatever anybody wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.call import REASON_LIMIT, Call, CallState
from bot.domain.call_card import CallCard
from bot.domain.card import NextStep
from bot.domain.errors import InvalidError
from bot.domain.guide import Contact, Mention, Vendor
from bot.domain.on_call import Shift, Source, TierDuty
from bot.domain.page import PageRecord, page_key
from bot.domain.severity import Severity
from bot.domain.text import clean
from bot.sandbox.slack.limits import check_view
from bot.views.people.call import call_card, call_list
from bot.views.people.call_buttons import CANCEL, PAGE, Pressed, asked_buttons, decode, encode
from bot.views.people.contacts import contacts_message
from bot.views.people.help import contacts_help, on_call_help, page_help
from bot.views.people.on_call import Owned, on_call_message
from bot.views.people.page_asked import Form, Question, not_paged, page_form, paged_view, question, read_form
from tests.support.builders import ANA, LEE, TITLES, a_call, a_directory, a_guide
from tests.support.clock import MONDAY_NOON
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message, tokens
from tests.unit.views.test_any_text import texts

HOUR = timedelta(hours=1)
NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
MEANT = ("!date^", "#C0", "mailto:", "https://", "http://")


def a_page(call: Call, step: int = 0, **changes: Any) -> PageRecord:
    page = PageRecord(
        subject=call.id,
        epoch=1,
        step=step,
        tier=call.tier,
        title=call.tier_title,
        via=call.tier,
        key=page_key(call.id, 1, step),
        level=None,
        past_acknowledgement=False,
        requested_at=call.called_at,
        sent_at=call.called_at,
        accepted_at=call.called_at,
    )
    return replace(page, **changes)


def a_card(call: Call | None = None, **changes: Any) -> CallCard:
    shown = call or a_call()
    step = NextStep(title="Team Lead", due=(MONDAY_NOON + HOUR).astimezone(NEW_YORK), pages=True)
    card = CallCard(call=shown, team="Platform Team", pages=(a_page(shown),), next_step=step)
    return replace(card, **changes)


def channel_id(key: str) -> str | None:
    return {"platform-alerts": "C0ALERTS1"}.get(key)


DUTIES = (
    TierDuty(
        tier="on-call",
        title="On-call Engineer",
        source=Source.PAGERDUTY,
        now=(Shift(who=ANA, zone=NEW_YORK, ends=MONDAY_NOON + 21 * HOUR),),
        next=(Shift(who=LEE, zone=BERLIN, starts=MONDAY_NOON + 21 * HOUR),),
    ),
    TierDuty(
        tier="team-lead",
        title="Team Lead",
        source=Source.PAGERDUTY,
        now=(Shift(who=LEE, zone=BERLIN),),
        as_of=MONDAY_NOON - HOUR / 5,
        trouble="PagerDuty could not be reached for who is on call: no connection in time.",
    ),
    TierDuty(
        tier="director",
        title="Director",
        source=Source.GUIDE,
        now=(Shift(who=ANA), Shift(who=LEE)),
        trouble="Director has no PagerDuty routing key.",
    ),
)


def test_who_is_on_call_is_as_it_was_last_looked_at() -> None:
    guide, directory = a_guide(), a_directory()
    owned = Owned(
        team=guide.teams["platform-team"],
        service=guide.services["payment"],
        paths=[(one, directory.path(one)) for one in (Severity.P0, Severity.P1)],
    )
    shown = on_call_message(DUTIES, MONDAY_NOON, guide=guide, channel_id=channel_id, owned=owned)
    check_golden("on-call", shown)


def test_contacts_are_as_they_were_last_looked_at() -> None:
    guide = a_guide()
    aws = replace(guide.vendors["aws-support"], contact="https://support.example.com, account 42")
    shown = contacts_message(
        guide.contacts,
        tuple(guide.teams.values()),
        (aws, *tuple(guide.vendors.values())[1:]),
        guide=guide,
        channel_id=channel_id,
    )
    check_golden("contacts", shown)


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("call-waiting", a_card()),
        ("call-answered", a_card(a_call().closed(CallState.ANSWERED, LEE, MONDAY_NOON + HOUR / 6))),
        ("call-off", a_card(a_call().closed(CallState.CALLED_OFF, ANA, MONDAY_NOON + HOUR / 6))),
        ("call-unreached", a_card(pages=(a_page(a_call(), via=None, accepted_at=None),))),
    ],
)
def test_a_calls_card_is_as_it_was_last_looked_at(name: str, card: CallCard) -> None:
    check_golden(name, call_card(card, zone=NEW_YORK))


ASKED = Question(
    call="p3",
    asked=MONDAY_NOON,
    tier=a_guide().tiers["team-lead"],
    reason="the provider is on the phone",
    channel="platform-alerts",
    again=HOUR,
    unreached="has no PagerDuty routing key",
    own=True,
)


def test_the_question_is_as_it_was_last_looked_at() -> None:
    check_golden("call-question", question(ASKED, DUTIES[0], MONDAY_NOON))
    check_golden(
        "call-question-unknown", question(replace(ASKED, unreached=None, own=False), None, MONDAY_NOON)
    )


@pytest.mark.parametrize("message", [contacts_help(), on_call_help(TITLES), page_help(TITLES)])
def test_help_is_taken_by_slack(message: Any) -> None:
    check_message(message.to_json())


@given(a=texts, b=texts, c=texts, state=st.sampled_from(CallState), many=st.integers(1, 30))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_anybody_writes_is_inert_and_fits(
    a: str, b: str, c: str, state: CallState, many: int
) -> None:
    who, guide = Actor(id="U1", name=a), a_guide()
    call = a_call(reason=b, called_by=who, state=state)
    if state is not CallState.WAITING:
        call = replace(call, closed_by=who, closed_at=MONDAY_NOON)
    card, there = a_card(call), (Shift(who=who, zone=BERLIN),) * many
    duty = replace(DUTIES[0], title=c, trouble=b, as_of=MONDAY_NOON, now=there)
    by_guide, unknown = replace(duty, source=Source.GUIDE), replace(duty, source=Source.NOBODY, now=())
    mention = Mention(groups=("S1", "S2"), people=("U1",))
    team = replace(guide.teams["platform-team"], title=a, email=b, mention=mention)
    contact, vendor = Contact(title=a, how=b, channel="platform-alerts"), Vendor(key="x", title=a, purpose=b)
    owned = Owned(team=team, service=None, paths=[])
    places: dict[str, Any] = {"guide": guide, "channel_id": channel_id}
    shown = (
        call_card(card),
        call_list([card] * many, MONDAY_NOON),
        question(replace(ASKED, reason=clean(b, REASON_LIMIT), unreached=c), duty, MONDAY_NOON),
        not_paged("team-lead", b),
        on_call_message((duty, by_guide, unknown) * 3, MONDAY_NOON, **places),
        on_call_message((duty,), MONDAY_NOON, owned=owned, **places),
        contacts_message([contact] * many, [team] * many, [replace(vendor, contact=c)] * many, **places),
    )
    for message in shown:
        body = message.to_json()
        check_message(body)
        assert all(token.startswith(MEANT) for token in tokens(body))


@given(
    call=st.uuids().map(str), reason=st.text(st.characters(codec="utf-8"), min_size=1, max_size=REASON_LIMIT)
)
def test_a_button_gives_back_what_it_was_given(call: str, reason: str) -> None:
    for action in (PAGE, CANCEL):
        pressed = Pressed(action=action, id=call, tier="team-lead", reason=reason, asked=MONDAY_NOON)
        assert decode(encode(pressed)) == pressed
        asked_buttons(pressed, "Team Lead")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "call.page",
        "call.page|p3",
        "call.page|p3|1||",
        "call.page|p3||x|y",
        "call.acknowledge|p3||x|",
        "x|p3||",
    ],
)
def test_a_value_that_no_button_has_is_refused(value: str) -> None:
    with pytest.raises(InvalidError, match="cannot be read"):
        decode(value)


def test_the_form_is_taken_by_slack_and_gives_back_what_is_filled_in() -> None:
    form = Form(
        call="p3", asked=MONDAY_NOON, tier="director", reason="sign off", channel="C1", channel_name="general"
    )
    view = page_form(form, a_guide())
    check_view(view)
    check_view(paged_view("PG3: Director is being paged."))
    values = {
        "tier": {"tier": {"selected_option": {"value": "director"}}},
        "reason": {"reason": {"value": "sign off"}},
    }
    assert read_form(view | {"state": {"values": values}}) == form
    empty = read_form(view | {"state": {"values": {}}})
    assert (empty.tier, empty.reason) == (None, "")


@pytest.mark.parametrize(
    "view", [{}, {"state": {"values": {}}}, {"state": {"values": {}}, "private_metadata": "[1"}]
)
def test_what_is_no_form_of_ours_is_refused(view: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match="cannot be read"):
        read_form(view)


def test_who_is_there_in_the_night_reads_their_own_clock() -> None:
    at = datetime(2026, 11, 24, 2, tzinfo=UTC)
    shown = on_call_message(DUTIES[1:2], at, guide=a_guide(), channel_id=channel_id)
    assert "03:00 CET where they are" in str(shown.blocks)
