from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.card import IncidentCard
from bot.domain.incident import Status
from bot.domain.severity import Severity
from bot.views.leadership import leadership
from tests.support.cards import ANA, a_card, after, an_incident
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message, tokens


def shown(status: Status = Status.ACKNOWLEDGED, **changes: Any) -> IncidentCard:
    ended = None if status.is_open else after(83)
    incident = an_incident(
        status=status,
        acknowledged_by=ANA,
        acknowledged_at=after(3),
        ended_at=ended,
        ended_by=ANA if ended else None,
        impact="Customers cannot pay",
        update="Rolled back",
        update_at=after(20),
        update_due=after(50) if status.is_open else None,
        leadership=True,
    )
    return a_card(incident=replace(incident, **changes), leader=ANA, severity_title="Critical", followed=True)


@pytest.mark.parametrize("status", [Status.ACKNOWLEDGED, Status.RESOLVED])
def test_it_reads_as_it_was_last_looked_at(status: Status) -> None:
    check_golden(f"leadership-{status}", leadership(shown(status)))


@pytest.mark.parametrize("status", Status)
def test_every_state_has_words(status: Status) -> None:
    message = leadership(shown(status)).to_json()
    check_message(message)
    assert "#42" in message["text"]


def test_it_counts_from_when_it_started_where_that_is_known() -> None:
    started = after(0) - timedelta(minutes=30)
    assert "after 1 h 53 min" in leadership(shown(Status.RESOLVED, started_at=started)).text


def test_one_that_was_lowered_says_so() -> None:
    lowered = replace(shown(severity=Severity.P2), followed=False)
    assert "Lowered to P2" in str(leadership(lowered).to_json())


def test_of_a_security_incident_nothing_is_said_but_its_number_severity_and_state() -> None:
    message = leadership(shown(security=True), redacted="only elsewhere")
    assert message.text == "Security incident 42, P0: We are working on it."
    assert not any(word in str(message.to_json()) for word in ("pay", "Rolled", "checkout", "Ana"))


@given(title=st.text(max_size=300), impact=st.text(max_size=2000), update=st.text(max_size=3000))
def test_any_text_is_within_slacks_limits_and_mentions_nobody(title: str, impact: str, update: str) -> None:
    message = leadership(shown(title=title, impact=impact, update=update)).to_json()
    check_message(message)
    assert all(token.startswith("!date^") for token in tokens(message))
