"""The buttons of a call: before it is made, and on its card; and what their values mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain.call import Call
from bot.domain.errors import InvalidError
from bot.views.blocks import Block, actions, button, confirm

ACKNOWLEDGE = "call.acknowledge"
CALL_OFF = "call.call_off"
PAGE = "call.page"
CANCEL = "call.cancel"

BLOCK_ID = "call.actions"
ASKED_BLOCK_ID = "call.asked"

_ON_CARD = frozenset({ACKNOWLEDGE, CALL_OFF})
_ASKED = frozenset({PAGE, CANCEL})
_LONGEST = 2000
_INSTANT = re.compile(r"[0-9]{1,11}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a button asks for.

    `id` is the call's, also of one that is not made yet; of that one `tier` is the guide's key of who is to
    be paged, `reason` why, and `asked` when the question was put.
    """

    action: str
    id: str
    tier: str = ""
    reason: str = ""
    asked: datetime | None = None


def encode(pressed: Pressed) -> str:
    """A button's value."""
    asked = f"{int(pressed.asked.timestamp())}" if pressed.asked else ""
    return f"{pressed.action}|{pressed.id}|{asked}|{pressed.tier}|{pressed.reason}"


def decode(value: str) -> Pressed:
    """The inverse of `encode`. Raises InvalidError for a value that no message of ours carries."""
    action, _, rest = value.partition("|")
    call, _, rest = rest.partition("|")
    asked, _, rest = rest.partition("|")
    tier, _, reason = rest.partition("|")
    whole = (
        bool(_INSTANT.fullmatch(asked) and tier and reason)
        if action in _ASKED
        else not (asked or tier or reason)
    )
    if action not in _ON_CARD | _ASKED or not call or not whole or len(value) > _LONGEST:
        raise InvalidError("That button cannot be read. `/page team-lead why` asks again.")
    at = datetime.fromtimestamp(int(asked), UTC) if asked else None
    return Pressed(action=action, id=call, tier=tier, reason=reason, asked=at)


def card_buttons(call: Call) -> Block:
    """What can be done with one that waits."""
    return actions(
        BLOCK_ID,
        button("Acknowledge", ACKNOWLEDGE, encode(Pressed(action=ACKNOWLEDGE, id=call.id)), style="primary"),
        button(
            "Call off",
            CALL_OFF,
            encode(Pressed(action=CALL_OFF, id=call.id)),
            confirm=confirm(
                f"Call off {call.label}?",
                f"{call.tier_title} is paged no more. Whoever is on the way is not told by PagerDuty.",
                yes="Call off",
                no="Keep paging",
            ),
        ),
    )


def asked_buttons(asked: Pressed, title: str) -> Block:
    """Page, or not: both carry the whole line, so that nothing is lost."""
    return actions(
        ASKED_BLOCK_ID,
        button(f"Page {title}", PAGE, encode(replace(asked, action=PAGE)), style="primary"),
        button("Cancel", CANCEL, encode(replace(asked, action=CANCEL))),
    )
