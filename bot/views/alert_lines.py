"""A group's alerts on its card: what they have in common once, then each on a line by what sets it apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from bot.domain.alert import Alert, AlertGroup
from bot.domain.alert_card import AlertCard, apart, in_common
from bot.views.alert_burn import burn_note
from bot.views.blocks import FIELD_TEXT, Block, context, section
from bot.views.markup import Markup, cut, inert, joined, moment

_NAME = 40
_VALUE = 80
_PAIR = 120
_LINE = 180
_COMMON = 600
_SAID_ABOVE = frozenset({"alertname"})
"""What a card's first line says already."""


def alert_lines(shown: AlertCard, zone: tzinfo) -> Iterator[Block]:
    """The labels of all, the newest alerts, and how many more there are."""
    common = in_common(shown.alerts)
    said = {name: value for name, value in sorted(common.items()) if name not in _SAID_ABOVE}
    if said:
        yield context(labels(said, _COMMON))
    if not shown.group.is_open:
        yield from _over(shown, common)
        return
    lines = [_line(alert, common, shown.group, zone) for alert in shown.alerts]
    if len(shown.alerts) == 1 and shown.more == 0:
        lines = []  # its labels are said, and the card has its times
    if shown.more:
        lines.append(_more(shown))
    if lines:
        yield section(Markup("\n".join(lines)))


def labels(given: Mapping[str, str], limit: int) -> Markup:
    """Labels as they are written: `instance=node-1, zone=b`."""
    pairs = (
        cut(Markup(f"{inert(name, _NAME)}={inert(value, _VALUE)}"), _PAIR) for name, value in given.items()
    )
    return joined(pairs, ", ", limit)


def _over(shown: AlertCard, common: Mapping[str, str]) -> Iterator[Block]:
    """What fired, in small print: it needs nobody any more."""
    told = [labels(apart(alert, common), _LINE) for alert in shown.alerts]
    parts = [*dict.fromkeys(one for one in told if one), *([_more(shown)] if shown.more else [])]
    if parts:
        yield context(joined(parts, " · ", FIELD_TEXT - 100))


def _line(alert: Alert, common: Mapping[str, str], group: AlertGroup, zone: tzinfo) -> Markup:
    told = labels(apart(alert, common), _LINE)
    what = f"{told} · " if told else ""
    if alert.ends_at is None:
        note = burn_note(alert)
        burns = f" · 🔥 {note}" if note and group.firing > 1 else ""
        return Markup(f"• {what}since {moment(alert.starts_at, zone, day=group.changed_at)}{burns}")
    return Markup(f"✅ {what}resolved {moment(alert.ends_at, zone, day=group.changed_at)}")


def _more(shown: AlertCard) -> Markup:
    left_out = shown.group.truncated
    note = f", {left_out} of which Alertmanager left out" if left_out else ""
    return Markup(f"and {shown.more} more{note}")
