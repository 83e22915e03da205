"""Whatever people and other systems write, every view is a message that Slack takes and that is inert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.alert import AlertState
from bot.domain.card import IncidentCard, LinkedAlert, LinkedAlerts, Mentions, NextStep
from bot.domain.event import EventKind
from bot.domain.guide import Mention
from bot.domain.incident import Room, Status
from bot.domain.severity import Severity
from bot.views.alert_links import linked_list
from bot.views.blocks import Message
from bot.views.help import help_message
from bot.views.incident import card
from bot.views.notice import notice
from bot.views.replies import (
    answer,
    incident_details,
    incident_list,
    refusal,
    unknown_word,
)
from bot.views.thread import line
from bot.views.timeline import timeline
from bot.views.times import times_message
from tests.support.cards import a_card, a_history, a_page, after, an_event, an_incident
from tests.support.slack_limits import check_message, tokens

NASTY = [
    "<!channel>",
    "<!here|x>",
    "<@U0ANA0001>",
    "<!subteam^S1>",
    "<https://evil.example|click>",
    "https://evil.example",
    "&lt;!here&gt;",
    "*bold*",
    "_it_",
    "~s~",
    "`code`",
    "```",
    "> quote",
    ":fire:",
    "\u202e\u2066",
    "\x00\n\r\t",
    "🔥",
    "👩\u200d🚒",
    "e\u0301",
    "&",
    "<",
    ">",
    "|",
    "#general",
    "@here",
    "\ud800",
]
texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(NASTY), max_size=30).map(" ".join),
    st.builds(lambda one, many: (one * many)[:10_000], st.sampled_from(NASTY), st.integers(1, 10_000)),
)
MEANT = (
    "!date^",
    "!subteam^S0LEADS01",
    "@U0DIA0001",
    "#C0ROOM001",
    "https://docs.example.com/",
    "http://grafana.example.com/",
    "https://acme.slack.com/",
)


@st.composite
def cards(draw: st.DrawFn) -> IncidentCard:
    who = Actor(id=draw(texts), name=draw(texts))
    incident = an_incident(
        title=draw(texts),
        status=draw(st.sampled_from(Status)),
        severity=draw(st.sampled_from(Severity)),
        declared_by=who,
        acknowledged_by=who,
        acknowledged_at=after(1),
        ended_by=who,
        update=draw(st.none() | texts),
    )
    name = draw(texts)
    base = a_card()
    pages = tuple(
        a_page(step, after(step), tier=str(step % 7), title=draw(texts))
        for step in range(draw(st.integers(0, 20)))
    )
    return a_card(
        incident=incident,
        next_step=NextStep(title=name, due=after(15), pages=draw(st.booleans())),
        pages=pages,
        service=draw(st.none() | texts),
        team=name,
        runbook=replace(base.runbook, title=draw(texts), url=draw(st.sampled_from([None, base.runbook.url]))),
        dashboards=tuple(replace(board, title=name) for board in base.dashboards * draw(st.integers(0, 9))),
        alerts=draw(st.none() | linked_alerts()),
    )


@st.composite
def linked_alerts(draw: st.DrawFn) -> LinkedAlerts:
    """Alerts that say what they like; their cards' addresses are Slack's."""
    url = draw(st.sampled_from([None, "https://acme.slack.com/archives/C0OPS0001/p1"]))
    listed = st.builds(
        LinkedAlert,
        label=st.just("A12"),
        name=texts,
        severity=st.sampled_from(Severity),
        state=st.sampled_from(AlertState),
        url=st.just(url),
    )
    return LinkedAlerts(
        firing=draw(st.integers(0, 999)), resolved=0, shown=tuple(draw(st.lists(listed, max_size=20)))
    )


def everything(shown: IncidentCard, text: str, kind: EventKind) -> Iterator[Message]:
    """Every view, with the same text wherever one can stand."""
    data = dict.fromkeys(
        (
            "text",
            "title",
            "alerts",
            "worse",
            "to",
            "reason",
            "tried",
            "asked",
            "status",
            "delivery",
            "from",
            "name",
        ),
        text,
    )
    event = an_event(kind, {**data, "step": 1}, actor=Actor(id="x", name=text))
    leads = Mentions(who=Mention(groups=("S0LEADS01",), people=("U0DIA0001",)), names=(text,))
    yield card(shown)
    yield card(shown, redacted=text)
    with_room = replace(shown, incident=replace(shown.incident, room=Room(id="C0ROOM001", name="inc-42")))
    yield notice(with_room)
    yield notice(with_room, redacted=text)
    yield line(event, shown, leads, labelled=True)
    yield line(event, shown, Mentions(who=Mention(), names=(text, text)), redacted=True)
    yield answer(text, repeated=True)
    yield refusal(text)
    yield refusal(unknown_word(text, text))
    yield help_message({text: text, "payment": text})
    yield incident_list([shown] * 45, after(0) + timedelta(days=1))
    yield incident_details(shown, a_history(*[event] * 40))
    yield timeline(shown, a_history(*[event] * 40))
    yield linked_list(shown)
    yield linked_list(shown, redacted=True)
    yield times_message(shown)
    yield times_message(shown, redacted=True)
    yield incident_details(shown, a_history(event), redacted=True)
    yield timeline(shown, a_history(event), redacted=True)


@given(cards(), texts, st.sampled_from(EventKind))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_text_breaks_slacks_limits_or_mentions_or_links(
    shown: IncidentCard, text: str, kind: EventKind
) -> None:
    for message in everything(shown, text, kind):
        body = message.to_json()
        check_message(body)
        assert [token for token in tokens(body) if not token.startswith(MEANT)] == []
