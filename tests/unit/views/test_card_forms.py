from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.domain.actor import Actor
from bot.domain.card import IncidentCard
from bot.domain.errors import InvalidError
from bot.domain.incident_policy import IncidentRole
from bot.domain.severity import Severity
from bot.views.card_forms import (
    MOST_ROLES,
    Asked,
    Entry,
    Sent,
    changes_of,
    more_form,
    read_sent,
    roles_form,
    severity_form,
)
from bot.views.incident import Target
from bot.views.inputs import METADATA
from tests.support.builders import a_guide
from tests.support.cards import a_card, an_incident

ASKED = Asked(target=Target(id="i42", epoch=3), channel="C1", channel_name="platform-alerts")
ENTRIES = (Entry(key="update", title="Write an update", does="The card says it"),)


def sent_back(view: dict[str, Any]) -> Sent:
    """The form as Slack sends it back, untouched."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            values[block["block_id"]] = {
                element["action_id"]: {
                    "type": element["type"],
                    "value": element.get("initial_value"),
                    "selected_option": element.get("initial_option"),
                    "selected_user": element.get("initial_user"),
                    "selected_options": element.get("initial_options", []),
                }
            }
    return read_sent(view | {"state": {"values": values}})


def held_by(*people: str) -> IncidentCard:
    keys = list(a_guide().incidents.roles)
    roles = {key: Actor(id=person, name=person) for key, person in zip(keys, people, strict=False)}
    return a_card(incident=an_incident(roles=roles))


def test_roles_that_nobody_touched_change_nothing() -> None:
    view = roles_form(ASKED, held_by("U1", "U2"), a_guide(), asker="U9", hidden=False)
    assert changes_of(sent_back(view)) == {}


def test_where_names_must_not_be_read_none_is_in_the_form_and_nothing_changes() -> None:
    view = roles_form(ASKED, held_by("U1", "mail@x"), a_guide(), asker="U9", hidden=True)
    assert "U1" not in str(view)
    assert "mail@x" not in str(view)
    assert changes_of(sent_back(view)) == {}


@given(words=st.text(max_size=2100), number=st.integers(1, 2**31 - 1), severity=st.sampled_from(Severity))
def test_whatever_was_written_slack_takes_the_forms(words: str, number: int, severity: Severity) -> None:
    card = a_card(incident=an_incident(number=number, title=words[:200], severity=severity))
    sent = Sent(asked=ASKED, words=words, what="update", severity=severity, take=True)
    for view in (
        severity_form(ASKED, card, a_guide(), sent=sent),
        roles_form(ASKED, card, a_guide(), asker="U1", hidden=False, sent=sent),
        more_form(ASKED, card, ENTRIES, sent=sent),
    ):
        View(**view).validate_json()
        assert sent_back(view).asked.target == ASKED.target


def test_a_guide_with_very_many_roles_still_makes_a_form() -> None:
    guide = a_guide()
    key = "k" * 60
    roles = {f"{key}{n}": IncidentRole(key=f"{key}{n}", title="T" * 300, does="d" * 300) for n in range(90)}
    full = replace(guide, incidents=replace(guide.incidents, roles=roles))
    incident = an_incident(roles={role: Actor(id="U012345678901", name="kim") for role in roles})
    view = roles_form(ASKED, a_card(incident=incident), full, asker="U1", hidden=False)
    View(**view).validate_json()
    assert len(view["private_metadata"]) <= METADATA
    assert len([block for block in view["blocks"] if block["block_id"].startswith("role.")]) == MOST_ROLES


@pytest.mark.parametrize(
    "view",
    [
        {},
        {"state": None},
        {"state": {"values": {}}},
        {"state": {"values": {}}, "private_metadata": "[]"},
        {"state": {"values": {}}, "private_metadata": '{"id": "a"}'},
    ],
)
def test_what_is_no_form_of_ours_is_refused(view: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match="nothing was done"):
        read_sent(view)
