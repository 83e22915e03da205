"""The buttons of a Home tab, and what their values mean: those of cards."""

from __future__ import annotations

from bot.domain.home import HomeCheck, HomeIncident, HomeItem, HomeReview, HomeRun
from bot.domain.incident import label
from bot.views.blocks import Block, actions, button
from bot.views.checklists.buttons import DONE, TAKE, Pressed, encode
from bot.views.incident import encode_target

DECLARE = "home.declare"
CHECKLISTS = "home.checklists"
SLOS = "home.slos"
ALERTS = "home.alerts"
ACKNOWLEDGE = "home.acknowledge"
"""Take an incident (`bot.views.incident.decode_target`)."""
CHECK = "home.check"
"""An item of a run is done (`bot.views.checklists.buttons.decode`)."""
TAKE_RUN = "home.take"
"""Take what nobody has of a run (the same)."""
ITEM = "home.item"
"""An action item is done (`bot.views.items.decode_item`)."""

BLOCK_ID = "home.actions"


def top_buttons(*, may_act: bool) -> Block:
    """What one may want at any time: always in the same place."""
    declare = (button("Declare incident", DECLARE, "new"),) if may_act else ()
    return actions(
        BLOCK_ID,
        *declare,
        button("Checklists", CHECKLISTS, "today"),
        button("SLOs", SLOS, "all"),
        button("Alerts", ALERTS, "all"),
    )


def acknowledge_button(incident: HomeIncident, *, first: bool) -> Block:
    """Take it. Of several that wait the `first` one stands out."""
    return button(
        "Acknowledge",
        ACKNOWLEDGE,
        encode_target(incident.id, incident.epoch),
        style="primary" if first else None,
        spoken=f"Acknowledge {label(incident.severity, incident.number, drill=incident.drill)}",
    )


def check_button(review: HomeReview, check: HomeCheck) -> Block:
    """It is done."""
    value = encode(Pressed(action=DONE, run=review.run, position=check.position))
    return button("Done", CHECK, value, spoken=f"Done: {check.title}")


def take_button(run: HomeRun) -> Block:
    """See to what nobody has of it."""
    value = encode(Pressed(action=TAKE, run=run.id))
    return button("Take it", TAKE_RUN, value, spoken=f"Take {run.title}")


def item_button(item: HomeItem) -> Block:
    """It is done."""
    return button("Done", ITEM, str(item.number), spoken=f"Done: action item {item.number}")
