from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import OPSBOT, Actor, pagerduty_person
from bot.domain.alert import AlertGroup, AlertState, AlertStatus
from bot.domain.alert_link import (
    News,
    becomes_incident,
    carries,
    check_is_asked,
    check_may_link,
    linked,
    news_of,
    next_news,
    not_yet,
    still_firing,
    takes_in,
    tell,
)
from bot.domain.alert_policy import WhenResolved
from bot.domain.card import LinkedAlert, LinkedAlerts
from bot.domain.errors import AlreadyError, InvalidError, StaleError
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.outcome import Outcome, PagesResolved
from bot.domain.severity import Severity
from tests.support.builders import ANA, an_alert_group, an_incident
from tests.support.clock import MONDAY_NOON as NOW

HOUR = timedelta(hours=1)
FIRING, RESOLVED = AlertStatus.FIRING, AlertStatus.RESOLVED


def of_payment(**changes: Any) -> AlertGroup:
    """A12 of the payment service, which `an_incident` is about, too."""
    return an_alert_group(**{"service": "payment", **changes})


def resolved(**changes: Any) -> AlertGroup:
    return of_payment(status=RESOLVED, firing=0, resolved=1, resolved_at=NOW, **changes)


def told(
    incident: Incident, *groups: AlertGroup, news: News, when: WhenResolved, whom: Actor | None = ANA
) -> Outcome:
    return tell(incident, groups, news, NOW, when_resolved=when, whom=whom)


@pytest.mark.parametrize(
    ("incident", "group"),
    [
        (an_incident(service="search"), of_payment()),
        (an_incident(service=None), of_payment(service=None)),
        (an_incident(drill=True), of_payment()),
        (an_incident(security=True), of_payment()),
        (an_incident(), of_payment(security=True)),
        (an_incident(status=Status.RESOLVED), of_payment()),
    ],
)
def test_what_has_nothing_in_common_stays_apart(incident: Incident, group: AlertGroup) -> None:
    assert not takes_in(incident, group, NOW, HOUR, None)


@pytest.mark.parametrize(
    ("declared", "newest", "taken"),
    [
        (NOW - HOUR, None, True),
        (NOW - 2 * HOUR, None, False),
        (NOW - 2 * HOUR, NOW - HOUR, True),
        (NOW - 3 * HOUR, NOW - 2 * HOUR, False),
    ],
)
def test_an_incident_takes_in_alerts_while_it_or_its_alerts_are_young(
    declared: datetime, newest: datetime | None, taken: bool
) -> None:
    assert takes_in(an_incident(declared_at=declared), of_payment(), NOW, HOUR, newest) is taken


def test_an_open_incident_that_is_at_least_as_severe_is_paged_for_it() -> None:
    incident = an_incident(severity=Severity.P1)
    assert carries(incident, of_payment(severity=Severity.P1))
    assert carries(incident, of_payment(severity=Severity.P2))
    assert not carries(incident, of_payment(severity=Severity.P0))
    assert not carries(replace(incident, status=Status.RESOLVED), of_payment(severity=Severity.P2))


def test_only_what_nobody_has_taken_becomes_an_incident() -> None:
    assert becomes_incident(of_payment(), None)
    assert becomes_incident(of_payment(incident="i42"), an_incident(status=Status.RESOLVED))
    for group in (of_payment(acknowledged_by=ANA), of_payment(silenced_until=NOW), resolved()):
        assert not becomes_incident(group, None)
    assert not becomes_incident(of_payment(incident="i42"), an_incident())


def test_what_does_not_go_together_is_refused_in_words() -> None:
    with pytest.raises(AlreadyError, match="A12 belongs to #7 already: `/incident unlink A12` first"):
        check_may_link(of_payment(incident="i7"), an_incident(), an_incident(number=7), NOW)
    over = an_incident(number=7, status=Status.RESOLVED)
    check_may_link(of_payment(incident="i7"), an_incident(), over, NOW)
    with pytest.raises(InvalidError, match="Nothing goes on there"):
        check_may_link(of_payment(), an_incident(status=Status.RESOLVED), None, NOW)
    with pytest.raises(InvalidError, match="security incidents only"):
        check_may_link(of_payment(security=True), an_incident(), None, NOW)
    with pytest.raises(InvalidError, match="security incidents only"):
        check_may_link(of_payment(), an_incident(security=True), None, NOW)
    with pytest.raises(InvalidError, match="no drill"):
        check_may_link(of_payment(), an_incident(drill=True), None, NOW)


def test_what_came_and_is_over_already_is_told_as_both() -> None:
    group = resolved()
    assert news_of([group], {}) == News(joined=(group,), resolved=(group,))
    assert not news_of([group], {group.id: RESOLVED})
    assert news_of([of_payment()], {"g12": RESOLVED}) == News(firing=(of_payment(),))


def test_one_line_names_all_alerts_that_are_resolved_and_counts_what_fires() -> None:
    groups = [resolved(), resolved(id="g13", number=13), of_payment(id="g14", number=14)]
    news = news_of(groups, {one.id: FIRING for one in groups})
    outcome = told(an_incident(), *groups, news=news, when=WhenResolved.ASK)
    (line,) = outcome.happened
    assert line.kind is EventKind.ALERTS_RESOLVED
    assert line.told
    assert line.data == {"alerts": "A12 (HighErrorRate), A13 (HighErrorRate)", "count": 2, "still": 1}


