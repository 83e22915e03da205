"""One alert group for the one who asks: how things stand, and each of its alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from bot.domain.alert import Alert, AlertSource, Silence
from bot.domain.alert_listing import AlertDetails
from bot.domain.text import duration
from bot.views.alert_list import FLAPPING, alert_state, packed, silence_facts
from bot.views.blocks import Block, Message, context, fields, header, message, section
from bot.views.markup import Markup, bold, inert, link, moment

_SUMMARY = 400
_LABELS = 240
_ALERTS = 6000
_MOST_SILENCES = 3


def alert_details(shown: AlertDetails, *, zone: tzinfo, flapping: int = FLAPPING) -> Message:
    """All that there is to know of it. Where it is hidden, its number and how things stand."""
    group = shown.listed.group
    state = Markup(alert_state(group, shown.now, zone))
    if shown.hidden:
        where = Markup("Its details are shown in its own channel only.")
        return message(
            Markup(f"{inert(group.public_title)}: {state}. {where}"),
            [header(group.public_title), section(state), context(where)],
        )
    title = f"{group.severity} {group.label} {group.title}"
    flaps = f", flapping: fired again {group.flaps} times" if group.flaps >= flapping else ""
    return message(
        Markup(f"{inert(title)} · {state}"),
        [
            header(title),
            section(Markup(f"{state}{flaps}")),
            *([section(inert(group.summary, _SUMMARY))] if group.summary else []),
            fields(list(_facts(shown, zone))),
            *packed(Markup("Alerts"), [_alert(one, shown, zone) for one in shown.alerts], _ALERTS),
            *_silences(shown.silences, shown.now, zone),
        ],
    )


def _facts(shown: AlertDetails, zone: tzinfo) -> Iterator[tuple[str, Markup]]:
    group = shown.listed.group
    yield "Card", link(shown.listed.url, group.label)
    yield "Service", inert(shown.listed.service or "none named")
    yield "Since", moment(group.started_at, zone, day=shown.now)
    left_out = f", {group.truncated} more that Alertmanager left out" if group.truncated else ""
    yield "Alerts", inert(f"{group.firing} firing, {group.resolved} resolved{left_out}")
    if shown.storm is not None:
        yield "Storm", inert(f"{shown.storm.label} stands for it")
    if group.source is AlertSource.ALERTMANAGER and group.labels:
        labels = ", ".join(f"{name}={value}" for name, value in group.labels.items())
        yield "Grouped by", inert(labels, _LABELS)


def _alert(alert: Alert, shown: AlertDetails, zone: tzinfo) -> Markup:
    """What tells it from the others of its group, and since when."""
    own = {
        name: value for name, value in alert.labels.items() if shown.listed.group.labels.get(name) != value
    }
    labels = ", ".join(f"{name}={value}" for name, value in own.items() if name != "alertname")
    if alert.ends_at is None:
        when = Markup(f"🔴 firing for {duration(max(shown.now - alert.starts_at, timedelta()))}")
    else:
        when = Markup(f"✅ resolved {moment(alert.ends_at, zone, day=shown.now)}")
    about = Markup(f": {inert(labels, _LABELS)}") if labels else ""
    return Markup(f"{when} · {bold(inert(alert.name, 80))}{about}")


def _silences(silences: tuple[Silence, ...], now: datetime, zone: tzinfo) -> Iterator[Block]:
    if silences:
        told = (f"🔕 {silence_facts(one, now, zone)}" for one in silences[:_MOST_SILENCES])
        yield context(*map(Markup, told))
