"""An alert group's card: the one message that shows it, read in two seconds on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo

from bot.domain.alert import AlertGroup, AlertSource
from bot.domain.alert_card import AlertCard
from bot.views.alert_burn import burn_line
from bot.views.alert_buttons import acknowledge_only, buttons
from bot.views.alert_lines import alert_lines
from bot.views.alert_status import alert_word, counted, group_emoji, in_words, situation
from bot.views.blocks import Block, Message, context, message, section
from bot.views.change_links import changes_on_card
from bot.views.incident import runbook
from bot.views.markup import Markup, bold, inert, length, link, moment, since
from bot.views.paging import pages_so_far
from bot.views.storm import shares

_TITLE = 150
_SUMMARY = 500
_PART = 100
_LINK = 1200
"""A link that takes more of a message than this is left out."""
_DASHBOARDS = 2


def alert_card(shown: AlertCard, *, redacted: str | None = None, zone: tzinfo = UTC) -> Message:
    """The card as it is now.

    `redacted` is the reason why a security alert shows nothing but its number and state here. `zone` is
    the guide's, for times where Slack cannot show the reader's own.
    """
    if redacted is not None:
        return _redacted(shown, redacted)
    return message(one_line(shown, zone), (*top(shown, zone), *buttons(shown), *details(shown, zone)))


def top(shown: AlertCard, zone: tzinfo) -> Iterator[Block]:
    """State, severity and title; what is wrong; whose it is, how much of it, since when; who has it."""
    group = shown.group
    lines = [headline(shown)]
    if group.summary:
        lines.append(inert(group.summary, _SUMMARY))
    burns = burn_line(shown)
    if burns:
        lines.append(burns)
    lines.append(_facts(shown, zone))
    yield section(Markup("\n".join([*lines, *situation(shown, zone)])))


def details(shown: AlertCard, zone: tzinfo) -> Iterator[Block]:
    """Which alerts, where to look, and who was paged."""
    if shown.group.source is AlertSource.STORM:
        yield from shares(shown)
    else:
        yield from alert_lines(shown, zone)
        yield context(*links(shown))
    if shown.unknown_service:
        yield context(Markup(f"Service “{inert(shown.unknown_service, _PART)}” is not in the guide"))
    if shown.unlinked:
        hosts = ", ".join(inert(host, _PART) for host in shown.unlinked)
        yield context(Markup(f"Not linked: {hosts} (not among `alerting.link_hosts` of the guide)"))
    if shown.changes:
        yield context(Markup(f"🔧 {changes_on_card(shown.changes)}"))
    pages = pages_so_far(shown, zone)
    if pages is not None:
        yield context(pages)


def headline(shown: AlertCard) -> Markup:
    """State, severity, number and title, in bold."""
    group = shown.group
    words = Markup(f"{alert_word(shown)} · {group.severity} {group.label} · {inert(group.name, _TITLE)}")
    return Markup(f"{group_emoji(group)} {bold(words)}")


def one_line(shown: AlertCard, zone: tzinfo) -> Markup:
    """All of it in words, for notifications and screen readers."""
    group = shown.group
    parts = [f"{alert_word(shown)}: {group.severity} {group.label} {group.title}", *owners(shown)]
    parts += [counted(group), in_words(shown, zone)]
    parts += [f"part of {shown.incident.label}"] if shown.incident else []
    return Markup(" · ".join(inert(part, 300) for part in parts if part))


def owners(shown: AlertCard) -> list[str]:
    """The service that it is about, and whose it is."""
    return [shown.service, shown.team] if shown.service else [shown.team]


def links(shown: AlertCard) -> Iterator[Markup]:
    """Where to look: what the alerts say where they may, else what the guide says."""
    yield _fitting(shown.runbook_url, "Runbook") or Markup(f"Runbook: {runbook(shown.runbook)}")
    board = _fitting(shown.dashboard_url, "Dashboard")
    if board:
        yield board
    else:
        for one in shown.dashboards[:_DASHBOARDS]:
            yield link(one.url, one.title)
    for url, text in ((shown.graph_url, "Graph"), (shown.alertmanager_url, "Alertmanager")):
        found = _fitting(url, text)
        if found:
            yield found


def _fitting(url: str | None, text: str) -> Markup | None:
    if url is None:
        return None
    shown = link(url, text)
    return shown if length(shown) <= _LINK else None


def _facts(shown: AlertCard, zone: tzinfo) -> Markup:
    group = shown.group
    parts = [inert(one, _PART) for one in owners(shown)]
    parts.append(Markup(counted(group)))
    parts.append(_age(group, zone))
    if group.flaps:
        parts.append(Markup(f"fired {group.flaps + 1} times"))
    return Markup(" · ".join(parts))


def _age(group: AlertGroup, zone: tzinfo) -> Markup:
    """How long it has been going on, or when it began where it is over."""
    if group.is_open:
        return Markup(f"since {since(group.started_at, zone, day=group.changed_at)}")
    return Markup(f"from {moment(group.started_at, zone, day=group.changed_at)}")


def _redacted(shown: AlertCard, reason: str) -> Message:
    group, why = shown.group, inert(reason, 300)
    name = inert(f"Security alert {group.label}")
    state = Markup(f"{group_emoji(group)} {bold(Markup(f'{alert_word(shown)} · {name}'))}")
    text = Markup(f"{name}: {alert_word(shown).lower()}. {why}")
    return message(text, [section(state), *acknowledge_only(group), context(why)])