def test_whoever_leads_is_asked_once_all_are_resolved_and_nothing_else_is_told() -> None:
    news = news_of([resolved()], {"g12": FIRING})
    outcome = told(an_incident(), resolved(), news=news, when=WhenResolved.ASK)
    assert [(one.kind, one.told) for one in outcome.happened] == [
        (EventKind.ALERTS_RESOLVED, False),
        (EventKind.ALERTS_ASKED, True),
    ]
    assert outcome.happened[-1].notify_people == (ANA.id,)
    assert outcome.incident.over_asked_at == NOW


def test_who_has_acknowledged_in_pagerduty_is_reached_by_the_first_tier() -> None:
    news = news_of([resolved()], {"g12": FIRING})
    outcome = told(an_incident(), resolved(), news=news, when=WhenResolved.ASK, whom=pagerduty_person("Ana"))
    assert outcome.happened[-1].notify_people == ()
    assert outcome.happened[-1].notify == ("on-call",)


def test_the_guide_may_let_it_end_by_itself_but_never_a_security_incident() -> None:
    news = news_of([resolved()], {"g12": FIRING})
    end = told(an_incident(), resolved(), news=news, when=WhenResolved.RESOLVE)
    assert (end.incident.status, end.incident.ended_by) == (Status.RESOLVED, OPSBOT)
    assert PagesResolved(before=2) in end.owed
    secret = told(an_incident(security=True), resolved(security=True), news=news, when=WhenResolved.RESOLVE)
    assert secret.incident.status is Status.TRIGGERED
    assert secret.happened[-1].kind is EventKind.ALERTS_ASKED


def test_the_guide_may_leave_it_alone() -> None:
    news = news_of([resolved()], {"g12": FIRING})
    outcome = told(an_incident(), resolved(), news=news, when=WhenResolved.NOTHING)
    assert [(one.kind, one.told) for one in outcome.happened] == [(EventKind.ALERTS_RESOLVED, True)]
    assert outcome.incident == an_incident()


def test_an_alert_that_fires_again_takes_the_question_back() -> None:
    asked = an_incident(over_asked_at=NOW)
    outcome = told(asked, of_payment(), news=News(firing=(of_payment(),)), when=WhenResolved.ASK)
    assert outcome.incident.over_asked_at is None
    with pytest.raises(StaleError, match="`resolve 42` resolves it all the same"):
        check_is_asked(outcome.incident)


def test_somebody_says_not_yet_once() -> None:
    outcome = not_yet(an_incident(over_asked_at=NOW))
    assert [one.kind for one in outcome.happened] == [EventKind.ALERTS_KEPT]
    with pytest.raises(StaleError):
        not_yet(outcome.incident)


def test_an_incident_that_is_over_is_told_but_asked_nothing() -> None:
    news = news_of([resolved()], {"g12": FIRING})
    outcome = told(an_incident(status=Status.RESOLVED), resolved(), news=news, when=WhenResolved.ASK)
    assert [one.kind for one in outcome.happened] == [EventKind.ALERTS_RESOLVED]
    assert outcome.happened[0].told


def test_whoever_ends_it_is_warned_of_what_still_fires() -> None:
    one = LinkedAlert(label="A12", name="HighErrorRate", severity=Severity.P1, state=AlertState.FIRING)
    over = replace(one, label="A13", state=AlertState.RESOLVED)
    assert still_firing(None) == ""
    assert still_firing(LinkedAlerts(firing=0, resolved=1, shown=(over,))) == ""
    warned = still_firing(LinkedAlerts(firing=1, resolved=1, shown=(one, over)))
    assert warned == "One of its alerts still fires: A12 (HighErrorRate)."
    many = still_firing(LinkedAlerts(firing=25, resolved=0, shown=(one,) * 20))
    assert many.startswith("25 of its alerts still fire: A12 (HighErrorRate), ")
    assert many.endswith(" and 15 more.")


@given(
    st.dictionaries(
        st.sampled_from("abcde"),
        st.tuples(st.sampled_from(AlertStatus), st.none() | st.sampled_from(AlertStatus)),
    )
)
def test_what_was_told_is_not_told_again(states: dict[str, tuple[AlertStatus, AlertStatus | None]]) -> None:
    groups = [of_payment(id=key, status=now) for key, (now, _) in states.items()]
    before = {key: last for key, (_, last) in states.items() if last}
    news = news_of(groups, before)
    changed = {one.id for one in groups if before.get(one.id) is not one.status}
    assert {one.id for one in (*news.joined, *news.firing, *news.resolved)} == changed
    assert not news_of(groups, {one.id: one.status for one in groups})


def test_an_incident_hears_at_once_of_five_news_of_its_alerts_and_then_once_a_minute() -> None:
    times = [NOW - timedelta(seconds=ago) for ago in (250, 200, 150, 100, 10)]
    assert next_news(times[1:], NOW) is None
    assert next_news(times, NOW) == NOW + timedelta(seconds=50)
    assert next_news([*times[:-1], NOW - timedelta(seconds=60)], NOW) is None
    assert next_news([NOW - timedelta(seconds=300), *times[1:]], NOW) is None, "that is long ago"


def test_what_is_part_of_a_storm_is_not_said_to_page_beside_its_incident() -> None:
    incident = an_incident(severity=Severity.P2)
    alone = an_alert_group(severity=Severity.P0)
    assert linked(incident, [alone]).data["worse"] == "A12"
    assert linked(incident, [replace(alone, storm="storm")]).data["worse"] is None
