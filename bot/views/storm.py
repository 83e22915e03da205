"""A storm's share of its card: how many groups of which service and severity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.alert_card import AlertCard, StormShare
from bot.domain.severity import Severity
from bot.views.blocks import Block, section
from bot.views.markup import Markup, bold, inert, joined

_SERVICE = 60
_OTHERS = "no service"


def shares(shown: AlertCard) -> Iterator[Block]:
    """A line for each severity, the worst first: how many groups, and of which services."""
    by_severity: dict[Severity, list[StormShare]] = {}
    for share in shown.storm:
        by_severity.setdefault(share.severity, []).append(share)
    lines = [_severity(one, by_severity[one]) for one in sorted(by_severity, key=lambda it: it.rank)]
    if lines:
        yield section(Markup("\n".join(lines)))


def _severity(severity: Severity, given: Sequence[StormShare]) -> Markup:
    ordered = sorted(given, key=lambda one: (-one.groups, one.service or "\uffff"))
    parts = (
        Markup(f"{inert(one.service or _OTHERS, _SERVICE)} {_count(one.firing, one.groups)}")
        for one in ordered
    )
    groups, firing = sum(one.groups for one in given), sum(one.firing for one in given)
    return Markup(f"{bold(inert(severity))} · {_count(firing, groups)} firing: {joined(parts, ', ', 500)}")


def _count(firing: int, groups: int) -> str:
    return str(groups) if firing == groups else f"{firing} of {groups}"
