"""Whatever an alert says, its card is a message that Slack takes and that is inert."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.alert import Alert, AlertSource, AlertStatus
from bot.domain.alert_card import AlertCard, LinkedIncident, StormShare, newest
from bot.domain.card import NextStep
from bot.domain.links import outside_link
from bot.domain.severity import Severity
from bot.sandbox.slack.limits import check_message as check_in_stand_in
from bot.views.alert import alert_card
from tests.support.alert_cards import a_group, a_silence, an_alert, an_alert_card
from tests.support.cards import a_page, after
from tests.support.slack_limits import check_message, tokens
from tests.unit.views.test_any_text import texts

HOSTS = frozenset({"grafana.example.com"})
MEANT = (
    "!date^",
    "https://docs.example.com/",
    "http://grafana.example.com/",
    "https://grafana.example.com",
    "https://x.slack.com/",
)
urls = st.one_of(texts, texts.map("https://grafana.example.com/".__add__), texts.map("https://".__add__))
labels = st.one_of(
    st.dictionaries(texts, texts, max_size=5),
    st.builds(lambda text, many: {f"{text}{n}": text for n in range(many)}, texts, st.integers(1, 300)),
)


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    over = draw(st.none() | st.just(after(9)))
    return an_alert(
        draw(texts),
        starts_at=after(draw(st.integers(0, 5))),
        labels=draw(labels),
        ends_at=over,
        annotations=draw(st.fixed_dictionaries({}, optional={"burn": texts, "budget": texts})),
    )


@st.composite
def cards(draw: st.DrawFn) -> AlertCard:
    who, text = Actor(id=draw(texts), name=draw(texts)), draw(texts)
    group = a_group(
        source=draw(st.sampled_from(AlertSource)),
        status=draw(st.sampled_from(AlertStatus)),
        name=draw(texts),
        summary=draw(texts),
        severity=draw(st.sampled_from(Severity)),
        flaps=draw(st.integers(0, 9)),
        acknowledged_by=draw(st.sampled_from([None, who])),
        acknowledged_at=after(1),
        silenced_by=who,
        silenced_until=draw(st.none() | st.just(after(99))),
        resolved_at=draw(st.none() | st.just(after(9))),
        truncated=draw(st.integers(0, 10**6)),
    )
    listed = newest(draw(st.lists(alerts(), max_size=10)))
    usual = an_alert_card()
    incident = LinkedIncident(label="P0 #42", is_open=True, url="https://x.slack.com/archives/C1/p1")
    return replace(
        usual,
        group=group,
        alerts=listed,
        more=draw(st.integers(0, 10**6)),
        service=draw(st.none() | texts),
        unknown_service=draw(st.none() | texts),
        team=text,
        runbook=replace(usual.runbook, title=text, url=draw(st.sampled_from([None, usual.runbook.url]))),
        runbook_url=outside_link(draw(urls), HOSTS),
        dashboard_url=outside_link(draw(urls), HOSTS),
        graph_url=outside_link(draw(urls), HOSTS),
        alertmanager_url=outside_link(draw(urls), HOSTS),
        unlinked=tuple(draw(st.lists(texts, max_size=2))),
        next_step=NextStep(title=text, due=after(15), pages=draw(st.booleans())),
        pages=tuple(a_page(n, after(n), tier=str(n), title=text) for n in range(draw(st.integers(0, 20)))),
        incident=draw(st.sampled_from([None, incident])),
        silence=a_silence(comment=text),
        storm=tuple(
            StormShare(service=f"{text}{n}", severity=Severity.P1, groups=n, firing=n)
            for n in range(draw(st.integers(0, 60)))
        ),
        flapping=draw(st.booleans()),
    )


@given(cards(), st.none() | texts)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_label_breaks_slacks_limits_or_mentions_or_links(shown: AlertCard, redacted: str | None) -> None:
    body = alert_card(shown, redacted=redacted).to_json()
    check_message(body)
    check_in_stand_in(body["blocks"])
    assert [token for token in tokens(body) if not token.startswith(MEANT)] == []
