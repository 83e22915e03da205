"""An incident's alerts, on its card and as a list."""

from __future__ import annotations

from bot.domain.alert import AlertState
from bot.domain.card import IncidentCard, LinkedAlert, LinkedAlerts
from bot.views.blocks import FIELD_TEXT, SECTION_TEXT, Message, header, message, section
from bot.views.markup import Markup, bold, inert, joined, link
from bot.views.status import public_name

_NAME = 80
_ON_CARD = 5
_MARKS = {
    AlertState.FIRING: ("🔴", "firing"),
    AlertState.ACKNOWLEDGED: ("👀", "acknowledged"),
    AlertState.SILENCED: ("🔕", "silenced"),
    AlertState.RESOLVED: ("✅", "resolved"),
}


def alerts_on_card(alerts: LinkedAlerts) -> Markup:
    """`3 firing, 2 resolved: A12 HighErrorRate, …`, with links to their cards."""
    mixed = bool(alerts.firing and alerts.resolved)
    listed = [_in_short(one, mixed=mixed) for one in alerts.shown[:_ON_CARD]]
    left = alerts.firing + alerts.resolved - len(listed)
    more = [Markup(f"+{left} more")] if left > 0 else []
    return Markup(f"{counted(alerts)}: {joined([*listed, *more], ', ', FIELD_TEXT - 200)}")


def counted(alerts: LinkedAlerts) -> str:
    """`3 firing, 2 resolved`."""
    counts = ((alerts.firing, "firing"), (alerts.resolved, "resolved"))
    return ", ".join(f"{count} {what}" for count, what in counts if count)


def linked_list(card: IncidentCard, *, redacted: bool = False) -> Message:
    """Which alerts belong to an incident. `redacted` tells outsiders only where that is shown."""
    incident, alerts = card.incident, card.alerts
    if redacted:
        text = inert(f"{public_name(incident)}: its alerts are shown in its own channel only.")
        return message(text, [section(text)])
    if alerts is None:
        text = Markup(
            f"No alert belongs to {inert(incident.label)}. `/incident link {incident.number} A12` links one."
        )
        return message(text, [section(text)])
    title = f"Alerts of {incident.label}: {counted(alerts)}"
    lines = [_line(one) for one in alerts.shown]
    left = alerts.firing + alerts.resolved - len(lines)
    more = [Markup(f"+{left} more")] if left > 0 else []
    listed = joined([*lines, *more], "\n", SECTION_TEXT - 100)
    names = ", ".join(f"{one.label} {one.name}" for one in alerts.shown[:_ON_CARD])
    return message(Markup(f"{inert(title)}: {inert(names, 500)}"), [header(title), section(listed)])


def _in_short(alert: LinkedAlert, *, mixed: bool) -> Markup:
    """`mixed`: some fire and some are resolved, so that each says which."""
    name = inert(alert.name, _NAME)
    over = " (resolved)" if mixed and alert.state is AlertState.RESOLVED else ""
    return Markup(f"{link(alert.url, alert.label)} {name}{over}")


def _line(alert: LinkedAlert) -> Markup:
    emoji, word = _MARKS[alert.state]
    label = bold(link(alert.url, alert.label))
    return Markup(f"{emoji} {label} {inert(alert.name, _NAME)} · {alert.severity} · {word}")
