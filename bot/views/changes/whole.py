"""All that was written of a change, in a modal: the card has no room for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo

from bot.domain.changes.change import Change
from bot.domain.text import duration
from bot.views.blocks import header, section
from bot.views.changes.plan import RISKS, texts, whole_texts
from bot.views.inputs import View, modal
from bot.views.markup import Markup, bold, inert, joined, moment
from bot.views.status import name

READ_VIEW = "change.read_view"

_NOTES = 2900


def read_view(change: Change, zone: tzinfo = UTC) -> View:
    """All that was written of a change: its plan whole, and every note."""
    plan = change.plan
    when = f"{bold(moment(plan.starts, zone))} for {duration(plan.length)}"
    facts = Markup(f"{when} · {RISKS[plan.risk]} · plan {change.revision}")
    blocks = [header(plan.title), section(facts), *whole_texts(texts(change))]
    notes = list(_notes(change, zone))
    blocks += [section(joined([bold(Markup("Said of it")), *notes], "\n", _NOTES))] if notes else []
    return modal(READ_VIEW, change.label, blocks, submit=None, close="Close")


def _notes(change: Change, zone: tzinfo) -> Iterator[Markup]:
    for one in change.approvals:
        note = f": {inert(one.note, 300)}" if one.note else ""
        earlier = f" (of plan {one.revision})" if one.revision != change.revision else ""
        yield Markup(f"👍 {name(one.by)}, {moment(one.at, zone)}{earlier}{note}")
    override = change.override
    if override is not None:
        yield Markup(f"⚠️ Against the gate, {name(override.by)}: {inert(override.reason, 500)}")
    for run in change.phases:
        if run.note:
            phase = run.phase.value.replace("_", " ").capitalize()
            yield Markup(f"{bold(Markup(phase))}, {name(run.ended_by or run.by)}: {inert(run.note, 500)}")
    if change.reason:
        who = f", {name(change.closed_by)}" if change.closed_by else ""
        yield Markup(f"{bold(Markup('Why'))}{who}: {inert(change.reason, 500)}")
