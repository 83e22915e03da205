"""The buttons of a Home tab, and what their values mean."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import InvalidError
from bot.domain.home import HomeCheck, HomeIncident, HomeItem
from bot.views.blocks import Block, actions, button
from bot.views.incident import encode_target

DECLARE = "home.declare"
SLOS = "home.slos"
ALERTS = "home.alerts"
ACKNOWLEDGE = "home.acknowledge"
"""Take an incident: the value is that of a card's button (`bot.views.incident.decode_target`)."""
CHECK = "home.check"
"""An item of a run is done (`decode_check`)."""
ITEM = "home.item"
"""An action item is done (`bot.views.items.decode_item`)."""

BLOCK_ID = "home.actions"

_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Which item of which run a button is about."""

    run: str
    position: int


def top_buttons(*, may_act: bool) -> Block:
    """What one may want at any time: always in the same place."""
    declare = (button("Declare incident", DECLARE, "new"),) if may_act else ()
    return actions(
        BLOCK_ID,
        *declare,
        button("SLOs", SLOS, "all"),
        button("Alerts", ALERTS, "all"),
    )


def acknowledge_button(incident: HomeIncident, *, first: bool) -> Block:
    """Take it. Of several that wait the `first` one stands out."""
    value = encode_target(incident.id, incident.epoch)
    return button("Acknowledge", ACKNOWLEDGE, value, style="primary" if first else None)


def check_button(check: HomeCheck) -> Block:
    """It is done."""
    return button("Done", CHECK, f"{check.position}|{check.run}")


def item_button(item: HomeItem) -> Block:
    """It is done."""
    return button("Done", ITEM, str(item.number))


def decode_check(value: str) -> Checked:
    """What a button of `check_button` is about. Raises InvalidError for a value that none of ours carries."""
    position, _, run = value.partition("|")
    if not (run and position.isascii() and position.isdigit() and len(position) <= _DIGITS):
        raise InvalidError("That button cannot be read. Use the checklist's card.")
    return Checked(run=run, position=int(position))
