"""Joins what people do with alerts on their cards."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.alert_reader import AlertReader
from bot.services.alerts import Alerts
from bot.views import alert_buttons
from handlers.actions.alerts import ALERT_ACTIONS, alert_presses, declare_press
from handlers.actions.pressing import Pressing
from handlers.actions.silences import silence_presses
from handlers.actions.storms import storm_presses


def wire_alerts(inside: Inside) -> Part:
    """The buttons."""
    outside = inside.outside
    reader = AlertReader(
        store=outside.store, clock=outside.clock, directory=inside.directory, workspace=outside.workspace
    )
    actions = Pressing(
        what="answering an alert's button",
        decode=alert_buttons.decode,
        by_action={
            **alert_presses(alerts_of(inside)),
            **silence_presses(inside.silences),
            **storm_presses(reader),
            **declare_press(inside.declare),
        },
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )
    return Part(actions={ALERT_ACTIONS: actions.press})


def alerts_of(inside: Inside) -> Alerts:
    """The use cases, for buttons and commands."""
    return Alerts(changes=inside.alert_changes)
