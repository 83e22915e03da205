"""Before somebody is paged: the question whether to, what became of it, and the form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.call import REASON_LIMIT
from bot.domain.errors import InvalidError
from bot.domain.guide import Guide, Tier
from bot.domain.on_call import TierDuty
from bot.domain.text import duration
from bot.views.blocks import Message, context, message, section
from bot.views.inputs import Option, View, modal, select, text_input, value_of
from bot.views.markup import Markup, bold, inert, said
from bot.views.people.call_buttons import PAGE, Pressed, asked_buttons
from bot.views.people.on_call import now_on_call

CALLBACK = "call.page"
TIER, REASON = "tier", "reason"
"""The form's parts: errors are told by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether a tier is to be paged. `call` is the id that its call will have.

    `asked` is when it was put. `unreached` says why no page reaches it, as a clause after its title; `again`
    is when it is repeated.
    """

    call: str
    asked: datetime
    tier: Tier
    reason: str
    channel: str
    again: timedelta
    unreached: str | None = None
    own: bool = False


def question(asked: Question, duty: TierDuty | None, now: datetime) -> Message:
    """Page, or not? `duty` is who would be paged, as far as that is known."""
    title = inert(asked.tier.title)
    who = now_on_call(duty, now) if duty else Markup("Who that is now could not be asked in time.")
    lines = [Markup(f"📟 Page {bold(title)}?"), inert(asked.reason, REASON_LIMIT), who]
    if asked.unreached:
        lines.append(Markup(f"⚠️ {title} {inert(asked.unreached)}: they are mentioned in Slack, not paged."))
    if asked.own:
        lines.append(Markup("That is you: nobody else would be paged."))
    where = inert(f"#{asked.channel}")
    again = duration(asked.again)
    carried = Pressed(action=PAGE, id=asked.call, tier=asked.tier.key, reason=asked.reason, asked=asked.asked)
    return message(
        Markup(f"Page {title}? {inert(asked.reason, REASON_LIMIT)}"),
        [
            section(Markup("\n".join(lines))),
            asked_buttons(carried, asked.tier.title),
            context(
                Markup(f"Everybody in {where} reads it. Repeated every {again} until somebody acknowledges.")
            ),
        ],
    )


def paged(text: str) -> Message:
    """What the question turns into once somebody is paged."""
    shown = said(text)
    return message(shown, [section(shown)])


def not_paged(tier: str, reason: str) -> Message:
    """What it turns into where nobody is to be paged; the line is there to be taken again."""
    line = f"/page {tier} {reason}".replace("`", "'")
    shown = said(f"Nobody was paged. The line was: `{line}`")
    return message(shown, [section(shown)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is filled in. `call` is the id that the call will have, `asked` when the form was opened.

    `channel` is where it was asked for (Slack's id), `channel_name` what Slack gave as its name.
    """

    call: str
    asked: datetime
    tier: str | None = None
    reason: str = ""
    channel: str | None = None
    channel_name: str | None = None


def page_form(form: Form, guide: Guide) -> View:
    """The form, with what is known filled in. Sending it pages."""
    tiers = [Option(value=key, text=tier.title, description=key) for key, tier in guide.tiers.items()]
    channel = guide.channels[guide.defaults.ops].name
    kept = {
        "call": form.call,
        "asked": int(form.asked.timestamp()),
        "channel": form.channel,
        "name": form.channel_name,
    }
    return modal(
        CALLBACK,
        "Page somebody",
        [
            select(TIER, "Whom?", tiers, initial=form.tier, placeholder="Who is to come"),
            text_input(
                REASON,
                "Why?",
                initial=form.reason,
                placeholder="The payment provider is on the phone and wants a decision",
                hint=f"It rings with this text, and everybody in #{channel} reads it.",
                longest=REASON_LIMIT,
                lines=True,
            ),
        ],
        submit="Page",
        close="Cancel",
        metadata=json.dumps(kept),
    )


def paged_view(text: str) -> View:
    """What the form turns into."""
    return modal(CALLBACK, "Paged", [section(said(text))], submit=None, close="Close")


def too_late_view(text: str) -> View:
    """The same where the form was opened so long ago that nobody is paged by it."""
    return modal(CALLBACK, "Nobody was paged", [section(said(text))], submit=None, close="Close")


def read_form(view: Mapping[str, Any]) -> Form:
    """What was sent. Raises InvalidError for what is no form of ours."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    kept = _kept(str(view.get("private_metadata") or ""))
    asked = kept.get("asked")
    if not isinstance(values, Mapping) or not kept.get("call") or not isinstance(asked, int):
        raise InvalidError("That form cannot be read. `/page team-lead why` pages in one line.")
    return Form(
        call=str(kept["call"]),
        asked=datetime.fromtimestamp(asked, UTC),
        tier=value_of(values, TIER),
        reason=value_of(values, REASON) or "",
        channel=kept.get("channel"),
        channel_name=kept.get("name"),
    )


def _kept(metadata: str) -> Mapping[str, Any]:
    try:
        kept = json.loads(metadata or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}
