"""A change's card: the one message that shows it. What it is, how it stands and what to do come first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo

from bot.domain.changes.card import ChangeCard, Suspect
from bot.domain.changes.change import AHEAD, Change, ChangeState, HookState
from bot.domain.text import duration
from bot.views.blocks import (
    FIELD_TEXT,
    HEADER_TEXT,
    SECTION_TEXT,
    Block,
    Message,
    context,
    header,
    message,
    plain_section,
    section,
)
from bot.views.changes.card_buttons import change_buttons
from bot.views.changes.gate import gate_on_card
from bot.views.changes.health import health_lines
from bot.views.changes.phases import phase_lines
from bot.views.changes.plan import RISKS, planned, short_texts, texts, whole_texts
from bot.views.changes.states import in_words, kind_title, situation
from bot.views.incident import runbook
from bot.views.markup import Markup, bold, inert, joined, length, link, moment, plain_moment, said
from bot.views.status import name

_PART = 60
_WHY = 400
_SUSPECTS = 5
_LINKS = 3


def change_card(card: ChangeCard, *, zone: tzinfo = UTC) -> Message:
    """The card as it is now. `zone` is the guide's, for times where Slack cannot show the reader's own."""
    return message(
        one_line(card, zone),
        [*_top(card, zone), *change_buttons(card, zone), *_more(card, zone), _links(card, zone)],
    )


def one_line(card: ChangeCard, zone: tzinfo) -> Markup:
    """All of it in words, for notifications and screen readers."""
    change, plan = card.change, card.change.plan
    parts = [f"{_named(card)}: {change.title}", in_words(card, zone)]
    if change.override is not None:
        parts.append("started against the gate")
    if change.state in AHEAD:
        starts = plain_moment(plan.starts, zone, day=card.now)
        outside = ", outside its window" if card.in_window is False else ""
        parts.append(f"planned for {starts}, {duration(plan.length)}{outside}, {RISKS[plan.risk]}")
    parts += [f"broke meanwhile: {one.label} {one.title}" for one in card.suspects[:_SUSPECTS]]
    parts.append(f"asked for by {change.requested_by.name}")
    return Markup(". ".join(inert(part, 300) for part in parts))


def _named(card: ChangeCard) -> str:
    return f"{card.change.label} {kind_title(card)[:_PART]} · {card.service[:_PART]}"


def _top(card: ChangeCard, zone: tzinfo) -> Iterator[Block]:
    """What is read in two seconds on a phone."""
    line = f"🔧 {_named(card)}: {card.change.title}"
    yield header(line)
    if length(line) > HEADER_TEXT:
        yield plain_section(card.change.title)
    told = [situation(card, zone)]
    if card.change.state in AHEAD:
        told.append(planned(card, zone))
    yield section(Markup("\n".join(told)))
    yield from _alarming(card, zone)


def _alarming(card: ChangeCard, zone: tzinfo) -> Iterator[Block]:
    """What must not be missed: an override, what broke meanwhile, how it is taken back."""
    lines: list[Markup] = []
    override = card.change.override
    if override is not None:
        against = said("; ".join(override.against), _WHY)
        who = f"{name(override.by)}, {moment(override.at, zone, day=card.now)}"
        lines.append(
            Markup(f"⚠️ {bold(Markup('Started against the gate'))} by {who}: {inert(override.reason, _WHY)}")
        )
        lines += [Markup(f"      It had said: {against}")] if override.against else []
    lines += [_suspect(one, card.change) for one in card.suspects[:_SUSPECTS]]
    left = len(card.suspects) - _SUSPECTS
    lines += [Markup(f"+{left} more broke meanwhile")] if left > 0 else []
    lines += _taken_back(card)
    if lines:
        yield section(joined(lines, "\n", SECTION_TEXT - 100))


def _suspect(one: Suspect, change: Change) -> Markup:
    named = f"{link(one.url, one.label)} {inert(one.title, 100)}"
    over = "" if one.is_open else ", over"
    if change.started is None or one.began < change.started:
        return Markup(f"🚨 {bold(Markup('Broke meanwhile:'))} {named}{over}")
    after = duration(one.began - change.started)
    return Markup(f"🚨 {bold(Markup('Broke meanwhile:'))} {named}, {after} after the start{over}")


def _taken_back(card: ChangeCard) -> Iterator[Markup]:
    """Who or what takes it back, while it is taken back and once it was."""
    hook, state = card.change.hook, card.change.state
    if state not in {ChangeState.ROLLING_BACK, ChangeState.ROLLED_BACK}:
        return
    if hook is None:
        if state is ChangeState.ROLLING_BACK:
            yield Markup(f"✋ {bold(Markup('It is rolled back by hand'))}, as planned:")
        return
    answer = f": {inert(hook.said.rstrip('.'), 200)}" if hook.said else ""
    words = _HOOK_BACK if state is ChangeState.ROLLED_BACK else _HOOK
    yield Markup(words[hook.state].format(key=inert(hook.key, _PART), answer=answer))


_HOOK = {
    HookState.ASKED: "⏳ Webhook {key} is being asked to roll it back",
    HookState.TAKEN: "🟢 Webhook {key} rolls it back{answer}",
    HookState.FAILED: "⚠️ *It is not rolled back*{answer}. By hand, as planned:",
}
_HOOK_BACK = {
    HookState.ASKED: "✋ It was rolled back by hand. Webhook {key} had not answered",
    HookState.TAKEN: "🟢 Webhook {key} took it back{answer}",
    HookState.FAILED: "✋ It was rolled back by hand. Webhook {key} did not{answer}",
}
"""The same, once it is back as it was."""


def _more(card: ChangeCard, zone: tzinfo) -> Iterator[Block]:
    """What is read next: what it goes by, how far it has come, what is planned."""
    change = card.change
    if change.state is ChangeState.ROLLING_BACK:
        yield from whole_texts([("Rollback", change.plan.rollback)])
    lines = [gate_on_card(card.gate, zone)] if card.gate is not None and change.state in AHEAD else []
    if card.overlaps and change.is_open:
        lines.append(Markup(f"⚠️ At the same time: {inert(', '.join(card.overlaps), _WHY)}"))
    if lines:
        yield section(Markup("\n".join(lines)))
    healthy = health_lines(card) if change.started is not None else None
    if healthy is not None:
        yield section(healthy)
    if change.is_open and change.state is not ChangeState.ROLLING_BACK:
        yield from short_texts(texts(change))
    passed = phase_lines(card, zone)
    if passed:
        yield section(passed)


def _links(card: ChangeCard, zone: tzinfo) -> Block:
    """Whose it is, where to look, and how it is taken back."""
    change = card.change
    asked = moment(change.requested, zone, day=card.now)
    parts = [
        Markup(f"Asked for by {name(change.requested_by)}, {asked}"),
        inert(card.team, _PART),
        *([] if change.state in AHEAD else [Markup(RISKS[change.plan.risk])]),
        *([Markup(f"plan {change.revision}")] if change.revision > 1 else []),
    ]
    if card.webhook is not None and change.is_open and change.state is not ChangeState.ROLLING_BACK:
        parts.append(Markup(f"a rollback asks webhook {inert(card.webhook, _PART)}"))
    if card.runbook is not None:
        parts.append(Markup(f"Runbook: {runbook(card.runbook)}"))
    parts += [link(board.url, board.title) for board in card.dashboards[:_LINKS]]
    return context(joined(parts, " · ", FIELD_TEXT - 100))
