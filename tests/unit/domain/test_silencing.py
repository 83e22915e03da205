from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alert import AlertGroup, AlertSource, AlertStatus, Silence, SilenceState
from bot.domain.errors import InvalidError
from bot.domain.silencing import matched, wish, written_by
from tests.support.builders import ANA, an_alert, an_alert_group
from tests.support.clock import MONDAY_NOON

NAMES = st.sampled_from(["alertname", "service", "instance", "severity"])
LABELS = st.dictionaries(NAMES, st.text(max_size=8), max_size=4)


def wished(group: AlertGroup, **changes: Any) -> Silence:
    facts: dict[str, Any] = {
        "silence_id": "s1",
        "by": ANA,
        "comment": "deploying",
        "now": MONDAY_NOON,
        "until": MONDAY_NOON + timedelta(hours=1),
    }
    return wish(group, (an_alert(),), **{**facts, **changes})


def test_a_silence_matches_the_groups_own_labels() -> None:
    silence = wished(an_alert_group(labels={"service": "payment", "alertname": "High"}))
    assert silence.matchers == (("alertname", "High"), ("service", "payment"))
    assert silence.state is SilenceState.WANTED
    assert silence.remote_id is None


def test_of_a_group_by_nothing_it_matches_what_its_alerts_share() -> None:
    group = an_alert_group(labels={})
    alerts = [an_alert(labels={"alertname": "High", "service": "payment", "instance": one}) for one in "ab"]
    assert matched(group, alerts) == {"alertname": "High", "service": "payment"}


def test_alerts_that_do_not_share_their_name_are_not_silenced_together() -> None:
    alerts = [an_alert(labels={"alertname": one, "service": "payment"}) for one in ("High", "Low")]
    with pytest.raises(InvalidError, match="no name in common"):
        matched(an_alert_group(labels={}), alerts)
    with pytest.raises(InvalidError, match="no name in common"):
        matched(an_alert_group(labels={}), [])


@given(own=LABELS, theirs=st.lists(LABELS, max_size=4))
def test_nothing_is_ever_matched_that_everything_has(
    own: dict[str, str], theirs: list[dict[str, str]]
) -> None:
    alerts = [an_alert(labels=one) for one in theirs]
    try:
        found = matched(an_alert_group(labels=own), alerts)
    except InvalidError:
        return
    assert found
    assert all(found.values())
    assert all(found.items() <= {**one, **own}.items() for one in theirs)


@pytest.mark.parametrize("source", [AlertSource.STORM, AlertSource.WATCHDOG])
def test_what_is_opsbots_own_is_not_silenced(source: AlertSource) -> None:
    with pytest.raises(InvalidError, match="Acknowledge it instead"):
        wished(an_alert_group(source=source))


def test_what_is_over_is_not_silenced() -> None:
    with pytest.raises(InvalidError, match="nothing to silence"):
        wished(an_alert_group(status=AlertStatus.RESOLVED))


def test_a_reason_is_one_line_of_visible_characters() -> None:
    assert wished(an_alert_group(), comment="a\n\u202eb" + "c" * 400).comment.startswith("a bc")
    assert len(wished(an_alert_group(), comment="c" * 400).comment) == 300


def test_of_a_security_alert_neither_author_nor_reason_is_told() -> None:
    silence = wished(an_alert_group(), comment="zebra")
    assert written_by(an_alert_group(), silence) == (ANA.name, "zebra")
    secret = replace(an_alert_group(), security=True)
    assert written_by(secret, silence) == ("opsbot", "Security alert A12")
