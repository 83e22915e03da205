"""Before a line starts a change against the gate: the question whether to, and what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.changes.change import Change
from bot.domain.changes.gate import GateAnswer, Verdict
from bot.domain.errors import InvalidError
from bot.domain.text import duration
from bot.views.blocks import BUTTON_VALUE, Message, actions, button, context, message, section
from bot.views.changes.buttons import BLOCK_ID
from bot.views.changes.gate import heaviest_first, reason_line
from bot.views.markup import Markup, bold, inert, joined, said

FORCE = "change.force"
LEAVE = "change.leave"

ASKED_LASTS = timedelta(minutes=15)
"""How long the question can be answered with yes: its reason may be over later."""

REASON_MOST = 1800
"""What a button carries beside the rest of its value."""

_ACTIONS = {"force": FORCE, "leave": LEAVE}
_VALUE = re.compile(
    r"(force|leave)\|([^|]{1,64})\|([0-9]{1,9})\|([0-9]{1,6})\|([0-9]{1,11})\|(.+)", re.DOTALL
)
_REASONS = 1500
_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced:
    """A change (its id, its number, and which plan) that is to be started against the gate, and why.

    `asked` is when the question was put. `action` is whether it is meant.
    """

    action: str
    change: str
    number: int
    revision: int
    asked: datetime
    reason: str

    @property
    def line(self) -> str:
        """The line that was typed, to be taken again."""
        return f"/change start CH{self.number} override: {self.reason}".replace("`", "'")


def encode(forced: Forced) -> str:
    """A button's value."""
    verb = next(verb for verb, action in _ACTIONS.items() if action == forced.action)
    asked = int(forced.asked.timestamp())
    return f"{verb}|{forced.change}|{forced.number}|{forced.revision}|{asked}|{forced.reason}"


def decode(value: str) -> Forced | None:
    """The inverse; None for the value of another button. Raises InvalidError for one that cannot be read."""
    if value.partition("|")[0] not in _ACTIONS:
        return None
    match = _VALUE.fullmatch(value)
    if match is None or len(value) > BUTTON_VALUE:
        raise InvalidError("That button cannot be read. `/change start CH12 override: why` asks again.")
    verb, change, number, revision, asked, reason = match.groups()
    return Forced(
        action=_ACTIONS[verb],
        change=change,
        number=int(number),
        revision=int(revision),
        asked=datetime.fromtimestamp(int(asked), UTC),
        reason=reason,
    )


def override_question(change: Change, reason: str, gate: GateAnswer, now: datetime) -> Message:
    """Start it against the gate, or not? Both buttons carry the whole line: nothing is lost."""
    asked = Markup(f"Start {inert(change.label)} {inert(change.title)} against the gate?")
    against = [reason_line(one, _REASON) for one in heaviest_first(gate.reasons)]
    if gate.verdict is Verdict.ALLOW:
        against = [Markup("🟢 Now the gate lets it start: nothing is overridden.")]
    yes, no = (
        encode(
            Forced(
                action=action,
                change=change.id,
                number=change.number,
                revision=change.revision,
                asked=now,
                reason=reason,
            )
        )
        for action in (FORCE, LEAVE)
    )
    return message(
        Markup(f"{asked} {inert(reason, _REASON)}"),
        [
            section(Markup(f"⚠️ {bold(asked)}\n{inert(reason, REASON_MOST)}")),
            section(joined(against, "\n", _REASONS) or Markup("The gate is asked by the press.")),
            actions(
                f"{BLOCK_ID}.forced",
                button("Start it now", FORCE, yes, style="danger", spoken=f"Start {change.label} now"),
                button("Leave it", LEAVE, no),
            ),
            context(
                Markup(
                    "Production is changed from then on. Everybody in the channel is told, with your name "
                    "and your reason, and it stays in the log."
                )
            ),
        ],
    )


def became(text: str) -> Message:
    """What the question turns into."""
    shown = said(text)
    return message(shown, [section(shown)])


def left(forced: Forced) -> Message:
    """The same where it is left; the line is there to be taken again."""
    return became(f"Left as it is. The line was: `{forced.line}`")


def too_late(forced: Forced) -> Message:
    """The same where the answer comes so late that it starts nothing."""
    return became(
        f"That was asked more than {duration(ASKED_LASTS)} ago: nothing is started by it any more. "
        f"The line was: `{forced.line}`"
    )
